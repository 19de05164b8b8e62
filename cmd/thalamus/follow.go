// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"thalamus/internal/command"
	"thalamus/internal/follow"
	"thalamus/internal/terminal"
)

const (
	followAbout = `Prints the changes of a hub, one JSON object a line, as they happen, and keeps in
FILE how far it has come: started again it goes on from there. When FILE is empty
or not there it begins with the whole federation; when it holds the word now, with
the next change. It needs a FILE for each hub and each set of filters.

Every change is printed at least once; the last ones come again after a failure.
Apply a change if its version is greater than that of the record you have.
FILE moves on when the lines are in the pipe or on the disk. A program that reads them
and can lose some should keep the cursor of the last change that it applied, and
write that to FILE before the next start.`

	followNotes = `While the hub cannot be reached it tries again, after a second at first and after
a minute at most. SIGTERM and SIGINT end it after the line at hand.

Exit status: 0 it was told to end, or --once and there is no more; 1 it failed;
2 the command line is wrong; 3 the hub cannot go on from the cursor, because those
changes were deleted there or it is another hub: begin again, with an empty FILE.

Example: thalamus follow --url https://hub:8443 --since cursor --user ESPGNU777NOD |
             while read -r change; do ...; done`
)

// followOptions are the flags of "thalamus follow".
type followOptions struct {
	url, since, user, passwordFile, ca string
	filters                            url.Values
	noData, once, insecure             bool
}

func followCommand(env environment) command.Command {
	o := followOptions{filters: url.Values{}}
	return command.Command{
		Name: "follow", Summary: "print a hub's changes as they happen", About: followAbout, Notes: followNotes,
		Flags: o.flags(),
		Run:   func(ctx context.Context, _ []string) error { return runFollow(ctx, o, env) },
	}
}

func runFollow(ctx context.Context, o followOptions, env environment) error {
	if err := o.check(); err != nil {
		return err
	}

	feed, err := o.feed()
	if err != nil {
		return err
	}

	trust, err := o.trust()
	if err != nil {
		return err
	}

	cursor, err := follow.OpenCursorFile(o.since)
	if err != nil {
		return err
	}
	defer cursor.Close() //nolint:errcheck // the lock ends with the process in any case

	password, err := o.password(env)
	if err != nil {
		return err
	}

	signal.Ignore(syscall.SIGPIPE) // a pipe that is closed is an error like others
	out, err := follow.Output(env.stdout)
	if err != nil {
		return err
	}

	f := follow.Follower{
		Client: follow.NewClient(trust), Feed: feed, Account: o.user, Password: password,
		Cursor: cursor, Out: out, Once: o.once,
		Failed: func(err error, pause time.Duration) {
			fmt.Fprintf(env.stderr, "thalamus: %v; again in %v\n", err, pause.Round(time.Second/10))
		},
	}

	err = f.Run(ctx)
	if errors.Is(err, follow.ErrGone) {
		return fmt.Errorf("%w; begin again, with an empty %s", err, o.since)
	}
	return err
}

func (o *followOptions) flags() []command.Flag {
	return []command.Flag{
		{Name: "url", Placeholder: "URL", Required: true, Help: "the hub, as in https://hub.example.org:8443", Into: &o.url},
		{Name: "since", Placeholder: "FILE", Required: true, Into: &o.since,
			Help: "where the cursor is kept; FILE.lock and FILE.new are made beside it"},
		{Name: "user", Placeholder: "ID", Required: true, Into: &o.user,
			Help: "the account; its password is in THALAMUS_FOLLOW_PASSWORD, or in the file after --password-file, or asked for"},
		{Name: "password-file", Placeholder: "FILE", Help: "the password is the first line of this file", Into: &o.passwordFile},
		{Name: "not-node", Placeholder: "NODE", Help: "not what this node has sent with the same account", Into: o.filter("not_node")},
		{Name: "person", Placeholder: "ID", Help: "only what is about this person", Into: o.filter("person")},
		{Name: "resource", Placeholder: "LIST", Into: o.filter("resource"),
			Help: "only these, as in person,page; of person, page, document, unit, institution"},
		{Name: "no-data", Help: "without the records themselves", Into: &o.noData},
		{Name: "once", Help: "end when there is no more; give up after ten failures", Into: &o.once},
		{Name: "ca", Placeholder: "FILE", Help: "trust the certificates in this PEM file instead of the system's", Into: &o.ca},
		{Name: "insecure", Help: "trust any certificate, and send the password even without TLS: for tests", Into: &o.insecure},
	}
}

// filter takes a value of a filter. An empty one is most often a variable that
// is not set; it must not become a follower without a filter.
func (o *followOptions) filter(parameter string) func(string) error {
	return func(value string) error {
		if value == "" {
			return errors.New("it is empty")
		}
		o.filters.Set(parameter, value)
		return nil
	}
}

func (o *followOptions) check() error {
	switch {
	case o.url == "" || o.since == "" || o.user == "":
		return command.UsageError("write: thalamus follow --url URL --since FILE --user ID")
	case strings.Contains(o.user, ":"):
		return command.UsageError("follow: the name of an account has no colon")
	case o.ca != "" && o.insecure:
		return command.UsageError("follow: --insecure trusts any certificate, --ca only some; choose one")
	}
	return nil
}

// feed is the address of the hub's feed.
func (o *followOptions) feed() (*url.URL, error) {
	hub, err := url.Parse(o.url)
	switch {
	case err != nil:
		return nil, command.UsageError("follow: --url is not a URL")
	case hub.User != nil:
		return nil, command.UsageError("follow: no account in --url: everybody on this machine can read the command line")
	case hub.Host == "" || hub.RawQuery != "" || hub.Fragment != "" || hub.Scheme != "https" && hub.Scheme != "http":
		return nil, command.UsageError("follow: write --url as in https://hub.example.org:8443")
	case hub.Scheme == "http" && !o.insecure && !loopback(hub.Hostname()):
		return nil, command.UsageError("follow: with http everybody in between can read the password; write https, or --insecure if that may be")
	}

	if o.noData {
		o.filters.Set("data", "none")
	}

	feed := hub.JoinPath("changes")
	feed.RawQuery = o.filters.Encode()
	return feed, nil
}

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// trust says whose certificates count.
func (o *followOptions) trust() (*tls.Config, error) {
	config := &tls.Config{InsecureSkipVerify: o.insecure, MinVersion: tls.VersionTLS12} //nolint:gosec // when it is asked for
	if o.ca == "" {
		return config, nil
	}

	text, err := os.ReadFile(o.ca)
	if err != nil {
		return nil, err
	}

	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", o.ca)
	}
	return config, nil
}

// password is never in the command line, which everybody can read.
func (o *followOptions) password(env environment) (string, error) {
	if o.passwordFile != "" {
		text, err := os.ReadFile(o.passwordFile)
		if err != nil {
			return "", err
		}
		return someText(string(text), o.passwordFile+" holds no password in its first line")
	}

	for _, variable := range env.environ {
		if password, ok := strings.CutPrefix(variable, "THALAMUS_FOLLOW_PASSWORD="); ok {
			return someText(password, "THALAMUS_FOLLOW_PASSWORD is empty")
		}
	}

	if !terminal.Is(env.stdin) {
		return "", errors.New("no password: set THALAMUS_FOLLOW_PASSWORD, or name a file with --password-file")
	}

	password, err := terminal.AskHidden(env.stdin, env.stderr, "Password: ")
	if err != nil {
		return "", err
	}
	return someText(string(password), "an empty password opens nothing")
}

// someText gives the first line, which must not be empty.
func someText(text, fault string) (string, error) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return "", errors.New(fault)
	}
	return line, nil
}
