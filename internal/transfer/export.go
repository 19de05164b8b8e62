// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"bufio"
	"context"
	"encoding/base64"
	"io"
	"sync/atomic"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// Export writes all records of a database, as Import reads them.
type Export struct {
	DB        *store.DB
	Passwords bool // also the hashes of passwords

	Records atomic.Int64 // written so far
	Written map[fed.Resource]int
	Left    map[fed.Resource]int // rows that are no JSON object or belong to nobody, by resource
}

// Run writes the records as they all are at one moment. Equal federations give
// equal bytes. After pg.ErrLost the connection was lost, and another Run begins anew:
// its output does not continue this one.
func (ex *Export) Run(ctx context.Context, w io.Writer) error {
	ex.Records.Store(0)
	ex.Written, ex.Left = map[fed.Resource]int{}, map[fed.Resource]int{}

	out := bufio.NewWriterSize(w, 256<<10)
	err := ex.DB.For(fed.Operator).Dump(ctx, ex.Passwords, func(row store.DumpRow) error {
		if !row.Importable() {
			ex.Left[row.Resource]++
			return nil
		}

		ex.Written[row.Resource]++
		ex.Records.Add(1)
		return write(out, row)
	})
	if err != nil {
		return err
	}

	return out.Flush()
}

// write writes a record as a line. An error of out is one of its Flush, too.
func write(out *bufio.Writer, row store.DumpRow) error {
	head := []byte(`{"resource":"` + string(row.Resource) + `"`)
	if row.Resource != fed.Link {
		head = fed.AppendText(append(head, `,"id":`...), row.ID)
	}
	if row.Person != nil {
		head = fed.AppendText(append(head, `,"person":`...), *row.Person)
	}
	if row.Page != nil {
		head = fed.AppendText(append(head, `,"page":`...), *row.Page)
	}

	_, _ = out.Write(append(head, `,"data":`...))
	_, _ = out.Write(row.Data)
	if row.Resource.Info().Bytes != "" {
		err := writeBytes(out, row.Bytes)
		if err != nil {
			return err
		}
	}
	_, err := out.WriteString("}\n")
	return err
}

func writeBytes(out *bufio.Writer, content io.Reader) error {
	if content == nil {
		_, err := out.WriteString(`,"bytes":null`)
		return err
	}

	_, _ = out.WriteString(`,"bytes":"`)
	encoder := base64.NewEncoder(base64.StdEncoding, out)
	_, err := io.Copy(encoder, content)
	if err != nil {
		return err
	}
	err = encoder.Close()
	if err != nil {
		return err
	}
	return out.WriteByte('"')
}
