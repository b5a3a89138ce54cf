// The Helm provider, in the newest version that can be had as a Go module (1.3.2), with the Helm library of today and
// what later versions of the provider added to `helm_release` and our configurations use.
package main

import (
	"github.com/hashicorp/terraform-plugin-sdk/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/plugin"
	"github.com/hashicorp/terraform-plugin-sdk/terraform"
	"github.com/hashicorp/terraform-provider-helm/helm"
)

func main() {
	plugin.Serve(&plugin.ServeOpts{ProviderFunc: provider})
}

func provider() terraform.ResourceProvider {
	original := helm.Provider().(*schema.Provider)
	modernise(original.ResourcesMap["helm_release"])
	return original
}
