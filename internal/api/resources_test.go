// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"slices"
	"testing"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// The endpoint of a resource is a text, for the vocabulary does not know roles files.
func TestARolesFileGrantsTheEndpointOfEachResource(t *testing.T) {
	t.Parallel()
	for _, info := range fed.Resources() {
		if !slices.Contains(access.Endpoints(), access.Endpoint(info.Endpoint)) {
			t.Errorf("%s: there is no endpoint %q", info.Resource, info.Endpoint)
		}
	}
}
