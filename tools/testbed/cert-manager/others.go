package main

import (
	"context"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/klog/v2"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metrics "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	webhookconfig "github.com/cert-manager/cert-manager/internal/apis/config/webhook"
	webhookscheme "github.com/cert-manager/cert-manager/internal/apis/config/webhook/scheme"
	"github.com/cert-manager/cert-manager/internal/webhook"
	"github.com/cert-manager/cert-manager/pkg/apis/config/webhook/v1alpha1"
	cmscheme "github.com/cert-manager/cert-manager/pkg/client/clientset/versioned/scheme"
	"github.com/cert-manager/cert-manager/pkg/controller/cainjector"
	"github.com/cert-manager/cert-manager/pkg/issuer/acme/http/solver"
	"github.com/cert-manager/cert-manager/pkg/util/cmapichecker"
)

// inject puts the certificates of authorities into webhooks, API services and definitions.
func inject(ctx context.Context, args []string) error {
	var namespace string
	flags := newFlags("cainjector")
	flags.StringVar(&namespace, "namespace", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctrl.SetLogger(klog.NewKlogr())
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientscheme.AddToScheme, cmscheme.AddToScheme, apiextensions.AddToScheme, apiregistration.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			return err
		}
	}
	settings, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	options := cache.Options{ReaderFailOnMissingInformer: true}
	if namespace != "" {
		options.DefaultNamespaces = map[string]cache.Config{namespace: {}}
	}
	manager, err := ctrl.NewManager(settings, ctrl.Options{
		Scheme:  scheme,
		Cache:   options,
		Client:  client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}}}},
		Metrics: metrics.Options{BindAddress: "0"},
	})
	if err != nil {
		return err
	}
	err = cainjector.RegisterAllInjectors(ctx, manager, cainjector.SetupOptions{
		Namespace:                    namespace,
		EnableCertificatesDataSource: true,
		EnabledReconcilersFor: map[string]bool{
			cainjector.MutatingWebhookConfigurationName:   true,
			cainjector.ValidatingWebhookConfigurationName: true,
			cainjector.APIServiceName:                     true,
			cainjector.CustomResourceDefinitionName:       true,
		},
	})
	if err != nil {
		return err
	}
	return manager.Start(ctx)
}

func serveWebhook(ctx context.Context, args []string) error {
	schemes, _, err := webhookscheme.NewSchemeAndCodecs()
	if err != nil {
		return err
	}
	versioned := &v1alpha1.WebhookConfiguration{}
	schemes.Default(versioned)
	settings := &webhookconfig.WebhookConfiguration{}
	if err := schemes.Convert(versioned, settings, nil); err != nil {
		return err
	}
	flags := newFlags("webhook")
	flags.Int32Var(&settings.SecurePort, "secure-port", settings.SecurePort, "")
	dynamic := &settings.TLSConfig.Dynamic
	flags.StringVar(&dynamic.SecretNamespace, "dynamic-serving-ca-secret-namespace", "", "")
	flags.StringVar(&dynamic.SecretName, "dynamic-serving-ca-secret-name", "", "")
	flags.StringSliceVar(&dynamic.DNSNames, "dynamic-serving-dns-names", nil, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	server, err := webhook.NewCertManagerWebhookServer(klog.NewKlogr(), *settings)
	if err != nil {
		return err
	}
	return server.Run(ctx)
}

// check waits until the API answers through the webhook: `check api --wait=1m`.
func check(ctx context.Context, args []string) error {
	var patience, interval time.Duration
	flags := newFlags("startupapicheck")
	flags.DurationVar(&patience, "wait", 0, "")
	flags.DurationVar(&interval, "interval", 5*time.Second, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	settings, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	var last error
	err = wait.PollUntilContextTimeout(ctx, interval, max(patience, time.Second), true, func(ctx context.Context) (bool, error) {
		checker, err := cmapichecker.New(settings, namespaceOfPod())
		if err == nil {
			err = checker.Check(ctx)
		}
		last = err
		return err == nil, nil
	})
	if err != nil && last != nil {
		return last
	}
	return err
}

// solve answers the challenge of an ACME server.
func solve(ctx context.Context, args []string) error {
	one := solver.HTTP01Solver{}
	flags := newFlags("acmesolver")
	flags.IntVar(&one.ListenPort, "listen-port", 8089, "")
	flags.StringVar(&one.Domain, "domain", "", "")
	flags.StringVar(&one.Token, "token", "", "")
	flags.StringVar(&one.Key, "key", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		_ = one.Shutdown(context.Background())
	}()
	return one.Listen(klog.NewKlogr())
}

// namespaceOfPod is where Kubernetes says that this pod runs.
func namespaceOfPod() string {
	text, err := os.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
	if err != nil {
		return "default"
	}
	return string(text)
}
