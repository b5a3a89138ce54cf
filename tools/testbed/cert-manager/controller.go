package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/sets"
	cliflag "k8s.io/component-base/cli/flag"

	config "github.com/cert-manager/cert-manager/internal/apis/config/controller"
	"github.com/cert-manager/cert-manager/internal/apis/config/controller/scheme"
	defaults "github.com/cert-manager/cert-manager/internal/apis/config/controller/v1alpha1"
	"github.com/cert-manager/cert-manager/pkg/apis/config/controller/v1alpha1"
	"github.com/cert-manager/cert-manager/pkg/controller"
	_ "github.com/cert-manager/cert-manager/pkg/controller/acmechallenges"
	_ "github.com/cert-manager/cert-manager/pkg/controller/acmeorders"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim/gateways"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim/ingresses"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	"github.com/cert-manager/cert-manager/pkg/controller/configfile"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	"github.com/cert-manager/cert-manager/pkg/healthz"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/acme"
	dnsutil "github.com/cert-manager/cert-manager/pkg/issuer/acme/dns/util"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/vault"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/venafi"
	utilfeature "github.com/cert-manager/cert-manager/pkg/util/feature"
)

const gatewayController = "gateway-shim"

// control runs the controllers of one replica. It holds no election: the test bed has one replica.
func control(ctx context.Context, args []string) error {
	settings, err := controllerSettings(args)
	if err != nil {
		return err
	}
	factory, err := controllerContexts(ctx, settings)
	if err != nil {
		return err
	}
	base, err := factory.Build()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", settings.HealthzListenAddress)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return healthz.NewServer(settings.LeaderElectionConfig.HealthzTimeout).Start(ctx, listener)
	})
	enabled := enabledControllers(settings)
	for name, build := range controller.Known() {
		if !enabled.Has(name) {
			continue
		}
		one, err := build(factory)
		if err != nil {
			return fmt.Errorf("controller %s: %w", name, err)
		}
		group.Go(func() error { return one.Run(settings.NumberOfConcurrentWorkers, ctx) })
	}
	base.SharedInformerFactory.Start(ctx.Done())
	base.KubeSharedInformerFactory.Start(ctx.Done())
	base.HTTP01ResourceMetadataInformersFactory.Start(ctx.Done())
	if settings.GatewayAPIConfig.Enabled {
		base.GWShared.Start(ctx.Done())
	}
	return group.Wait()
}

// controllerSettings are the defaults, then the file, then the flags.
func controllerSettings(args []string) (*config.ControllerConfiguration, error) {
	schemes, _, err := scheme.NewSchemeAndCodecs()
	if err != nil {
		return nil, err
	}
	versioned := &v1alpha1.ControllerConfiguration{}
	schemes.Default(versioned)
	settings := &config.ControllerConfiguration{}
	if err := schemes.Convert(versioned, settings, nil); err != nil {
		return nil, err
	}
	var file string
	if err := controllerFlags(settings, &file).Parse(args); err != nil {
		return nil, err
	}
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		loaded := configfile.New()
		if err := loaded.DecodeAndConfigure(text); err != nil {
			return nil, err
		}
		settings = loaded.Config
		if err := controllerFlags(settings, &file).Parse(args); err != nil {
			return nil, err
		}
	}
	return settings, utilfeature.DefaultMutableFeatureGate.SetFromMap(settings.FeatureGates)
}

func controllerFlags(c *config.ControllerConfiguration, file *string) interface{ Parse([]string) error } {
	flags := newFlags("controller")
	flags.StringVar(file, "config", "", "")
	flags.StringVar(&c.Namespace, "namespace", c.Namespace, "")
	flags.StringVar(&c.ClusterResourceNamespace, "cluster-resource-namespace", c.ClusterResourceNamespace, "")
	flags.StringVar(&c.ACMEHTTP01Config.SolverImage, "acme-http01-solver-image", c.ACMEHTTP01Config.SolverImage, "")
	flags.StringSliceVar(&c.ACMEHTTP01Config.SolverNameservers, "acme-http01-solver-nameservers", c.ACMEHTTP01Config.SolverNameservers, "")
	flags.StringSliceVar(&c.ACMEDNS01Config.RecursiveNameservers, "dns01-recursive-nameservers", c.ACMEDNS01Config.RecursiveNameservers, "")
	flags.BoolVar(&c.ACMEDNS01Config.RecursiveNameserversOnly, "dns01-recursive-nameservers-only", c.ACMEDNS01Config.RecursiveNameserversOnly, "")
	flags.BoolVar(&c.EnableCertificateOwnerRef, "enable-certificate-owner-ref", c.EnableCertificateOwnerRef, "")
	flags.BoolVar(&c.GatewayAPIConfig.Enabled, "enable-gateway-api", c.GatewayAPIConfig.Enabled, "")
	flags.BoolVar(&c.GatewayAPIConfig.EnableListenerSet, "enable-gateway-api-listenerset", c.GatewayAPIConfig.EnableListenerSet, "")
	flags.StringVar(&c.IngressShimConfig.DefaultIssuerName, "default-issuer-name", c.IngressShimConfig.DefaultIssuerName, "")
	flags.StringVar(&c.IngressShimConfig.DefaultIssuerKind, "default-issuer-kind", c.IngressShimConfig.DefaultIssuerKind, "")
	flags.StringVar(&c.IngressShimConfig.DefaultIssuerGroup, "default-issuer-group", c.IngressShimConfig.DefaultIssuerGroup, "")
	flags.StringSliceVar(&c.Controllers, "controllers", c.Controllers, "")
	flags.IntVar(&c.MaxConcurrentChallenges, "max-concurrent-challenges", c.MaxConcurrentChallenges, "")
	flags.Var(cliflag.NewMapStringBool(&c.FeatureGates), "feature-gates", "")
	return flags
}

// enabledControllers reads a list in which `*` stands for the usual ones, and `-` takes one out.
func enabledControllers(settings *config.ControllerConfiguration) sets.Set[string] {
	enabled := sets.New[string]()
	for _, name := range settings.Controllers {
		switch {
		case name == "*":
			enabled.Insert(defaults.DefaultEnabledControllers...)
		case strings.HasPrefix(name, "-"):
			enabled.Delete(name[1:])
		default:
			enabled.Insert(name)
		}
	}
	if settings.GatewayAPIConfig.Enabled {
		enabled.Insert(gatewayController)
	}
	if settings.Namespace != "" {
		enabled.Delete("clusterissuers")
	}
	return enabled
}

func controllerContexts(ctx context.Context, c *config.ControllerConfiguration) (*controller.ContextFactory, error) {
	nameservers := c.ACMEDNS01Config.RecursiveNameservers
	if len(nameservers) == 0 {
		nameservers = dnsutil.RecursiveNameservers
	}
	solver := c.ACMEHTTP01Config
	quantities := map[string]resource.Quantity{}
	for _, text := range []string{
		solver.SolverResourceRequestCPU, solver.SolverResourceRequestMemory,
		solver.SolverResourceLimitsCPU, solver.SolverResourceLimitsMemory,
	} {
		quantity, err := resource.ParseQuantity(text)
		if err != nil {
			return nil, fmt.Errorf("resources of the solver, %q: %w", text, err)
		}
		quantities[text] = quantity
	}
	return controller.NewContextFactory(ctx, controller.ContextOptions{
		Kubeconfig:         c.KubeConfig,
		APIServerHost:      c.APIServerHost,
		KubernetesAPIQPS:   c.KubernetesAPIQPS,
		KubernetesAPIBurst: c.KubernetesAPIBurst,
		Namespace:          c.Namespace,
		ACMEOptions: controller.ACMEOptions{
			HTTP01SolverImage:                 solver.SolverImage,
			HTTP01SolverNameservers:           solver.SolverNameservers,
			HTTP01SolverExtraLabels:           solver.SolverExtraLabels,
			HTTP01SolverRuntimeClassName:      solver.SolverRuntimeClassName,
			HTTP01SolverResourceRequestCPU:    quantities[solver.SolverResourceRequestCPU],
			HTTP01SolverResourceRequestMemory: quantities[solver.SolverResourceRequestMemory],
			HTTP01SolverResourceLimitsCPU:     quantities[solver.SolverResourceLimitsCPU],
			HTTP01SolverResourceLimitsMemory:  quantities[solver.SolverResourceLimitsMemory],
			ACMEHTTP01SolverRunAsNonRoot:      solver.SolverRunAsNonRoot,
			DNS01Nameservers:                  nameservers,
			DNS01CheckAuthoritative:           !c.ACMEDNS01Config.RecursiveNameserversOnly,
			DNS01CheckRetryPeriod:             c.ACMEDNS01Config.CheckRetryPeriod,
		},
		SchedulerOptions: controller.SchedulerOptions{MaxConcurrentChallenges: c.MaxConcurrentChallenges},
		IssuerOptions: controller.IssuerOptions{
			ClusterIssuerAmbientCredentials: c.ClusterIssuerAmbientCredentials,
			IssuerAmbientCredentials:        c.IssuerAmbientCredentials,
			ClusterResourceNamespace:        c.ClusterResourceNamespace,
		},
		IngressShimOptions: controller.IngressShimOptions{
			DefaultIssuerName:                 c.IngressShimConfig.DefaultIssuerName,
			DefaultIssuerKind:                 c.IngressShimConfig.DefaultIssuerKind,
			DefaultIssuerGroup:                c.IngressShimConfig.DefaultIssuerGroup,
			DefaultAutoCertificateAnnotations: c.IngressShimConfig.DefaultAutoCertificateAnnotations,
			ExtraCertificateAnnotations:       c.IngressShimConfig.ExtraCertificateAnnotations,
			GatewayAPIExtraProtocols:          sets.New(c.GatewayAPIConfig.ExtraProtocols...),
		},
		CertificateOptions: controller.CertificateOptions{
			EnableOwnerRef:                           c.EnableCertificateOwnerRef,
			CopiedAnnotationPrefixes:                 c.CopiedAnnotationPrefixes,
			CertificateRequestMinimumBackoffDuration: c.CertificateRequestMinimumBackoffDuration,
			CertificateRequestMaximumBackoffDuration: c.CertificateRequestMaximumBackoffDuration,
		},
		ConfigOptions: controller.ConfigOptions{
			EnableGatewayAPI:            c.GatewayAPIConfig.Enabled,
			EnableGatewayAPIListenerSet: c.GatewayAPIConfig.EnableListenerSet,
		},
	})
}
