// Terratest for one call: reads a request from standard input, runs it with Terratest, and answers with JSON
// lines on standard output. The caller keeps standard input open; when it ends, the call is cancelled, so that
// nothing goes on without the one who asked for it. Started as leader of a process group of its own.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
)

// request is the first line of standard input. Env is the whole environment: the process itself is started with
// none, because Terratest looks for Terraform, and runs it, before main.
type request struct {
	Call       string             `json:"call"`
	Env        map[string]string  `json:"env"`
	Log        bool               `json:"log"`
	Finish     bool               `json:"finish"` // Goes on when it is cancelled or the caller is gone.
	Terraform  *terraformRequest  `json:"terraform"`
	Kubernetes *kubernetesRequest `json:"kubernetes"`
	HTTP       *httpRequest       `json:"http"`
}

// reply is a further line of standard input.
type reply struct {
	Answer *bool `json:"answer"`
	Cancel bool  `json:"cancel"`
}

// message is a line of standard output; one field is set.
type message struct {
	Log    string      `json:"log,omitempty"`
	Ask    *question   `json:"ask,omitempty"`
	Result *outcome    `json:"result,omitempty"`
	Error  *callFailed `json:"error,omitempty"`
}

type outcome struct {
	Value any `json:"value"`
}

// connection is what links this process to its caller.
type connection struct {
	mutex   sync.Mutex
	out     *json.Encoder
	answers chan bool
}

func (c *connection) send(m message) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	// A caller that is gone is noticed by the end of standard input.
	_ = c.out.Encode(m)
}

func main() {
	in := bufio.NewReader(os.Stdin)
	caller := &connection{out: json.NewEncoder(os.Stdout), answers: make(chan bool)}
	caller.out.SetEscapeHTML(false)
	// Terratest hands both on to the programs it runs, and prints to the second.
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdin, os.Stdout = nothing, os.Stderr

	var asked request
	line, err := in.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &asked)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "no request on standard input:", err)
		os.Exit(2)
	}
	os.Clearenv()
	for name, value := range asked.Env {
		_ = os.Setenv(name, value)
	}

	t := newReporter(caller, asked)
	cancellation := newCancellation(asked)
	go readReplies(in, caller, cancellation)
	value, failure := runCall(t, cancellation, asked)
	if failure != nil {
		failure.Output = t.tail()
		caller.send(message{Error: failure})
		return
	}
	caller.send(message{Result: &outcome{Value: value}})
	if asked.Call == "tunnel" {
		<-cancellation.requested
	}
}

func readReplies(in *bufio.Reader, caller *connection, cancellation *cancellation) {
	for {
		line, err := in.ReadBytes('\n')
		var said reply
		if err != nil || json.Unmarshal(line, &said) != nil || said.Cancel {
			cancellation.cancel()
			if err != nil {
				return
			}
			continue
		}
		if said.Answer != nil {
			select {
			case caller.answers <- *said.Answer:
			case <-cancellation.requested:
			}
		}
	}
}

// runCall runs a call on a goroutine of its own, which Terratest may end at any point by FailNow, or by a panic.
func runCall(t *reporter, cancellation *cancellation, asked request) (value any, failure *callFailed) {
	done := make(chan struct{})
	go func() {
		ended := false
		defer close(done)
		defer func() {
			if fault := recover(); fault != nil {
				failure = &callFailed{Kind: "panic", Message: fmt.Sprint(fault)}
			} else if !ended {
				failure = &callFailed{Kind: "failed", Message: t.failures()}
			}
		}()
		value, failure = dispatch(t, cancellation, asked)
		ended = true
	}()
	<-done
	if failure != nil && cancellation.isRequested() {
		failure = &callFailed{Kind: "cancelled", Message: failure.Message}
	}
	return value, failure
}

func dispatch(t *reporter, cancellation *cancellation, asked request) (any, *callFailed) {
	switch {
	case asked.Call == "version":
		return map[string]string{"terratest": terratestVersion(), "go": runtime.Version()}, nil
	case asked.Terraform != nil:
		return asked.Terraform.run(t, cancellation, asked.Call)
	case asked.Kubernetes != nil:
		return asked.Kubernetes.run(t, cancellation, asked.Call)
	case asked.HTTP != nil:
		return asked.HTTP.run(t, cancellation)
	}
	return nil, &callFailed{Kind: "failed", Message: "unknown call " + asked.Call}
}
