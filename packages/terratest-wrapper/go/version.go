package main

import "runtime/debug"

// terratestVersion is the version of the library this program was built with, e.g. v1.0.1.
func terratestVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, module := range info.Deps {
		if module.Path == "github.com/gruntwork-io/terratest" {
			return module.Version
		}
	}
	return "unknown"
}
