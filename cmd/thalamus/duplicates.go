// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// duplicates is "thalamus duplicates".
func duplicates(ctx context.Context, args []string, env environment) error {
	collectMore()
	flags := newFlags("duplicates")
	file := configFlag(flags, env)
	after := flags.String("after", "", "")

	if _, err := parse(flags, args, 0); err != nil {
		return err
	}

	list := pairList{out: env.stdout, place: *after, again: withConfig("thalamus duplicates", *file)}
	const whole = 10_000
	bar := &progress{out: env.stderr, what: "pairs", records: list.pairs.Load, bytes: list.done.Load, total: whole}
	env.stderr = bar

	_, db, err := openConfigured(ctx, *file, env, toMove)
	if err != nil {
		return err
	}
	defer db.Close()

	bar.start()
	err = db.For(fed.Operator).Duplicates(ctx, *after, func(found store.DuplicatesPart) error {
		list.done.Store(int64(found.Done * whole))
		return list.add(found)
	})

	bar.stop()
	return list.told(ctx, err, env.stderr)
}

// pairList writes pairs, and knows how far it has come.
type pairList struct {
	out   io.Writer
	place string // all before it is written
	pairs atomic.Int64
	done  atomic.Int64
	text  []byte

	again string // the command that goes on
}

// add writes a part of the pairs at once, so that it is there whole or not.
func (l *pairList) add(found store.DuplicatesPart) error {
	l.text = l.text[:0]
	for _, pair := range found.Pairs {
		l.text = appendPair(l.text, pair)
	}

	if _, err := l.out.Write(l.text); err != nil {
		return err
	}

	l.pairs.Add(int64(len(found.Pairs)))
	l.place = found.Position
	return nil
}

// told says how it ended, and how to go on if that was not the end.
func (l *pairList) told(ctx context.Context, err error, stderr io.Writer) error {
	if err == nil {
		fmt.Fprintf(stderr, "%d pairs\n", l.pairs.Load())
		return nil
	}

	var known *fed.Error
	if errors.As(err, &known) && known.Kind == fed.Invalid {
		return usageError("--after: " + known.Msg)
	}

	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}

	if l.place == "" {
		return fmt.Errorf("duplicates: %w; nothing is listed yet", err)
	}
	return fmt.Errorf("duplicates: %w after %d pairs; to go on: %s --after %s", err, l.pairs.Load(), l.again, l.place)
}

// appendPair appends a line.
func appendPair(b []byte, pair store.Pair) []byte {
	b = fed.AppendText(append(b, `{"person":`...), pair.Person)
	b = fed.AppendText(append(b, `,"other":`...), pair.Other)
	return append(pair.AppendJSON(append(b, ',')), "}\n"...)
}
