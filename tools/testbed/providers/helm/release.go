package main

import (
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/hashicorp/terraform-plugin-sdk/helper/schema"
	"github.com/hashicorp/terraform-provider-helm/helm"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/storage/driver"
)

// modernise gives `helm_release` the arguments and the behaviour of version 3: `upgrade_install`, `wait_for_jobs`, a
// failed update that leaves the state as it was, a destroy that waits, and objects that are kept without an error.
func modernise(release *schema.Resource) {
	for name, description := range map[string]string{
		"upgrade_install": "If a release of that name exists, upgrade it; otherwise install it.",
		"wait_for_jobs":   "If wait is enabled, wait until all Jobs have been completed, too.",
	} {
		release.Schema[name] = &schema.Schema{
			Type: schema.TypeBool, Optional: true, Default: false, Description: description,
		}
	}
	read := release.Read
	exists := release.Exists
	release.Create = func(d *schema.ResourceData, meta interface{}) error {
		err := create(d, meta.(*helm.Meta))
		if err == nil {
			d.SetId(d.Get("name").(string))
			return read(d, meta)
		}
		// A release that failed and was not taken back is known to the state, which marks it as tainted.
		if found, existsErr := exists(d, meta); existsErr == nil && found {
			d.SetId(d.Get("name").(string))
			if readErr := read(d, meta); readErr != nil {
				return readErr
			}
		}
		return err
	}
	release.Update = func(d *schema.ResourceData, meta interface{}) error {
		if err := update(d, meta.(*helm.Meta)); err != nil {
			d.Partial(true)
			return err
		}
		return read(d, meta)
	}
	release.Delete = func(d *schema.ResourceData, meta interface{}) error {
		return remove(d, meta.(*helm.Meta))
	}
}

func create(d *schema.ResourceData, meta *helm.Meta) error {
	configuration, err := meta.GetHelmConfiguration(d.Get("namespace").(string))
	if err != nil {
		return err
	}
	name := d.Get("name").(string)
	if d.Get("upgrade_install").(bool) {
		_, err := action.NewHistory(configuration).Run(name)
		if err == nil {
			return update(d, meta)
		}
		if !errors.Is(err, driver.ErrReleaseNotFound) {
			return err
		}
	}
	install := action.NewInstall(configuration)
	install.ReleaseName = name
	install.Namespace = d.Get("namespace").(string)
	install.CreateNamespace = d.Get("create_namespace").(bool)
	install.Atomic = d.Get("atomic").(bool)
	install.Wait = d.Get("wait").(bool)
	install.WaitForJobs = d.Get("wait_for_jobs").(bool)
	install.Timeout = timeout(d)
	install.DisableHooks = d.Get("disable_webhooks").(bool)
	install.SkipCRDs = d.Get("skip_crds").(bool)
	install.Replace = d.Get("replace").(bool)
	install.Description = d.Get("description").(string)
	content, values, err := input(d, meta, &install.ChartPathOptions)
	if err != nil {
		return err
	}
	_, err = install.Run(content, values)
	return err
}

func update(d *schema.ResourceData, meta *helm.Meta) error {
	configuration, err := meta.GetHelmConfiguration(d.Get("namespace").(string))
	if err != nil {
		return err
	}
	upgrade := action.NewUpgrade(configuration)
	upgrade.Namespace = d.Get("namespace").(string)
	upgrade.Atomic = d.Get("atomic").(bool)
	upgrade.CleanupOnFail = d.Get("cleanup_on_fail").(bool)
	upgrade.MaxHistory = d.Get("max_history").(int)
	upgrade.Wait = d.Get("wait").(bool)
	upgrade.WaitForJobs = d.Get("wait_for_jobs").(bool)
	upgrade.Timeout = timeout(d)
	upgrade.DisableHooks = d.Get("disable_webhooks").(bool)
	upgrade.SkipCRDs = d.Get("skip_crds").(bool)
	upgrade.Force = d.Get("force_update").(bool)
	upgrade.ResetValues = d.Get("reset_values").(bool)
	upgrade.ReuseValues = d.Get("reuse_values").(bool)
	upgrade.Description = d.Get("description").(string)
	content, values, err := input(d, meta, &upgrade.ChartPathOptions)
	if err != nil {
		return err
	}
	_, err = upgrade.Run(d.Get("name").(string), content, values)
	return err
}

func remove(d *schema.ResourceData, meta *helm.Meta) error {
	configuration, err := meta.GetHelmConfiguration(d.Get("namespace").(string))
	if err != nil {
		return err
	}
	uninstall := action.NewUninstall(configuration)
	uninstall.Wait = d.Get("wait").(bool)
	uninstall.Timeout = timeout(d)
	uninstall.DisableHooks = d.Get("disable_webhooks").(bool)
	result, err := uninstall.Run(d.Get("name").(string))
	if err != nil {
		return err
	}
	if result.Info != "" {
		log.Printf("[WARN] %s", result.Info)
	}
	return nil
}

func timeout(d *schema.ResourceData) time.Duration {
	return time.Duration(d.Get("timeout").(int)) * time.Second
}

// input loads the chart and merges the values.
func input(d *schema.ResourceData, meta *helm.Meta, options *action.ChartPathOptions) (*chart.Chart, map[string]interface{}, error) {
	options.RepoURL = d.Get("repository").(string)
	options.Version = d.Get("version").(string)
	options.Username = d.Get("repository_username").(string)
	options.Password = d.Get("repository_password").(string)
	path, err := options.LocateChart(d.Get("chart").(string), meta.Settings)
	if err != nil {
		return nil, nil, err
	}
	content, err := loader.Load(path)
	if err != nil {
		return nil, nil, err
	}
	if dependencies := content.Metadata.Dependencies; dependencies != nil {
		if err := action.CheckDependencies(content, dependencies); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	values, err := mergeValues(d)
	return content, values, err
}
