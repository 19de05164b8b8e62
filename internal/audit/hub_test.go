// SPDX-License-Identifier: GPL-3.0-or-later

package audit_test

import (
	"testing"

	"thalamus/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }
