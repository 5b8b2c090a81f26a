package keeper

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// Serve is a keeper's whole life, in a process of its own: it takes the session's lock and its socket, waits for the first screen's
// order, and holds the session until nothing would be lost by ending, or SIGTERM comes. What goes wrong is in its log.
func Serve(ctx context.Context, dir string, options Options) error {
	if err := standAlone(dir); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), unix.SIGTERM)
	defer stop()
	s, err := Listen(ctx, dir, options)
	if err == nil {
		err = s.Run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, time.Now().UTC().Format(time.RFC3339), "gatewalk:", err)
	}
	return err
}

// standAlone makes the log this process's standard error, for its words and for a panic's. A hang-up of some terminal is none of its
// business; it is caught and not ignored, for what is ignored stays so in the commands.
func standAlone(dir string) error {
	signal.Notify(make(chan os.Signal, 1), unix.SIGHUP, unix.SIGINT, unix.SIGQUIT)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	// Not to block: should a FIFO have the log's name, opening it must not wait for its other end.
	log, err := root.OpenFile(logName, os.O_WRONLY|os.O_APPEND|os.O_CREATE|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0o600)
	if err != nil {
		return fmt.Errorf("%s/%s: cannot be written: %w", dir, logName, err)
	}
	defer log.Close()
	return unix.Dup3(int(log.Fd()), int(os.Stderr.Fd()), 0)
}
