package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	metadata = "io.containerd.metadata.v1.bolt/meta.db"
	layers   = "io.containerd.snapshotter.v1.overlayfs"
	blobs    = "io.containerd.content.v1.content/blobs/sha256"
)

// fillImages unpacks archives into the folder `images`, and removes others of the same name, up to the last `-`, that
// no cluster uses.
func fillImages(settings Settings) error {
	if err := prepareFolder(settings); err != nil {
		return err
	}
	cmd, err := startInNamespaces("inside-images", settings, syscall.CLONE_NEWPID|syscall.CLONE_NEWNS)
	if err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("the images were not unpacked: %w", err)
	}
	root := filepath.Join(settings.Folder, "containerd", "root")
	err = os.Rename(root, settings.Images)
	if os.IsExist(err) {
		return nil // Another process was faster, with the same images.
	}
	removeUnused(settings.Images)
	return err
}

// useImages keeps a folder of images from being removed while this process runs.
func useImages(folder string) error {
	handle, err := unix.Open(folder, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("%s: %w", folder, err)
	}
	return unix.Flock(handle, unix.LOCK_SH)
}

func removeUnused(images string) {
	label := images[:strings.LastIndex(images, "-")+1]
	others, _ := filepath.Glob(label + "*")
	for _, other := range others {
		if other == images {
			continue
		}
		handle, err := unix.Open(other, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			continue
		}
		if unix.Flock(handle, unix.LOCK_EX|unix.LOCK_NB) == nil {
			_ = os.RemoveAll(other)
		}
		unix.Close(handle)
	}
}

func insideImages(settings Settings) error {
	d := newDaemons(settings.Folder)
	if err := startContainerd(d, settings); err != nil {
		return err
	}
	for _, archive := range settings.Archives {
		if err := settings.ctr("import", "--snapshotter", "overlayfs", archive); err != nil {
			return err
		}
	}
	for _, name := range settings.Pulled {
		source := settings.Registry + "/" + name
		if err := settings.ctr("pull", "--plain-http", "--snapshotter", "overlayfs", source); err != nil {
			return err
		}
		if err := settings.ctr("tag", source, name); err != nil {
			return err
		}
		if err := settings.ctr("remove", "--sync", source); err != nil {
			return err
		}
	}
	// Its database is complete on the disk when it has ended in order.
	return d.stop("containerd")
}

func (s Settings) ctr(args ...string) error {
	all := append([]string{"--address", s.Folder + "/containerd.sock", "--namespace", "k8s.io", "images"}, args...)
	if output, err := exec.Command("ctr", all...).CombinedOutput(); err != nil {
		return fmt.Errorf("ctr images %s: %s", strings.Join(args, " "), output)
	}
	return nil
}

// linkImages makes containerd's root of a run: databases of its own, and links to the layers and blobs that are
// shared by all runs. When containerd removes an image, it removes a link.
func linkImages(images, root string) error {
	for _, file := range []string{metadata, layers + "/metadata.db"} {
		if err := copyFile(filepath.Join(images, file), filepath.Join(root, file)); err != nil {
			return err
		}
	}
	for _, folder := range []string{layers + "/snapshots", blobs} {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o700); err != nil {
			return err
		}
		entries, err := os.ReadDir(filepath.Join(images, folder))
		if err != nil {
			return err
		}
		for _, entry := range entries {
			name := filepath.Join(folder, entry.Name())
			if err := os.Symlink(filepath.Join(images, name), filepath.Join(root, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}

func startContainerd(d *daemons, settings Settings) error {
	socket := settings.Folder + "/containerd.sock"
	if err := d.start("containerd", "/usr/bin/containerd", "--config", settings.Folder+"/etc/containerd.toml"); err != nil {
		return err
	}
	return d.until("containerd", time.Minute, func() bool { return accepts("unix", socket) })
}
