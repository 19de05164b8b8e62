// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

const (
	anaDocs   = "/personal_docs/ESPGNU777ORG"
	birthDocs = anaDocs + "/119b352e-8e4f-4847-9f05-53462cf94f10"
	birthPNG  = birthDocs + "/8789981f-4e31-48d5-8eb8-1774dac8b8f6"
	otherDocs = "/personal_docs/FRAOTH001EUS/page-of-other-0001"
	birthHash = "18145e8e9649e7dba7560caa003bd04e456cdc077e67256f82b38e31e4b4c688" +
		"b16776b36d216ec9e5c7360b2b71bd1bf00d86ebbce651ddf5ddabbbc40582b5"
)

// store puts a document on Ana's first page, as somebody else on the database
// would, and gives its path. data is JSON.
func (h *hub) store(id, content, data string) string {
	h.T.Helper()
	h.DB.Exec(`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ($1, 'ESPGNU777ORG', $2, $3, $4)`,
		id, birthPage, []byte(content), data)
	return birthDocs + "/" + id
}
