// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testdb"
)

// mirror is a hospital's system that applies changes as the manual tells.
type mirror struct {
	t       *testing.T
	records map[string]mirrored
	lines   map[string]string // every change that came, by its cursor
	next    map[string]int64  // the version that a record has next
}

type mirrored struct {
	version int64
	data    string // null: there is none, or none any more
}

func newMirror(t *testing.T) *mirror {
	return &mirror{t, map[string]mirrored{}, map[string]string{}, map[string]int64{}}
}

func (m *mirror) apply(line string) {
	m.t.Helper()
	var c struct {
		Cursor, Resource, ID string
		Version              int64
		Data                 json.RawMessage
	}
	if err := json.Unmarshal([]byte(line), &c); err != nil {
		m.t.Fatalf("%v: %s", err, line)
	}
	if before, ok := m.lines[c.Cursor]; ok {
		if before != line {
			m.t.Errorf("it came as\n%s\nand again as\n%s", before, line)
		}
	}
	key := c.Resource + " " + c.ID
	if next := m.next[key]; next > 0 && c.Version > next {
		m.t.Errorf("%s: version %d comes where %d is due", key, c.Version, next)
	}
	m.next[key] = max(m.next[key], c.Version+1)
	m.lines[c.Cursor] = line
	if c.Version <= m.records[key].version {
		return
	}
	m.records[key] = mirrored{c.Version, string(c.Data)}
}

// kept is what there is.
func (m *mirror) kept() map[string]mirrored {
	kept := map[string]mirrored{}
	for key, r := range m.records {
		if r.data != "null" {
			kept[key] = r
		}
	}
	return kept
}

// hubRecords is what the database holds and clients may see.
func hubRecords(t *testing.T, url string) map[string]mirrored {
	t.Helper()
	const q = `SELECT jsonb_object_agg(key, jsonb_build_object('version', version, 'data', data::text))::text FROM (
		SELECT 'person ' || id AS key, version, data - 'password' AS data FROM people WHERE jsonb_typeof(data) = 'object'
		UNION ALL SELECT 'page ' || id, version, data FROM pols
		UNION ALL SELECT 'document ' || id, version, data FROM personal_docs
		UNION ALL SELECT 'unit ' || id, version, data FROM dus
		UNION ALL SELECT 'institution ' || id, version, data FROM institutions) AS every`
	var rows map[string]struct {
		Version int64
		Data    string
	}
	if err := json.Unmarshal([]byte(testdb.Text(t, url, q)), &rows); err != nil {
		t.Fatal(err)
	}
	records := map[string]mirrored{}
	for key, row := range rows {
		records[key] = mirrored{row.Version, row.Data}
	}
	return records
}

// pages makes, changes, deletes and makes again pages, as a server would not.
const pages = `DO $$
BEGIN
	FOR n IN 1..40 LOOP
		INSERT INTO pols (id, book, data) VALUES (format('ROUND-%s', n), 'FRAOTH001EUS', jsonb_build_object('id', format('ROUND-%s', n), 'n', 1.10, 'info', repeat('é', 100)));
		IF n > 5 THEN
			UPDATE pols SET data = data || jsonb_build_object('n', n) WHERE id = format('ROUND-%s', n - 5);
		END IF;
		IF n % 7 = 0 THEN
			DELETE FROM pols WHERE id = format('ROUND-%s', n - 6);
		END IF;
		IF n % 14 = 0 THEN
			INSERT INTO pols (id, book, data) VALUES (format('ROUND-%s', n - 6), 'FRAOTH001EUS', '{"again": true}');
		END IF;
		COMMIT;
	END LOOP;
END $$`

func TestAHospitalThatIsKilledAgainAndAgainEndsWithWhatTheHubHolds(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	s.environ = append(s.environ, "THALAMUS_SERVER_LISTEN="+freeAddress(t))
	testdb.Exec(t, s.url, `UPDATE people SET data = data || '{"roles": ["root"]}' WHERE id = $1`, other)
	hub := start(t, s.environ, "serve")
	url, cursor := "http://"+hub.address, write(t, "")
	m := newMirror(t)
	var writing sync.WaitGroup
	for round := range 12 {
		writing.Go(func() { testdb.Exec(t, s.url, strings.ReplaceAll(pages, "ROUND", fmt.Sprintf("w%d", round))) })
		if round == 6 {
			_ = hub.cmd.Process.Kill()
			hub.wait()
			hub = start(t, s.environ, "serve")
		}
		m.killAfter(1+rand.IntN(60), nodeOf(t, url, cursor))
	}
	writing.Wait()
	m.killAfter(1<<30, nodeOf(t, url, cursor, "--once"))
	if diff := cmp.Diff(hubRecords(t, s.url), m.kept(), cmp.AllowUnexported(mirrored{})); diff != "" {
		t.Errorf("the hub (-) and the hospital (+) differ:\n%s", diff)
	}
}

// nodeOf is a follower with the account that the test's hub knows.
func nodeOf(t *testing.T, url, cursor string, args ...string) *exec.Cmd {
	t.Helper()
	node := following(t, url, cursor, args...)
	node.Env = append(node.Env, "THALAMUS_FOLLOW_PASSWORD="+otherPwd)
	node.Stderr = os.Stderr
	return node
}

// killAfter applies what a follower prints. After some lines it is killed; what
// it had handed on by then still counts.
func (m *mirror) killAfter(lines int, node *exec.Cmd) {
	m.t.Helper()
	out, err := node.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		m.t.Fatal(err)
	}
	reader := bufio.NewReader(out)
	for n := 1; ; n++ {
		line, err := reader.ReadString('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			m.t.Fatal(err)
		}
		m.apply(strings.TrimSuffix(line, "\n"))
		if n == lines {
			_ = node.Process.Kill()
		}
	}
	if err := node.Wait(); err != nil && lines == 1<<30 {
		m.t.Error(err)
	}
}
