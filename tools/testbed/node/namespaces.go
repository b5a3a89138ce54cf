package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// startInNamespaces starts a command of this program in new namespaces, which end with this process.
func startInNamespaces(command string, settings Settings, namespaces uintptr) (*exec.Cmd, error) {
	text, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("/proc/self/exe", "init", string(text))
	cmd.Args[0] = "node"
	cmd.Env = append(os.Environ(), "MLTERRA_NODE_COMMAND="+command)
	cmd.Stdout = os.Stdout
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: namespaces,
		Pdeathsig:  syscall.SIGKILL,
		Setsid:     true,
	}
	return cmd, cmd.Start()
}

// initialProcess starts one command, reaps every orphan and ends with that command; the kernel then ends the rest.
func initialProcess(settings Settings) error {
	if err := preparePrivateMounts(settings.Folder); err != nil {
		return err
	}
	text, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	process, err := os.StartProcess("/proc/self/exe", []string{"node", os.Getenv("MLTERRA_NODE_COMMAND"), string(text)}, &os.ProcAttr{
		Env:   os.Environ(),
		Files: []*os.File{nil, os.Stdout, os.Stderr},
	})
	if err != nil {
		return err
	}
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return fmt.Errorf("waiting for a process: %w", err)
		}
		if pid == process.Pid {
			os.Exit(status.ExitStatus())
		}
	}
}

// preparePrivateMounts hides from the machine what the programs write to well-known places.
func preparePrivateMounts(folder string) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("/proc: %w", err)
	}
	if err := unix.Mount("tmpfs", "/run", "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("/run: %w", err)
	}
	for _, path := range []string{"/var/lib", "/var/log"} {
		layers := filepath.Join(folder, "private", strings.ReplaceAll(path[1:], "/", "-"))
		for _, name := range []string{"upper", "work"} {
			if err := os.MkdirAll(filepath.Join(layers, name), 0o755); err != nil {
				return err
			}
		}
		options := fmt.Sprintf("lowerdir=%s,upperdir=%s/upper,workdir=%s/work", path, layers, layers)
		if err := unix.Mount("overlay", path, "overlay", 0, options); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	// Volumes of pods are to be seen by pods that mount them later.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, ""); err != nil {
		return fmt.Errorf("shared mounts: %w", err)
	}
	return nil
}
