package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/gruntwork-io/terratest/modules/k8s"
	"github.com/gruntwork-io/terratest/modules/retry"
	"github.com/gruntwork-io/terratest/modules/shell"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

type kubernetesRequest struct {
	Kubeconfig         string   `json:"kubeconfig"`
	Context            string   `json:"context"`
	Namespace          string   `json:"namespace"`
	TimeoutSeconds     int      `json:"timeoutSeconds"`
	Kind               string   `json:"kind"`
	Name               string   `json:"name"`
	Port               int      `json:"port"`
	LocalPort          int      `json:"localPort"`
	Labels             string   `json:"labels"`
	Count              int      `json:"count"`
	Path               string   `json:"path"`
	Manifest           string   `json:"manifest"`
	Args               []string `json:"args"`
	MaxRetries         int      `json:"maxRetries"`
	MillisecondsToWait int      `json:"millisecondsToWait"`
}

func (r *kubernetesRequest) run(t *reporter, c *cancellation, call string) (any, *callFailed) {
	options := k8s.NewKubectlOptions(r.Context, r.Kubeconfig, r.Namespace)
	options.Logger = t.programs()
	options.RequestTimeout = time.Duration(r.TimeoutSeconds) * time.Second
	// Loaded here, because Terratest would go on with the cluster it runs in when this fails.
	config, err := k8s.LoadAPIClientConfigE(r.Kubeconfig, r.Context)
	if err != nil {
		return nil, &callFailed{Kind: "kubeconfig", Message: err.Error()}
	}
	config.Timeout = options.RequestTimeout
	options.RestConfig = config

	ctx, stop := c.withChannel()
	defer stop()
	value, err := r.call(t, ctx, options, call)
	if err == nil {
		value, err = r.kubectl(t, c, options, call, value)
	}
	if err == nil {
		return value, nil
	}
	return nil, describeKubernetes(t, err)
}

func (r *kubernetesRequest) call(t *reporter, ctx context.Context, options *k8s.KubectlOptions, call string) (any, error) {
	wait := time.Duration(r.MillisecondsToWait) * time.Millisecond
	switch call {
	case "waitUntilPodAvailable":
		return nil, k8s.WaitUntilPodAvailableContextE(t, ctx, options, r.Name, r.MaxRetries, wait)
	case "waitUntilDeploymentAvailable":
		return nil, k8s.WaitUntilDeploymentAvailableContextE(t, ctx, options, r.Name, r.MaxRetries, wait)
	case "waitUntilServiceAvailable":
		return nil, k8s.WaitUntilServiceAvailableContextE(t, ctx, options, r.Name, r.MaxRetries, wait)
	case "waitUntilJobSucceed":
		return nil, k8s.WaitUntilJobSucceedContextE(t, ctx, options, r.Name, r.MaxRetries, wait)
	case "waitUntilNumPodsCreated":
		labels := metav1.ListOptions{LabelSelector: r.Labels}
		return nil, k8s.WaitUntilNumPodsCreatedContextE(t, ctx, options, labels, r.Count, r.MaxRetries, wait)
	case "getServiceEndpoint":
		service, err := k8s.GetServiceContextE(t, ctx, options, r.Name)
		if err != nil {
			return nil, err
		}
		return k8s.GetServiceEndpointContextE(t, ctx, options, service, r.Port)
	case "tunnel":
		kinds := map[string]k8s.KubeResourceType{
			"pod":        k8s.ResourceTypePod,
			"deployment": k8s.ResourceTypeDeployment,
			"service":    k8s.ResourceTypeService,
		}
		tunnel := k8s.NewTunnelWithLogger(options, kinds[r.Kind], r.Name, r.LocalPort, r.Port, t)
		// Ends with this process, which lives until its caller closes standard input.
		return nil, tunnel.ForwardPortE(t)
	}
	return nil, nil
}

var errNoKubectl = errors.New("there is no kubectl on the PATH")

// kubectl runs the calls for which Terratest runs kubectl.
func (r *kubernetesRequest) kubectl(t *reporter, c *cancellation, options *k8s.KubectlOptions, call string, otherwise any) (any, error) {
	switch call {
	case "kubectlApply", "kubectlDelete", "kubectlApplyFromString", "kubectlDeleteFromString", "runKubectl":
	default:
		return otherwise, nil
	}
	if _, err := exec.LookPath("kubectl"); err != nil {
		return nil, errNoKubectl
	}
	switch call {
	case "kubectlApply":
		return nil, k8s.KubectlApplyContextE(t, c, options, r.Path)
	case "kubectlDelete":
		return nil, k8s.KubectlDeleteContextE(t, c, options, r.Path)
	case "kubectlApplyFromString":
		return nil, k8s.KubectlApplyFromStringContextE(t, c, options, r.Manifest)
	case "kubectlDeleteFromString":
		return nil, k8s.KubectlDeleteFromStringContextE(t, c, options, r.Manifest)
	default:
		return k8s.RunKubectlAndGetOutputContextE(t, c, options, r.Args...)
	}
}

func describeKubernetes(t *reporter, err error) *callFailed {
	failure := &callFailed{Kind: "failed", Message: err.Error()}
	var retries retry.MaxRetriesExceeded
	var program *shell.ErrWithCmdOutput
	switch {
	case errors.Is(err, errNoKubectl):
		failure.Kind = "kubectl-missing"
	case errors.As(err, &retries):
		failure.Kind = "retries"
		failure.Message = fmt.Sprint(t.lastError())
	case errors.As(err, &program):
		if printed := strings.TrimSpace(program.Output.Stderr()); printed != "" {
			failure.Message = printed
		}
	}
	return failure
}
