// A runc for machines whose root lacks CAP_SYS_RESOURCE: what needs that capability is taken out of a
// container's configuration, and the rest is left to the real runc, which replaces this process.
//
// MLTERRA_TESTBED_RUNC names the real runc; without it, the first one in the system's folders is taken.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const capability = "CAP_SYS_RESOURCE"

func main() {
	if err := adjust(os.Args[1:]); err != nil {
		fail(err)
	}
	real, err := runc()
	if err != nil {
		fail(err)
	}
	fail(syscall.Exec(real, append([]string{real}, os.Args[1:]...), os.Environ()))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "runc of the test bed:", err)
	os.Exit(1)
}

func runc() (string, error) {
	if given := os.Getenv("MLTERRA_TESTBED_RUNC"); given != "" {
		return given, nil
	}
	for _, folder := range []string{"/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"} {
		if path := filepath.Join(folder, "runc"); isFile(path) {
			return path, nil
		}
	}
	return "", fmt.Errorf("no runc in /usr/sbin, /usr/bin, /usr/local/sbin or /usr/local/bin")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// adjust rewrites the file that a command of runc is going to read: the bundle's configuration for `create`
// and `run`, the process for `exec`.
func adjust(arguments []string) error {
	command, rest := split(arguments)
	switch command {
	case "create", "run":
		bundle := option(rest, "bundle", "b")
		if bundle == "" {
			bundle = "."
		}
		return rewrite(filepath.Join(bundle, "config.json"), func(spec map[string]any) {
			process, ok := spec["process"].(map[string]any)
			if ok {
				lower(process)
			}
		})
	case "exec":
		if file := option(rest, "process", "p"); file != "" {
			return rewrite(file, lower)
		}
	}
	return nil
}

// withValue are runc's global options that are followed by a value.
var withValue = map[string]bool{"log": true, "log-format": true, "root": true, "criu": true, "rootless": true}

// split finds the command behind the global options.
func split(arguments []string) (string, []string) {
	for i := 0; i < len(arguments); i++ {
		argument := arguments[i]
		if !strings.HasPrefix(argument, "-") {
			return argument, arguments[i+1:]
		}
		name := strings.TrimLeft(argument, "-")
		if withValue[name] {
			i++
		}
	}
	return "", nil
}

func option(arguments []string, names ...string) string {
	for i, argument := range arguments {
		if !strings.HasPrefix(argument, "-") {
			continue
		}
		name, value, joined := strings.Cut(strings.TrimLeft(argument, "-"), "=")
		for _, wanted := range names {
			if name != wanted {
				continue
			}
			if joined {
				return value
			}
			if i+1 < len(arguments) {
				return arguments[i+1]
			}
		}
	}
	return ""
}

func lower(process map[string]any) {
	delete(process, "oomScoreAdj")
	if limits, ok := process["rlimits"].([]any); ok {
		for _, limit := range limits {
			if limit, ok := limit.(map[string]any); ok {
				clamp(limit)
			}
		}
	}
	sets, ok := process["capabilities"].(map[string]any)
	if !ok {
		return
	}
	for name, value := range sets {
		set, ok := value.([]any)
		if !ok {
			continue
		}
		kept := []any{}
		for _, one := range set {
			if one != capability {
				kept = append(kept, one)
			}
		}
		sets[name] = kept
	}
}

// resources by the name they have in a configuration, with their number in Linux.
var resources = map[string]int{
	"RLIMIT_CPU": 0, "RLIMIT_FSIZE": 1, "RLIMIT_DATA": 2, "RLIMIT_STACK": 3, "RLIMIT_CORE": 4, "RLIMIT_RSS": 5,
	"RLIMIT_NPROC": 6, "RLIMIT_NOFILE": 7, "RLIMIT_MEMLOCK": 8, "RLIMIT_AS": 9, "RLIMIT_LOCKS": 10,
	"RLIMIT_SIGPENDING": 11, "RLIMIT_MSGQUEUE": 12, "RLIMIT_NICE": 13, "RLIMIT_RTPRIO": 14, "RLIMIT_RTTIME": 15,
}

// clamp keeps a limit at or below the own hard limit, which only the missing capability could raise.
func clamp(limit map[string]any) {
	name, _ := limit["type"].(string)
	number, known := resources[name]
	var own syscall.Rlimit
	if !known || syscall.Getrlimit(number, &own) != nil {
		return
	}
	for _, key := range []string{"soft", "hard"} {
		given, ok := limit[key].(json.Number)
		if !ok {
			continue
		}
		if value, err := strconv.ParseUint(given.String(), 10, 64); err == nil && value > own.Max {
			limit[key] = own.Max
		}
	}
}

// rewrite keeps the file's inode and mode: the one who made it may hold it open.
func rewrite(path string, change func(map[string]any)) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var value map[string]any
	if err := decoder.Decode(&value); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	change(value)
	changed, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(path, changed, 0o600)
}
