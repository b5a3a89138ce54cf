package main

import (
	"bytes"
	"embed"
	"encoding/base64"
	"os"
	"path/filepath"
	"text/template"
)

const (
	clusterName = "mlterra-testbed"
	nodeName    = "testbed"
	nodeAddress = "172.30.0.1"
	// The first address of the services' range.
	apiServiceAddress = "10.96.0.1"
	insideServer      = "https://127.0.0.1:6443"
)

//go:embed files
var files embed.FS

var programs = []string{
	"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet", "kubectl",
}

// values of the templates.
type values struct {
	Settings
	NodeName, NodeAddress, Cgroup, Volumes, StorageClass string
}

// prepareFolder makes the folders, links of programs and files that containerd needs.
func prepareFolder(settings Settings) error {
	for _, name := range []string{"bin", "cni", "containerd/root", "etc/cni", "etc/system", "log", "pki", "volumes"} {
		if err := os.MkdirAll(filepath.Join(settings.Folder, name), 0o755); err != nil {
			return err
		}
	}
	return render(values{Settings: settings}, map[string]string{
		"containerd.toml":    "etc/containerd.toml",
		"10-bridge.conflist": "etc/cni/10-bridge.conflist",
	})
}

// prepareCluster writes what the programs of the cluster read, and makes its certificates.
func prepareCluster(settings Settings, cgroup, server string) error {
	for _, name := range programs {
		if err := os.Symlink(settings.Programs, filepath.Join(settings.Folder, "bin", name)); err != nil {
			return err
		}
	}
	if err := makeCertificates(filepath.Join(settings.Folder, "pki")); err != nil {
		return err
	}
	for user, path := range map[string]string{
		"kube-controller-manager": "etc/kube-controller-manager.conf",
		"kube-proxy":              "etc/kube-proxy.conf",
		"kube-scheduler":          "etc/kube-scheduler.conf",
		"kubelet":                 "etc/kubelet.conf",
	} {
		if err := writeKubeconfig(settings.Folder, user, insideServer, path); err != nil {
			return err
		}
	}
	if err := writeKubeconfig(settings.Folder, "admin", server, "kubeconfig"); err != nil {
		return err
	}
	return render(values{settings, nodeName, nodeAddress, cgroup, settings.Folder + "/volumes", "local-path"}, map[string]string{
		"kubelet.yaml":    "etc/kubelet.yaml",
		"kube-proxy.yaml": "etc/kube-proxy.yaml",
		"dns.yaml":        "etc/system/dns.yaml",
		"storage.yaml":    "etc/system/storage.yaml",
	})
}

func makeCertificates(folder string) error {
	ca, err := newAuthority(folder, "ca")
	if err != nil {
		return err
	}
	frontProxy, err := newAuthority(folder, "front-proxy-ca")
	if err != nil {
		return err
	}
	accounts, err := newKey()
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error {
			return ca.server("kube-apiserver", "127.0.0.1", nodeAddress, apiServiceAddress, "localhost", "kubernetes",
				"kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")
		},
		func() error { return ca.server("kubelet-server", nodeName, nodeAddress) },
		func() error { return ca.client("admin", "kubernetes-admin", "system:masters") },
		func() error {
			return ca.client("kube-apiserver-kubelet-client", "kube-apiserver-kubelet-client", "system:masters")
		},
		func() error { return ca.client("kube-controller-manager", "system:kube-controller-manager") },
		func() error { return ca.client("kube-proxy", "system:kube-proxy") },
		func() error { return ca.client("kube-scheduler", "system:kube-scheduler") },
		func() error { return ca.client("kubelet", "system:node:"+nodeName, "system:nodes") },
		func() error { return frontProxy.client("front-proxy-client", "front-proxy-client") },
		func() error { return writeKey(filepath.Join(folder, "accounts.key"), accounts) },
		func() error { return writePublicKey(filepath.Join(folder, "accounts.pub"), accounts) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// writeKubeconfig writes a file that holds the certificates of one user itself.
func writeKubeconfig(folder, user, server, path string) error {
	data := map[string]string{"Name": clusterName, "Server": server}
	for key, file := range map[string]string{"Authority": "ca.crt", "Certificate": user + ".crt", "Key": user + ".key"} {
		text, err := os.ReadFile(filepath.Join(folder, "pki", file))
		if err != nil {
			return err
		}
		data[key] = base64.StdEncoding.EncodeToString(text)
	}
	return renderFile(data, "kubeconfig.yaml", filepath.Join(folder, path))
}

func render(data values, targets map[string]string) error {
	for name, path := range targets {
		if err := renderFile(data, name, filepath.Join(data.Folder, path)); err != nil {
			return err
		}
	}
	return nil
}

func renderFile(data any, name, path string) error {
	parsed, err := template.ParseFS(files, "files/"+name)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := parsed.Execute(&text, data); err != nil {
		return err
	}
	return os.WriteFile(path, text.Bytes(), 0o600)
}
