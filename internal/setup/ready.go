// SPDX-License-Identifier: GPL-3.0-or-later

package setup

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"thalamus/internal/tlscert"
)

// Ready is the step to a server that answers.
func (p *Plan) Ready() Step {
	url := "https://localhost:" + p.Port() + "/health/ready"
	step := Step{
		Name: "an answer from " + url,
		Done: func(ctx context.Context) bool { return p.probe(ctx, url) == nil },
		Shell: func() []string {
			return []string{"curl --silent --show-error --fail --retry 60 --retry-delay 1 --retry-all-errors --insecure " + url}
		},
		Do: func(ctx context.Context) error { return p.waitUntilReady(ctx, url) },
	}
	if p.Service().Left != "" {
		step.Left = "it was not started"
	}

	return step
}

// Port is where the socket unit listens, as it is on this machine.
func (p *Plan) Port() string {
	found := regexp.MustCompile(`:(\d+) \(Stream\)`).FindStringSubmatch(property(context.Background(), socket, "Listen"))
	if found == nil {
		return Port
	}
	return found[1]
}

// waitUntilReady asks until the server is ready.
func (p *Plan) waitUntilReady(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()

	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		err := p.probe(ctx, url)
		if err == nil {
			return nil
		}

		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%w; it says: %s; journalctl -u %s tells more", err, property(context.WithoutCancel(ctx), service, "StatusText"), service)
		}
	}
}

// probe asks once, and takes no answer of a server with another certificate than this hub's.
func (p *Plan) probe(ctx context.Context, url string) error {
	leaf, err := tlscert.Read(p.Cert)
	if err != nil {
		return err
	}

	pinned := &tls.Config{
		InsecureSkipVerify: true, //nolint:gosec // it is compared instead: it need not be for localhost
		VerifyConnection: func(s tls.ConnectionState) error {
			if !s.PeerCertificates[0].Equal(leaf) {
				return errors.New("another certificate is served than that in " + p.Cert)
			}
			return nil
		},
	}

	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}

	client := http.Client{Transport: &http.Transport{TLSClientConfig: pinned, DisableKeepAlives: true}}
	reply, err := client.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()

	if reply.StatusCode != http.StatusOK {
		return errors.New("it is not ready: " + reply.Status)
	}

	return nil
}
