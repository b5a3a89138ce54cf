// The components of cert-manager v1.21.1 in one program: its module has their code, but not their main functions.
// The file /component of an image says which one to be. Flags are those that the chart sets; others are passed over.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
	"k8s.io/klog/v2"

	logf "github.com/cert-manager/cert-manager/pkg/logs"
)

var components = map[string]func(ctx context.Context, args []string) error{
	"acmesolver":      solve,
	"cainjector":      inject,
	"controller":      control,
	"startupapicheck": check,
	"webhook":         serveWebhook,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	name, err := os.ReadFile("/component")
	if err == nil {
		err = run(ctx, strings.TrimSpace(string(name)))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, name string) error {
	component, known := components[name]
	if !known {
		return fmt.Errorf("cert-manager has no component %q", name)
	}
	klog.SetOutput(os.Stderr)
	return component(logf.NewContext(ctx, klog.NewKlogr(), name), os.Args[1:])
}

func newFlags(name string) *pflag.FlagSet {
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	return flags
}
