package main

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-sdk/helper/schema"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/strvals"
)

// mergeValues reads `values`, the later over the earlier, and then the single ones of `set` and `set_sensitive`.
func mergeValues(d *schema.ResourceData) (map[string]interface{}, error) {
	merged := map[string]interface{}{}
	for _, text := range d.Get("values").([]interface{}) {
		if text == nil {
			continue
		}
		values, err := chartutil.ReadValues([]byte(text.(string)))
		if err != nil {
			return nil, fmt.Errorf("values: %w", err)
		}
		merged = chartutil.MergeTables(values, merged)
	}
	for _, argument := range []string{"set", "set_sensitive"} {
		for _, each := range d.Get(argument).(*schema.Set).List() {
			single := each.(map[string]interface{})
			parse := strvals.ParseInto
			if single["type"] == "string" {
				parse = strvals.ParseIntoString
			}
			if err := parse(fmt.Sprintf("%s=%s", single["name"], single["value"]), merged); err != nil {
				// Without the value: it may be a secret.
				return nil, fmt.Errorf("%s: the value of %q cannot be read", argument, single["name"])
			}
		}
	}
	return merged, nil
}
