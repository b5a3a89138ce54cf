package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// inside runs the programs of the cluster, in its namespaces, until one of them ends.
func inside(settings Settings) error {
	if err := unix.Sethostname([]byte(nodeName)); err != nil {
		return err
	}
	if err := prepareNetwork(); err != nil {
		return err
	}
	d := newDaemons(settings.Folder)
	for _, step := range []func(*daemons, Settings) error{
		startEtcd, startContainerd, startAPIServer, startNode, startControllers,
	} {
		if err := step(d, settings); err != nil {
			return err
		}
	}
	return <-d.ended
}

// prepareNetwork gives the node an address. There is no way out of its network: what is not in the cluster is
// unreachable at once, rather than after a time-out.
func prepareNetwork() error {
	for _, command := range [][]string{
		{"ip", "link", "set", "lo", "up"},
		{"ip", "link", "add", "node0", "type", "bridge"},
		{"ip", "address", "add", nodeAddress + "/32", "dev", "node0"},
		{"ip", "link", "set", "node0", "up"},
		// Addresses of services are translated after the route is chosen.
		{"ip", "route", "add", "10.96.0.0/16", "dev", "node0", "src", nodeAddress},
		{"ip", "route", "add", "unreachable", "default"},
	} {
		if output, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w: %s", command, err, output)
		}
	}
	return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644)
}

func startEtcd(d *daemons, settings Settings) error {
	return d.start("etcd", settings.program("etcd"),
		"--data-dir", settings.Folder+"/etcd",
		"--listen-client-urls", "http://127.0.0.1:2379",
		"--advertise-client-urls", "http://127.0.0.1:2379",
		"--listen-peer-urls", "http://127.0.0.1:2380",
		// Its data ends with the cluster: nothing is gained by waiting for the disk.
		"--unsafe-no-fsync",
		"--log-level", "warn")
}

func startAPIServer(d *daemons, settings Settings) error {
	err := d.until("etcd", time.Minute, func() bool { return accepts("tcp", "127.0.0.1:2379") })
	if err != nil {
		return err
	}
	pki := settings.Folder + "/pki"
	err = d.start("kube-apiserver", settings.program("kube-apiserver"),
		"--etcd-servers", "http://127.0.0.1:2379",
		"--secure-port", "6443",
		"--advertise-address", nodeAddress,
		"--service-cluster-ip-range", "10.96.0.0/16",
		"--service-node-port-range", "30000-32767",
		"--allow-privileged=true",
		"--anonymous-auth=true",
		"--authorization-mode", "Node,RBAC",
		"--enable-admission-plugins", "NodeRestriction",
		"--client-ca-file", pki+"/ca.crt",
		"--tls-cert-file", pki+"/kube-apiserver.crt",
		"--tls-private-key-file", pki+"/kube-apiserver.key",
		"--kubelet-certificate-authority", pki+"/ca.crt",
		"--kubelet-client-certificate", pki+"/kube-apiserver-kubelet-client.crt",
		"--kubelet-client-key", pki+"/kube-apiserver-kubelet-client.key",
		"--kubelet-preferred-address-types", "InternalIP",
		"--requestheader-client-ca-file", pki+"/front-proxy-ca.crt",
		"--requestheader-allowed-names", "front-proxy-client",
		"--requestheader-username-headers", "X-Remote-User",
		"--requestheader-group-headers", "X-Remote-Group",
		"--requestheader-extra-headers-prefix", "X-Remote-Extra-",
		"--proxy-client-cert-file", pki+"/front-proxy-client.crt",
		"--proxy-client-key-file", pki+"/front-proxy-client.key",
		"--service-account-issuer", "https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file", pki+"/accounts.pub",
		"--service-account-signing-key-file", pki+"/accounts.key")
	if err != nil {
		return err
	}
	return d.until("kube-apiserver", 2*time.Minute, func() bool { return isReady(insideServer + "/readyz") })
}

func startControllers(d *daemons, settings Settings) error {
	pki := settings.Folder + "/pki"
	managerConfig := settings.Folder + "/etc/kube-controller-manager.conf"
	err := d.start("kube-controller-manager", settings.program("kube-controller-manager"),
		"--kubeconfig", managerConfig,
		"--authentication-kubeconfig", managerConfig,
		"--authorization-kubeconfig", managerConfig,
		"--bind-address", "127.0.0.1",
		"--leader-elect=false",
		"--use-service-account-credentials=true",
		"--root-ca-file", pki+"/ca.crt",
		"--requestheader-client-ca-file", pki+"/front-proxy-ca.crt",
		"--cluster-signing-cert-file", pki+"/ca.crt",
		"--cluster-signing-key-file", pki+"/ca.key",
		"--service-account-private-key-file", pki+"/accounts.key")
	if err != nil {
		return err
	}
	schedulerConfig := settings.Folder + "/etc/kube-scheduler.conf"
	return d.start("kube-scheduler", settings.program("kube-scheduler"),
		"--kubeconfig", schedulerConfig,
		"--authentication-kubeconfig", schedulerConfig,
		"--authorization-kubeconfig", schedulerConfig,
		"--bind-address", "127.0.0.1",
		"--leader-elect=false")
}

func startNode(d *daemons, settings Settings) error {
	err := d.start("kubelet", settings.program("kubelet"),
		"--config", settings.Folder+"/etc/kubelet.yaml",
		"--kubeconfig", settings.Folder+"/etc/kubelet.conf",
		"--hostname-override", nodeName,
		"--node-ip", nodeAddress)
	if err != nil {
		return err
	}
	return d.start("kube-proxy", settings.program("kube-proxy"), "--config", settings.Folder+"/etc/kube-proxy.yaml")
}

func (s Settings) program(name string) string {
	return filepath.Join(s.Folder, "bin", name)
}

func accepts(network, address string) bool {
	connection, err := net.DialTimeout(network, address, time.Second)
	if err != nil {
		return false
	}
	connection.Close()
	return true
}

// isReady asks the API server of this network namespace, which says so to anyone.
func isReady(url string) bool {
	client := http.Client{
		Timeout:   2 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
	}
	response, err := client.Get(url)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}
