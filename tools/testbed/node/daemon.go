package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const keptLines = 15

// daemons are the programs that run until the end; it is an error of the whole when one of them ends.
type daemons struct {
	folder    string
	processes map[string]*os.Process
	ended     chan error
}

func newDaemons(folder string) *daemons {
	return &daemons{folder: folder, processes: map[string]*os.Process{}, ended: make(chan error, 16)}
}

func (d *daemons) start(name, path string, args ...string) error {
	log, err := os.Create(filepath.Join(d.folder, "log", name+".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(path, args...)
	cmd.Stdout = log
	cmd.Stderr = log
	cmd.Dir = "/"
	// The certificates and folders of this cluster, never those of the user who starts it.
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + d.folder}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	d.processes[name] = cmd.Process
	go func() {
		err := cmd.Wait()
		d.ended <- fmt.Errorf("%s ended (%v). It printed last:\n%s", name, err, tail(log.Name()))
	}()
	return nil
}

// stop ends one program in order, the last that runs.
func (d *daemons) stop(name string) error {
	if err := d.processes[name].Signal(os.Interrupt); err != nil {
		return err
	}
	<-d.ended
	return nil
}

// until waits for a condition, or for the end of one of the programs.
func (d *daemons) until(what string, limit time.Duration, condition func() bool) error {
	deadline := time.Now().Add(limit)
	for !condition() {
		select {
		case err := <-d.ended:
			return err
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: not within %s", what, limit)
		}
	}
	return nil
}

func tail(path string) string {
	text, _ := os.ReadFile(path)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-keptLines):], "\n")
}
