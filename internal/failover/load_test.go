// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"

	"thalamus/internal/task"
)

// load is all that the clients of two hubs do during one scenario.
type load struct {
	t        testing.TB
	database string // URL
	hubs     []*hub
	dir      string // begins the names of its files
	ledger   *ledger
	mayLose  bool // connections

	clients, streaming, importing *task.Task
	streamed                      heard
	follower, importer            *process
	lines                         io.WriteCloser // to the importer
}

// startLoad starts everybody.
func startLoad(l *load) *load {
	l.t.Helper()
	cursor := l.cursor()
	l.streaming = task.Start(context.Background(), func(ctx context.Context) { l.stream(ctx, cursor) })
	l.follow(cursor)
	l.startImport()

	phone1, phone2 := l.client(0, phoneAccount(1)), l.client(1, phoneAccount(2))
	phone1.Transport = &http.Transport{DisableKeepAlives: true}
	phone2.Transport = &http.Transport{DisableKeepAlives: true}
	l.clients = task.Start(context.Background(),
		phone1.phone, phone2.phone, l.client(1, nodeAccount).node, l.client(0, phoneAccount(1)).read, l.client(1, phoneAccount(2)).read)
	return l
}

// client is somebody whose hub is the nth.
func (l *load) client(n int, account string) *client {
	return &client{
		hubs: []string{l.hubs[0].url(), l.hubs[1].url()}, hub: n,
		account: account, password: password, ledger: l.ledger, mayLose: l.mayLose,
	}
}

func (l *load) file(name string) string { return l.dir + name }

// follow starts thalamus follow, which keeps to the second hub.
func (l *load) follow(cursor string) {
	l.t.Helper()
	write(l.t, l.file("cursor"), cursor, nil)
	out, err := os.Create(l.file("follow"))
	if err != nil {
		l.t.Fatal(err)
	}
	defer out.Close()

	cmd := program("follow", "--url", l.hubs[1].url(), "--user", nodeAccount, "--since", l.file("cursor"), "--insecure")
	cmd.Env = append(os.Environ(), "THALAMUS_FOLLOW_PASSWORD="+password)
	cmd.Stdout = out
	l.follower = launch(l.t, cmd, l.file("follow.log"))
}

// startImport starts thalamus import, which is given a page now and then.
func (l *load) startImport() {
	l.t.Helper()
	cmd := program("import", "-")
	cmd.Env = environ(l.database)
	var err error
	l.lines, err = cmd.StdinPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	l.importer = launch(l.t, cmd, l.file("import.log"))
	l.importing = task.Start(context.Background(), l.writeLines)
}

// writeLines writes pages to the importer until it is stopped, and waits for its end.
func (l *load) writeLines(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		id := fmt.Sprintf("%sIMPORT%06d", l.ledger.prefix, n)
		page := pageOf(phoneAccount(1), id)
		_, err := io.WriteString(l.lines, text(map[string]any{"resource": "page", "id": id, "person": phoneAccount(1), "data": page})+"\n")
		if err != nil {
			break // it has ended, which is a fault
		}
		l.ledger.made("page", id, page)
		pause(rest / 10)
	}

	_ = l.lines.Close()
	l.importer.work.Wait()
	if l.importer.err != nil {
		l.ledger.fault("the import: %v, see %s", l.importer.err, l.file("import.log"))
	}
}

// finish lets everybody come to the end of what was begun. Listeners go on.
func (l *load) finish() {
	l.clients.Stop()
	l.importing.Stop()
}

// leave ends those who listen.
func (l *load) leave() {
	l.streaming.Stop()
	l.follower.kill()
}
