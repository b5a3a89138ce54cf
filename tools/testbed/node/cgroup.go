package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const cgroupPrefix = "mlterra-k8s-"

// makeCgroup makes a control group in every hierarchy, named after this process, and returns the name,
// also when some could not be made.
func makeCgroup() (string, error) {
	name := cgroupPrefix + strconv.Itoa(os.Getpid())
	for _, hierarchy := range hierarchies() {
		if err := os.Mkdir(filepath.Join(hierarchy, name), 0o755); err != nil && !os.IsExist(err) {
			return name, fmt.Errorf("a control group for the cluster: %w", err)
		}
	}
	return name, nil
}

// removeCgroup removes a control group of which no process is left.
func removeCgroup(name string) {
	for _, hierarchy := range hierarchies() {
		var folders []string
		_ = filepath.WalkDir(filepath.Join(hierarchy, name), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				folders = append(folders, path)
			}
			return nil
		})
		for i := len(folders) - 1; i >= 0; i-- {
			// The kernel lets go of a group some moments after its last process.
			for attempt := 0; attempt < 50; attempt++ {
				if err := os.Remove(folders[i]); err == nil || os.IsNotExist(err) {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
		}
	}
}

// removeStaleCgroups removes those of runs that were killed.
func removeStaleCgroups() {
	for _, hierarchy := range hierarchies() {
		entries, _ := os.ReadDir(hierarchy)
		for _, entry := range entries {
			pid, ok := strings.CutPrefix(entry.Name(), cgroupPrefix)
			if !ok {
				continue
			}
			if _, err := os.Stat("/proc/" + pid); os.IsNotExist(err) {
				removeCgroup(entry.Name())
			}
		}
	}
}

// hierarchies are the folders in which control groups are made: one of version 2, or one per controller of version 1.
func hierarchies() []string {
	const root = "/sys/fs/cgroup"
	if _, err := os.Stat(filepath.Join(root, "cgroup.controllers")); err == nil {
		return []string{root}
	}
	entries, _ := os.ReadDir(root)
	var folders []string
	for _, entry := range entries {
		folder := filepath.Join(root, entry.Name())
		if _, err := os.Stat(filepath.Join(folder, "cgroup.procs")); err == nil && entry.IsDir() {
			folders = append(folders, folder)
		}
	}
	return folders
}
