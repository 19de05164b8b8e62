// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"fmt"
	"sync"

	"thalamus/internal/openapi"
)

// describe adds the rows that describe the others.
func (h *Hub) describe(o Options) {
	h.T.Helper()
	var err error
	h.Description, err = describeOnce(o, func() (*openapi.Description, error) { return openapi.New(h.Rows, o.Version) })
	if err != nil {
		h.T.Fatal(err)
	}
	h.Rows = append(h.Rows, h.Description.Rows()...)
}

// descriptions are those of the hubs until now, by the options that change what is described.
var descriptions sync.Map

func describeOnce(o Options, describe func() (*openapi.Description, error)) (*openapi.Description, error) {
	once, _ := descriptions.LoadOrStore(fmt.Sprint(o.Version, o.SearchFields), sync.OnceValues(describe))
	return once.(func() (*openapi.Description, error))()
}

// contracts are those of the descriptions until now.
var contracts sync.Map

// contract is that of the hub's description.
func (h *Hub) contract() *Contract {
	h.T.Helper()
	description := h.Description
	once, _ := contracts.LoadOrStore(description, sync.OnceValues(func() (*Contract, error) { return NewContract(description.Document("")) }))
	contract, err := once.(func() (*Contract, error))()
	if err != nil {
		h.T.Fatal(err)
	}
	return contract
}
