// Holds the namespaces of a pod, as its first process; under two other names it makes and removes the folder of a
// local persistent volume, which is named by VOL_DIR.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	var err error
	switch filepath.Base(os.Args[0]) {
	case "make-volume":
		err = makeVolume(os.Getenv("VOL_DIR"))
	case "remove-volume":
		err = os.RemoveAll(os.Getenv("VOL_DIR"))
	default:
		pause()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// makeVolume opens the folder to every user: a volume of this kind gets no group of its own from the kubelet.
func makeVolume(folder string) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	return os.Chmod(folder, 0o777)
}

// pause reaps the orphans of its pod until it is told to end.
func pause() {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		for {
			pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			if err != nil || pid <= 0 {
				break
			}
		}
	}
}
