package main

import (
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/gruntwork-io/terratest/modules/logger"
	"github.com/gruntwork-io/terratest/modules/testing"
)

const keptLines = 60

// callFailed is how a call ended when it did not work.
type callFailed struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	// Output is the end of what Terraform or kubectl printed.
	Output []string `json:"output"`
}

// reporter is the test of which Terratest believes to be part, and the one place it logs to. Terratest's remarks
// name whole command lines and answers; they go no further. Lines of the programs it runs are kept, and passed on
// when the caller wants to see them.
type reporter struct {
	mutex     sync.Mutex
	caller    *connection
	log       bool
	lines     []string
	failed    []string
	lastRetry string
}

func newReporter(caller *connection, asked request) *reporter {
	t := &reporter{caller: caller, log: asked.Log}
	logger.Default = logger.New(t)
	logger.Terratest = logger.Default
	return t
}

// Logf implements logger.TestLogger.
func (t *reporter) Logf(_ testing.TestingT, format string, args ...any) {
	// The loop of the package retry drops the error of the last attempt, and says it here only.
	if strings.Contains(format, "returned an error: %s") && len(args) > 1 {
		t.mutex.Lock()
		t.lastRetry = fmt.Sprint(args[1])
		t.mutex.Unlock()
	}
}

// programLogger takes lines of programs: the only ones that Terratest logs with the format "%s" on a logger that
// belongs to a command.
type programLogger struct{ *reporter }

func (l programLogger) Logf(_ testing.TestingT, format string, args ...any) {
	if format != "%s" || len(args) != 1 {
		return
	}
	line := fmt.Sprint(args[0])
	l.mutex.Lock()
	l.lines = append(l.lines, line)
	if len(l.lines) > keptLines {
		l.lines = l.lines[1:]
	}
	l.mutex.Unlock()
	if l.log {
		l.caller.send(message{Log: line + "\n"})
	}
}

func (t *reporter) programs() *logger.Logger { return logger.New(programLogger{t}) }

func (t *reporter) tail() []string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return append([]string{}, t.lines...)
}

func (t *reporter) lastError() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.lastRetry
}

func (t *reporter) failures() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return strings.TrimSpace(strings.Join(t.failed, "\n"))
}

func (t *reporter) note(text string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.failed = append(t.failed, text)
}

func (t *reporter) Fail()             {}
func (t *reporter) FailNow()          { runtime.Goexit() }
func (t *reporter) Fatal(args ...any) { t.note(fmt.Sprint(args...)); t.FailNow() }
func (t *reporter) Fatalf(format string, args ...any) {
	t.note(fmt.Sprintf(format, args...))
	t.FailNow()
}
func (t *reporter) Error(args ...any)                 { t.note(fmt.Sprint(args...)) }
func (t *reporter) Errorf(format string, args ...any) { t.note(fmt.Sprintf(format, args...)) }
func (t *reporter) Name() string                      { return "mlterra" }
func (t *reporter) Helper()                           {}
