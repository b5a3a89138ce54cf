package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	startLimit        = 5 * time.Minute
	systemDeployments = 2
)

// run is the cluster, from its certificates to the removal of its folder.
func run(settings Settings) error {
	// When the keeper is killed, this process ends in order all the same.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGTERM), 0, 0, 0); err != nil {
		return err
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGINT)

	removeStaleCgroups()
	defer os.RemoveAll(settings.Folder)
	if err := useImages(settings.Images); err != nil {
		return err
	}
	cgroup, err := makeCgroup()
	defer removeCgroup(cgroup)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := fmt.Sprintf("https://%s", listener.Addr())
	if err := prepare(settings, cgroup, server); err != nil {
		return err
	}

	node, err := startInNamespaces("inside", settings,
		syscall.CLONE_NEWPID|syscall.CLONE_NEWNS|syscall.CLONE_NEWNET|syscall.CLONE_NEWUTS)
	if err != nil {
		return fmt.Errorf("namespaces for the cluster (this needs root): %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- node.Wait() }()
	failed := make(chan error, 1)
	go func() {
		if err := serve(settings, node.Process.Pid, listener, server); err != nil {
			failed <- err
		}
	}()
	select {
	case <-told:
		err = nil
	case err = <-failed:
	case err = <-ended:
		return fmt.Errorf("the cluster ended: %w", err)
	}
	_ = node.Process.Kill()
	<-ended
	return err
}

func prepare(settings Settings, cgroup, server string) error {
	if err := prepareFolder(settings); err != nil {
		return err
	}
	if err := linkImages(settings.Images, settings.Folder+"/containerd/root"); err != nil {
		return err
	}
	return prepareCluster(settings, cgroup, server)
}

// serve makes the API reachable, installs the system's pods, says that the cluster is ready and then makes node
// ports reachable, without end.
func serve(settings Settings, pid int, listener net.Listener, server string) error {
	g, err := newGateway(pid)
	if err != nil {
		return err
	}
	go g.serve(listener, "127.0.0.1:6443")
	a, err := newAPI(settings.Folder, server)
	if err != nil {
		return err
	}
	deadline := time.Now().Add(startLimit)
	for !a.hasNamespace("kube-system") {
		if time.Now().After(deadline) {
			return fmt.Errorf("the API did not answer within %s", startLimit)
		}
		time.Sleep(50 * time.Millisecond)
	}
	output, err := exec.Command(settings.program("kubectl"), "--kubeconfig", settings.Folder+"/kubeconfig", "create",
		"--validate=false", "--filename", settings.Folder+"/etc/system").CombinedOutput()
	if err != nil {
		return fmt.Errorf("the pods of the system: %w: %s", err, output)
	}
	for !a.isUp(systemDeployments) {
		if time.Now().After(deadline) {
			return fmt.Errorf("the pods of the system were not ready within %s", startLimit)
		}
		time.Sleep(100 * time.Millisecond)
	}
	fmt.Println("ready")
	a.watchNodePorts(g.setNodePorts)
	return nil
}
