package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gruntwork-io/terratest/modules/logger"
	"github.com/gruntwork-io/terratest/modules/retry"
	"github.com/gruntwork-io/terratest/modules/shell"
	"github.com/gruntwork-io/terratest/modules/terraform"
)

type terraformRequest struct {
	Dir                string              `json:"dir"`
	Binary             string              `json:"binary"`
	Vars               map[string]any      `json:"vars"`
	VarFiles           []string            `json:"varFiles"`
	EnvVars            map[string]string   `json:"envVars"`
	BackendConfig      map[string]any      `json:"backendConfig"`
	Targets            []string            `json:"targets"`
	PlanFile           string              `json:"planFile"`
	PluginDir          string              `json:"pluginDir"`
	LockTimeout        string              `json:"lockTimeout"`
	Parallelism        int                 `json:"parallelism"`
	Reconfigure        bool                `json:"reconfigure"`
	Upgrade            bool                `json:"upgrade"`
	RetryableErrors    map[string]string   `json:"retryableErrors"`
	MaxRetries         int                 `json:"maxRetries"`
	MillisecondsToWait int                 `json:"millisecondsToWait"`
	ExtraArgs          map[string][]string `json:"extraArgs"`
	OutputName         string              `json:"outputName"`
}

func (r *terraformRequest) run(t *reporter, c *cancellation, call string) (any, *callFailed) {
	// Variables travel in a file: on a command line everybody on the machine could read them. The last file wins.
	files := r.VarFiles
	if len(r.Vars) > 0 {
		folder, err := os.MkdirTemp("", "mlterra-vars-")
		if err != nil {
			return nil, &callFailed{Kind: "failed", Message: err.Error()}
		}
		defer os.RemoveAll(folder)
		file := filepath.Join(folder, "vars.tfvars.json")
		text, err := json.Marshal(r.Vars)
		if err == nil {
			err = os.WriteFile(file, text, 0o600)
		}
		if err != nil {
			return nil, &callFailed{Kind: "failed", Message: err.Error()}
		}
		files = append(append([]string{}, files...), file)
	}
	options := r.options(t, files)
	value, err := r.call(t, c, options, call)
	if err != nil {
		return nil, describe(t, err)
	}
	if printed, ok := value.(string); ok {
		if name := r.undeclared(printed); name != "" {
			return nil, &callFailed{Kind: "failed", Message: "the configuration declares no variable " + name}
		}
	}
	return value, nil
}

// undeclared finds a variable that Terraform only warns of, because it was given in a file.
func (r *terraformRequest) undeclared(printed string) string {
	text := strings.Join(strings.Fields(printed), " ")
	for name := range r.Vars {
		if strings.Contains(text, fmt.Sprintf("does not declare a variable named %q but a value was found in file", name)) {
			return name
		}
	}
	return ""
}

func (r *terraformRequest) options(t *reporter, varFiles []string) *terraform.Options {
	options := terraform.WithDefaultRetryableErrors(t, &terraform.Options{
		TerraformBinary:          r.Binary,
		TerraformDir:             r.Dir,
		VarFiles:                 varFiles,
		EnvVars:                  r.EnvVars,
		BackendConfig:            r.BackendConfig,
		Targets:                  r.Targets,
		PlanFilePath:             r.PlanFile,
		PluginDir:                r.PluginDir,
		LockTimeout:              r.LockTimeout,
		Parallelism:              r.Parallelism,
		Reconfigure:              r.Reconfigure,
		Upgrade:                  r.Upgrade,
		RetryableTerraformErrors: r.RetryableErrors,
		NoColor:                  true,
		// Terratest's own default is to take no lock.
		Lock:   true,
		Logger: t.programs(),
		ExtraArgs: terraform.ExtraArgs{
			Apply:    r.ExtraArgs["apply"],
			Destroy:  r.ExtraArgs["destroy"],
			Init:     r.ExtraArgs["init"],
			Output:   r.ExtraArgs["output"],
			Plan:     r.ExtraArgs["plan"],
			Show:     r.ExtraArgs["show"],
			Validate: r.ExtraArgs["validate"],
		},
	})
	options.MaxRetries = r.MaxRetries
	options.TimeBetweenRetries = time.Duration(r.MillisecondsToWait) * time.Millisecond
	return options
}

var errNotIdempotent = errors.New("a plan right after the apply wants to change something")

func (r *terraformRequest) call(t *reporter, c *cancellation, options *terraform.Options, call string) (any, error) {
	switch call {
	case "init":
		return terraform.InitContextE(t, c, options)
	case "validate":
		// It takes no variables.
		options.VarFiles = nil
		return terraform.ValidateContextE(t, c, options)
	case "plan":
		return terraform.PlanContextE(t, c, options)
	case "planExitCode":
		return planExitCode(t, c, options)
	case "planJson":
		return planJSON(t, c, options)
	case "apply":
		return terraform.ApplyContextE(t, c, options)
	case "applyAndIdempotent":
		// Terratest's function of this name takes a plan that fails for one that wants to change something.
		out, err := terraform.ApplyContextE(t, c, options)
		if err != nil {
			return nil, err
		}
		options.PlanFilePath = ""
		if code, err := planExitCode(t, c, options); err != nil || code == 0 {
			return out, err
		}
		return nil, errNotIdempotent
	case "destroy":
		return terraform.DestroyContextE(t, c, options)
	case "output":
		options.Logger = logger.Discard
		return outputJSON(terraform.OutputJSONContextE(t, c, options, r.OutputName))
	case "outputAll":
		options.Logger = logger.Discard
		return terraform.OutputAllContextE(t, c, options)
	case "show":
		options.Logger = logger.Discard
		return outputJSON(terraform.ShowContextE(t, c, options))
	}
	return nil, fmt.Errorf("unknown call %s", call)
}

func outputJSON(text string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return json.RawMessage(text), nil
}

func planExitCode(t *reporter, c *cancellation, options *terraform.Options) (int, error) {
	if err := c.Err(); err != nil {
		return 1, err
	}
	code, err := terraform.PlanExitCodeContextE(t, c, options)
	if err == nil && code != 0 && code != 2 {
		err = fmt.Errorf("terraform plan ended with exit code %d", code)
	}
	return code, err
}

// planJSON plans into a file that only this user can read, and removes it.
func planJSON(t *reporter, c *cancellation, options *terraform.Options) (any, error) {
	folder, err := os.MkdirTemp("", "mlterra-plan-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	options.PlanFilePath = filepath.Join(folder, "plan")
	if _, err := terraform.PlanContextE(t, c, options); err != nil {
		return nil, err
	}
	options.Logger = logger.Discard
	return outputJSON(terraform.ShowContextE(t, c, options))
}

// describe finds what a person has to read in what Terratest wraps around it.
func describe(t *reporter, err error) *callFailed {
	if errors.Is(err, errNotIdempotent) {
		return &callFailed{Kind: "not-idempotent", Message: err.Error()}
	}
	failure := &callFailed{Kind: "failed", Message: err.Error()}
	var retries retry.MaxRetriesExceeded
	if errors.As(err, &retries) {
		failure.Kind = "retries"
		failure.Message = t.lastError()
	}
	// It does not unwrap.
	var fatal retry.FatalError
	if errors.As(err, &fatal) {
		err = fatal.Underlying
		failure.Message = err.Error()
	}
	var program *shell.ErrWithCmdOutput
	if errors.As(err, &program) {
		failure.Message = strings.TrimSpace(program.Output.Stderr())
		if failure.Message == "" {
			failure.Message = program.Underlying.Error()
		}
	}
	return failure
}
