package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"

	http_helper "github.com/gruntwork-io/terratest/modules/http-helper"
	"github.com/gruntwork-io/terratest/modules/retry"
)

type httpRequest struct {
	URL                string            `json:"url"`
	Headers            map[string]string `json:"headers"`
	CaCertificate      string            `json:"caCertificate"`
	Insecure           bool              `json:"insecure"`
	TimeoutSeconds     int               `json:"timeoutSeconds"`
	MaxRetries         int               `json:"maxRetries"`
	MillisecondsToWait int               `json:"millisecondsToWait"`
}

// question asks the caller whether an answer is the one it waits for.
type question struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

func (r *httpRequest) run(t *reporter, c *cancellation) (any, *callFailed) {
	ctx, stop := c.withChannel()
	defer stop()
	settings := &tls.Config{InsecureSkipVerify: r.Insecure}
	if r.CaCertificate != "" {
		settings.RootCAs = x509.NewCertPool()
		if !settings.RootCAs.AppendCertsFromPEM([]byte(r.CaCertificate)) {
			return nil, &callFailed{Kind: "failed", Message: "the CA certificate is not in PEM format"}
		}
	}
	var last question
	isExpected := func(status int, body string) bool {
		last = question{Status: status, Body: body}
		t.caller.send(message{Ask: &last})
		select {
		case answer := <-t.caller.answers:
			return answer
		case <-c.requested:
			return false
		}
	}
	wait := time.Duration(r.MillisecondsToWait) * time.Millisecond
	_, err := retry.DoWithRetryContextE(t, ctx, "GET "+r.URL, r.MaxRetries, wait, func() (string, error) {
		return "", http_helper.HTTPDoWithCustomValidationWithOptionsE(t, http_helper.HttpDoOptions{
			Context:   ctx,
			Method:    "GET",
			Url:       r.URL,
			Headers:   r.Headers,
			TlsConfig: settings,
			Timeout:   r.TimeoutSeconds,
		}, isExpected)
	})
	if err != nil {
		message := t.lastError()
		if message == "" {
			message = fmt.Sprint(err)
		}
		return nil, &callFailed{Kind: "retries", Message: message}
	}
	return last, nil
}
