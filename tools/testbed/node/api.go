package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// api is the cluster's API, reached as its administrator.
type api struct {
	server string
	client http.Client
}

type service struct {
	Metadata struct {
		UID             string `json:"uid"`
		ResourceVersion string `json:"resourceVersion"`
	} `json:"metadata"`
	Spec struct {
		Ports []struct {
			NodePort int    `json:"nodePort"`
			Protocol string `json:"protocol"`
		} `json:"ports"`
	} `json:"spec"`
}

func newAPI(folder, server string) (*api, error) {
	certificate, err := tls.LoadX509KeyPair(filepath.Join(folder, "pki/admin.crt"), filepath.Join(folder, "pki/admin.key"))
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(filepath.Join(folder, "pki/ca.crt"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	configuration := &tls.Config{Certificates: []tls.Certificate{certificate}, RootCAs: pool}
	return &api{server, http.Client{Transport: &http.Transport{TLSClientConfig: configuration}}}, nil
}

func (a *api) get(path string, result any) error {
	response, err := a.client.Get(a.server + path)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, response.Status)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, result)
}

func (a *api) hasNamespace(name string) bool {
	var result any
	return a.get("/api/v1/namespaces/"+name, &result) == nil
}

// isUp says whether there are at least so many deployments, and every one has a pod that is ready.
func (a *api) isUp(deployments int) bool {
	var list struct {
		Items []struct {
			Status struct {
				AvailableReplicas int `json:"availableReplicas"`
			} `json:"status"`
		} `json:"items"`
	}
	if err := a.get("/apis/apps/v1/deployments", &list); err != nil || len(list.Items) < deployments {
		return false
	}
	for _, item := range list.Items {
		if item.Status.AvailableReplicas == 0 {
			return false
		}
	}
	return true
}

// watchNodePorts reports the TCP node ports of all services, again whenever they change; it never returns.
func (a *api) watchNodePorts(report func(map[int]bool)) {
	for {
		var list struct {
			Metadata struct {
				ResourceVersion string `json:"resourceVersion"`
			} `json:"metadata"`
			Items []service `json:"items"`
		}
		if err := a.get("/api/v1/services", &list); err == nil {
			services := map[string]service{}
			for _, item := range list.Items {
				services[item.Metadata.UID] = item
			}
			report(nodePorts(services))
			a.watchServices(list.Metadata.ResourceVersion, services, report)
		}
		time.Sleep(time.Second)
	}
}

// watchServices returns when the watch ends, for whatever reason.
func (a *api) watchServices(version string, services map[string]service, report func(map[int]bool)) {
	response, err := a.client.Get(a.server + "/api/v1/services?watch=true&resourceVersion=" + version)
	if err != nil {
		return
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return
	}
	decoder := json.NewDecoder(bufio.NewReader(response.Body))
	for {
		var event struct {
			Type   string  `json:"type"`
			Object service `json:"object"`
		}
		if decoder.Decode(&event) != nil {
			return
		}
		switch event.Type {
		case "ADDED", "MODIFIED":
			services[event.Object.Metadata.UID] = event.Object
		case "DELETED":
			delete(services, event.Object.Metadata.UID)
		default:
			return
		}
		report(nodePorts(services))
	}
}

func nodePorts(services map[string]service) map[int]bool {
	ports := map[int]bool{}
	for _, item := range services {
		for _, port := range item.Spec.Ports {
			if port.NodePort != 0 && port.Protocol == "TCP" {
				ports[port.NodePort] = true
			}
		}
	}
	return ports
}
