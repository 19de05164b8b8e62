// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"thalamus/internal/command"
	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/terminal"
)

const duplicatesAbout = `Lists all pairs of persons who are probably one and the same, a JSON object a
line, each pair once, the smaller id first, in no order:

    {"person":"ID","other":"ID","score":0.9731,
     "parts":{"names":0.95,"birth":1.00,"gender":1.00,"household":null}}

score is the probability that they are one person; pairs from 0.5 on are listed.
parts tell how far each agrees, from 0 to 1, and null where there is nothing to
compare. A pair is left out if a link says that the two are the same, or are not, or
if that follows from several links. /people/ID/matches tells of one person by the same
comparison.

It only reads, and can be interrupted by SIGINT or SIGTERM. Then it says how to go
on from there: both lists together are the whole. Where other names are frequent by
then, it says so, and must begin anew.

With --queue it lists nothing: the pairs come into the queue of /portal/admin/duplicates, in
place of those that were found before and are not any more. What was decided or put off there
stays so. It always begins anew, and one program does so at a time.`

func duplicatesCommand(env environment) command.Command {
	var after, config string
	var queue bool
	return command.Command{
		Name: "duplicates", Summary: "list persons who are probably there twice", About: duplicatesAbout,
		Flags: []command.Flag{
			{Name: "after", Placeholder: "PLACE", Help: "go on from where an earlier list ended", Into: &after},
			{Name: "queue", Help: "put them into the queue of the portal, and list nothing", Into: &queue},
			configFlag(&config, env),
		},
		Run: func(ctx context.Context, _ []string) error {
			if queue {
				return queueDuplicates(ctx, after, config, env)
			}
			return duplicates(ctx, after, config, env)
		},
	}
}

func duplicates(ctx context.Context, after, config string, env environment) error {
	collectMore()
	list := pairList{out: env.stdout, place: after, again: withConfig("thalamus duplicates", config)}
	const whole = 10_000
	bar := &terminal.Progress{Out: env.stderr, Unit: "pairs", Records: list.pairs.Load, Bytes: list.done.Load, Total: whole}
	env.stderr = bar

	_, db, err := openConfigured(ctx, config, env, toMove)
	if err != nil {
		return err
	}
	defer db.Close()

	bar.Start()
	err = db.For(fed.Operator).Duplicates(ctx, after, func(found store.DuplicatesPart) error {
		list.done.Store(int64(found.Done * whole))
		return list.add(found)
	})

	bar.Stop()
	return list.finish(ctx, err, env.stderr)
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

// finish says how it ended, and how to go on if that was not the end.
func (l *pairList) finish(ctx context.Context, err error, stderr io.Writer) error {
	if err == nil {
		fmt.Fprintf(stderr, "%d pairs\n", l.pairs.Load())
		return nil
	}

	var known *fed.Error
	if errors.As(err, &known) && known.Kind == fed.Invalid {
		return command.UsageError("--after: " + known.Msg)
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
