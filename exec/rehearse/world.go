package rehearse

import (
	"context"
	"fmt"
	"io"
	"path"
	"sync"
	"time"

	"gatewalk/exec/rehearse/files"
)

// world is all that a rehearsed command can see or change.
type world struct {
	site   *Site
	clock  *clock
	disk   *files.System
	faults []string
}

// worldState is a world taken down.
type worldState struct {
	Now    time.Time              `json:"now"`
	Faults []string               `json:"faults,omitempty"`
	Files  map[string]files.Entry `json:"files"`
}

// openWorld sets a world up as it was left, or makes a new one.
func openWorld(site *Site, options Options, left *contextState) (*world, error) {
	w := &world{site: site, clock: &clock{now: options.Start}, faults: options.Faults}
	w.disk = files.New(w.clock.time)
	if left != nil {
		w.clock.now = left.World.Now
		w.disk.Restore(left.World.Files)
		if len(w.faults) == 0 {
			w.faults = left.World.Faults
		}
	}
	if err := site.checkFaults(w.faults); err != nil {
		return nil, err
	}
	if left != nil {
		return w, nil
	}
	return w, w.begin(options.Host)
}

func (w *world) begin(host string) error {
	for name, content := range w.site.state {
		if err := w.disk.MkdirAll(path.Dir(name)); err != nil {
			return err
		}
		if err := w.disk.WriteFile(name, content, 0o644); err != nil {
			return err
		}
	}
	if _, known := w.site.command("_begin", true); !known {
		return nil
	}
	own := &process{world: w, host: host, own: true, refuse: func(error) {}}
	if err := own.function(context.Background(), "_begin", nil, streams{stdout: io.Discard, stderr: io.Discard}, freshVariables(host, "root"), "/root"); err != nil {
		return fmt.Errorf("the site's _begin: %w", err)
	}
	return nil
}

func (w *world) state() worldState {
	return worldState{Now: w.clock.time(), Faults: w.faults, Files: w.disk.Snapshot()}
}

// files are those of one host, made when it is first looked at.
func (w *world) files(host string) files.View {
	view := files.View{System: w.disk, Root: path.Join("/hosts", host), Shared: []string{"/site", "/dev"}}
	if _, err := view.Stat("/"); err != nil {
		for _, dir := range []string{"/root", "/home", "/etc", "/tmp", "/var"} {
			_ = view.MkdirAll(dir)
		}
		_ = view.WriteFile("/etc/hostname", []byte(host+"\n"), 0o644)
	}
	return view
}

// clock is the virtual time. Nothing waits for it: it is told to pass.
type clock struct {
	mutex sync.Mutex
	now   time.Time
}

func (c *clock) time() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(d)
}
