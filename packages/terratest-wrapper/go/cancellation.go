package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// cancellation ends a call in order. As a context it only says so: it has no channel, because os/exec would kill
// the program it runs, and a killed Terraform leaves its lock and forgets what it made. Terraform gets the signal
// of Ctrl-C instead, with everything it started, and the call ends when it has.
type cancellation struct {
	once      sync.Once
	requested chan struct{}
	finish    bool
}

func newCancellation(asked request) *cancellation {
	c := &cancellation{requested: make(chan struct{}), finish: asked.Finish}
	// Caught and not ignored: what is ignored here would be ignored by the programs as well.
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for caught := range signals {
			if caught != syscall.SIGINT {
				c.cancel()
			}
		}
	}()
	return c
}

func (c *cancellation) cancel() {
	if c.finish {
		return
	}
	c.once.Do(func() {
		close(c.requested)
		// To the whole group; a second signal would make Terraform drop everything, so there is none. A group that
		// is not led by this process has others in it.
		if syscall.Getpgrp() == os.Getpid() {
			_ = syscall.Kill(0, syscall.SIGINT)
		}
	})
}

func (c *cancellation) isRequested() bool {
	select {
	case <-c.requested:
		return true
	default:
		return false
	}
}

func (c *cancellation) Deadline() (time.Time, bool) { return time.Time{}, false }
func (c *cancellation) Done() <-chan struct{}       { return nil }
func (c *cancellation) Value(any) any               { return nil }
func (c *cancellation) Err() error {
	if c.isRequested() {
		return context.Canceled
	}
	return nil
}

// withChannel is for calls that run no program: they stop at once.
func (c *cancellation) withChannel() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		select {
		case <-c.requested:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
