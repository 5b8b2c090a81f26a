package rehearse

import (
	"io/fs"
	"time"
)

// programInfo describes a program that is there without being a file.
type programInfo string

func (i programInfo) Name() string     { return string(i) }
func (programInfo) Size() int64        { return 1 }
func (programInfo) Mode() fs.FileMode  { return 0o755 }
func (programInfo) ModTime() time.Time { return time.Time{} }
func (programInfo) IsDir() bool        { return false }
func (programInfo) Sys() any           { return nil }
