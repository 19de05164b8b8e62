// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"sync/atomic"
	"time"

	"thalamus/internal/pg"
	"thalamus/internal/store"
	"thalamus/internal/task"
)

const (
	lookInterval = 500 * time.Millisecond // between two looks at the files
	lastLook     = 2 * time.Second        // what the last look may take, while the server ends
	followed     = 2                      // files that may still be written: the newest, and the one before until the reload
)

// Index copies the lines of the record's files into the database, each exactly once, where
// store.View.Accesses finds them by person. A line is there within two seconds, unless the
// database is away or there is a backlog.
//
// How far a file was copied is in the database, under the hash of its first line and in
// the transaction of the lines. So nothing is lost or doubled by a kill, a rotation, another
// server that copies the same file, or a database from a backup.
type Index struct {
	record *File
	db     *store.DB
	log    *slog.Logger
	asOf   atomic.Int64 // all lines before it are copied of the newest files, in nanoseconds since 1970; 0: not started
}

// NewIndex makes an Index, which starts nothing.
func NewIndex(record *File, db *store.DB, log *slog.Logger) *Index {
	return &Index{record: record, db: db, log: log}
}

// Lag is how far the index may be behind the newest files of the record. known is false before the
// index is started, and where there is none.
func (x *Index) Lag(now time.Time) (lag time.Duration, known bool) {
	asOf := x.asOf.Load()
	return now.Sub(time.Unix(0, asOf)), asOf != 0
}

// Start copies lines until stop is called, which copies the last ones. It outlives ctx, as the
// last requests do. Older files are copied beside the newest ones, which do not wait for them.
func (x *Index) Start(ctx context.Context) (stop func()) {
	if !x.record.Indexed() {
		return func() {}
	}

	ctx = context.WithoutCancel(ctx)
	x.asOf.Store(time.Now().UnixNano())
	recent, older := x.followers()
	copying := task.Start(ctx, recent.run, older.run)

	return func() {
		copying.Stop()

		ctx, cancel := context.WithTimeout(ctx, lastLook)
		defer cancel()
		recent.report(ctx, recent.look(ctx))
	}
}

// followers make one for the newest files, and one for all others.
func (x *Index) followers() (recent, older *follower) {
	recent = &follower{index: x, asOf: &x.asOf, lines: newLineReader(nil), choose: func(all []recordFile) []recordFile { return all[:min(followed, len(all))] }}
	older = &follower{index: x, asOf: new(atomic.Int64), lines: newLineReader(nil), choose: func(all []recordFile) []recordFile { return all[min(followed, len(all)):] }}
	return recent, older
}

// follower copies some of the files, whenever they have changed.
type follower struct {
	index   *Index
	asOf    *atomic.Int64 // when its last whole look began, in nanoseconds since 1970
	lines   *lineReader
	choose  func([]recordFile) []recordFile // from all, the newest of which is the first
	copied  map[string]fs.FileInfo          // of files that were copied to their end, as they were then
	failing bool
}

func (f *follower) run(ctx context.Context) {
	for ctx.Err() == nil {
		f.report(ctx, f.look(ctx))
		pg.Pause(ctx, lookInterval)
	}
}

// report tells the log that the index stands still, and that it goes on.
func (f *follower) report(ctx context.Context, err error) {
	failed := err != nil
	switch {
	case ctx.Err() != nil || failed == f.failing:
		return
	case failed:
		f.index.log.Warn("the index of the access record stands still", "error", err)
	default:
		f.index.log.Info("the index of the access record goes on")
	}
	f.failing = failed
}

// look copies what has come since the last time. An error is one of the database, or of the
// record's directory.
func (f *follower) look(ctx context.Context) error {
	if f.index.db.ReadOnly() {
		return store.ErrReadOnly // the lines stay in the files
	}

	begun := time.Now()
	files, err := newestFirst(f.index.record.name)
	if err != nil {
		return err
	}

	before := f.copied
	f.copied = map[string]fs.FileInfo{}
	for _, file := range f.choose(files) {
		if !isUnchanged(before[file.name], file.info) {
			whole, err := f.take(ctx, file.name)
			if err != nil {
				return err
			}
			if !whole {
				continue
			}
		}
		f.copied[file.name] = file.info
	}

	f.asOf.Store(begun.UnixNano())
	return nil
}

// take copies what a file has more, and reports whether there is no need to look into it again
// before it changes. One that cannot be read is told of once.
func (f *follower) take(ctx context.Context, name string) (whole bool, err error) {
	err = f.copyFile(ctx, name)

	var unreadable unreadableError
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errOvertaken):
		return false, nil
	case errors.As(err, &unreadable):
		f.index.log.Warn("a file of the access record is not in its index", "file", name, "error", unreadable.error)
		return true, nil
	}
	return err == nil, err
}
