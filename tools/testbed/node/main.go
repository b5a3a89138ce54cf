// A Kubernetes cluster of one node in namespaces of its own: processes, mounts, network. Whatever way it ends, the
// kernel removes them; what is left (control groups, a folder) is removed here.
//
//	node run <settings>      the cluster, until SIGTERM or the end of the parent; prints "ready" on a line
//	node images <settings>   fills a folder with images, as containerd keeps them
//
// Settings are JSON: see the struct of that name.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
)

// Settings of a cluster; the paths are absolute.
type Settings struct {
	// Folder of this run; removed at its end.
	Folder string `json:"folder"`
	// Images is a folder that `node images` has filled. It is read, and stays as it is.
	Images string `json:"images"`
	// Programs is the binary with the programs of Kubernetes.
	Programs string `json:"programs"`
	// Runc is the program that starts containers.
	Runc string `json:"runc"`
	// CNIPlugins is the folder with the programs `bridge`, `host-local` and `portmap`.
	CNIPlugins string `json:"cniPlugins"`
	// Archives are the images to fill a folder with: tar files of `docker save` or OCI layouts.
	Archives []string `json:"archives"`
	// Registry is the address of one without TLS that has Pulled, under their full names.
	Registry string   `json:"registry"`
	Pulled   []string `json:"pulled"`

	PauseImage       string `json:"pauseImage"`
	CoreDNSImage     string `json:"coreDnsImage"`
	ProvisionerImage string `json:"provisionerImage"`
}

func init() {
	// The signal that a child gets when its parent ends is sent when the thread ends that started it.
	runtime.LockOSThread()
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: node run|images <settings>"))
	}
	var settings Settings
	if err := json.Unmarshal([]byte(os.Args[2]), &settings); err != nil {
		fail(fmt.Errorf("settings: %w", err))
	}
	commands := map[string]func(Settings) error{
		"run":    run,
		"images": fillImages,
		// Not for callers: the first process of the namespaces, and what it starts.
		"init":          initialProcess,
		"inside":        inside,
		"inside-images": insideImages,
	}
	command, ok := commands[os.Args[1]]
	if !ok {
		fail(fmt.Errorf("there is no command %q", os.Args[1]))
	}
	fail(command(settings))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
