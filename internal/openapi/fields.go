// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

// The records are free-form: whatever a client sends is stored and comes back. These are the
// keys that the hub itself looks at, and those that clients in the field send. Of the latter no
// schema may demand a type, because the hub does not.

var person = Schema{
	Name: "Person", Type: "object", Open: true, About: "A person of the Person Master Index, with whatever keys were sent.",
	Never: []string{"password"},
	Fields: []Field{
		hub("id", "The federation account, in upper case.", `"ESPGNU777ORG"`),
		hub("name", "First names. Searches and matches look at it.", `"Ana Isabel"`),
		hub("lastname", "Family names. Searches and matches look at it.", `"Betz Prueba"`),
		hub("gender", "m, f, nb, other or nd. Matches look at it.", `"f"`),
		hub("dob", "Date of birth. Searches and matches look at it.", `"1985-10-04"`),
		hub("du", "The domiciliary unit. Matches look at it.", `"ES-DU-7"`),
		hub("active", "Whether the account may log in: true or null; absent counts as true.", `true`),
		hub("roles", "What roles.cfg grants to the account.", `["end_user"]`),
		hub("deceased", "Searches look at it.", `false`),
		sent("marital_status", "A hub may let searches compare it.", `"married"`),
		sent("education", "A hub may let searches compare it.", `"tertiary"`),
		sent("profession", "A hub may let searches compare it.", `"nurse"`),
		sent("dod", "Date of death.", `"2021-02-17"`),
		sent("ethnicity", "", `"latino"`),
		sent("_id", "The id, in old records.", `"ESPGNU777ORG"`),
		info("creation_info", "By whom and where it was made; `node` in it counts in feed and history."),
		info("modification_info", "The same of the last change."),
	},
}

var personSent = Schema{
	Name: "PersonSent", Type: "object", Open: true, About: "A person as it is sent: any keys, of which these have rules.",
	Fields: []Field{
		maybe("id", Schema{Type: "string", Null: true, About: "It may be repeated; the path's counts, in upper case."}),
		maybe("roles", Schema{
			About: "A list of names, or a text with commas between them; [\"end_user\"] if there is none.",
			AnyOf: []Schema{{Type: "string"}, {Type: "array", Items: &Schema{Type: "string"}}, {Type: "null"}},
		}),
		maybe("active", Schema{Type: "boolean", Null: true, About: "Whether the account may log in."}),
		maybe("password", Schema{Type: "string", Null: true, About: "A bcrypt hash, or a text that is hashed here. No reply has it."}),
	},
}

var page = Schema{
	Name: "Page", Type: "object", Open: true, About: "A page of life, with whatever keys were sent.",
	Fields: []Field{
		hub("id", "A UUID that the client made.", `"5f0c6a52-6b0e-4f0a-9c6e-0d5b0a3c1e77"`),
		sent("book", "The person's federation account. Whose page it is says the path alone.", `"ESPGNU777ORG"`),
		hub("page_date", "When it was. Books are read by it; a time without a zone is taken as UTC.", `"2026-05-31 08:00:00"`),
		hub("page_type", "Books are filtered by it.", `"medical"`),
		hub("domain", "Books are filtered by it.", `"medical"`),
		hub("context", "Phones' word for what it is about. Books are filtered by it.", `"monitoring"`),
		hub("medical_context", "Hospitals' word for the same.", `"encounter"`),
		sent("age", "How old the person was.", `"40y 7m 27d"`),
		sent("author", "Who wrote it, as people read it.", `"Dr. Cordara"`),
		sent("author_acct", "The author's federation account.", `"ITAPYT999HON"`),
		sent("relevance", "How much it matters.", `"important"`),
		sent("privacy", "Whether the person keeps it to themselves, as the phone has it.", `false`),
		sent("measurements", "A list of objects as phones send it, or a text as hospitals do. The portal draws it.", `[{"bp": {"systolic": 121, "diastolic": 77}}, {"hr": 70}]`),
		sent("health_condition_text", "A condition, in words.", `"Type 2 diabetes mellitus"`),
		sent("health_condition_code", "Its code, in ICD-10.", `"E11"`),
		sent("procedure_text", "A procedure, in words.", `"Appendicectomy"`),
		sent("procedure_code", "Its code.", `"0DTJ"`),
		sent("gene", "A gene.", `"BRCA1"`),
		sent("phenotype", "What the variant does.", `"Breast cancer"`),
		sent("natural_variant", "The variant.", `"C61G"`),
		sent("genetic_info", "The same, as phones send it.", ``),
		sent("social_context", "Of a page of social life.", `"housing"`),
		sent("summary", "One line.", `"Home monitoring"`),
		sent("info", "The whole text.", `"After two weeks of walking"`),
		sent("fsynced", "The phone's own.", `true`),
		sent("page", "The id, as phones repeat it.", `"5f0c6a52-6b0e-4f0a-9c6e-0d5b0a3c1e77"`),
		hub("node", "Where it was written, for feed and history, unless an info object says it.", `"mygnuhealth"`),
		info("creation_info", "By whom and where it was made; `node` in it counts in feed and history."),
		info("modification_info", "The same of the last change."),
	},
}

var pageSent = Schema{
	Name: "PageSent", Type: "object", About: "A page of life as it is sent: any keys beside its id.", Open: true,
	Fields: []Field{always("id", text("The id of the path."))},
}

var documentData = Schema{
	Name: "DocumentData", Type: "object", Null: true, Open: true, About: "What is said about a document, with whatever keys were sent.",
	Fields: []Field{
		hub("id", "The id of the document.", `"report-may"`),
		hub("fedacct", "Whose it is, if the client says so: as in the path.", `"ESPGNU777ORG"`),
		hub("pol", "The page of life, if the client says so: as in the path.", `"5f0c6a52-6b0e-4f0a-9c6e-0d5b0a3c1e77"`),
		hub("hash", "SHA-512 of the bytes, in hexadecimal. Filled in.", `"cf83e1357eefb8bd..."`),
		hub("content_type", "As it was sent.", `"application/pdf"`),
		hub("filename", "As it was sent, without directories.", `"report.pdf"`),
		hub("extension", "Behind the id, the name of the download without a filename.", `"pdf"`),
		sent("description", "The portal's title.", `"Blood count of 3 June"`),
		sent("type", "What kind of document it is.", `"note"`),
		sent("context", "What it is for.", `"identification"`),
		sent("active", "", `true`),
	},
}

// document is the same in the reply to a write, where it is always an object.
var document = Schema{
	Name: "Document", Type: "object", Open: true, About: documentData.About, Fields: documentData.Fields,
}

var unit = Schema{
	Name: "DomiciliaryUnit", Type: "object", Open: true, About: "A domiciliary unit: where people live. It has whatever keys were sent.",
	Fields: []Field{
		hub("id", "As in the path.", `"ES-DU-7"`),
		sent("name", "", `"Betz Quintana household"`),
		sent("desc", "In words.", `"Two-storey house with a courtyard"`),
		sent("address", "", address),
		sent("lat", "Latitude.", `27.9716`),
		sent("lon", "Longitude.", `-15.3904`),
		sent("dwelling", "", `"single_house"`),
		sent("bedrooms", "How many.", `4`),
		sent("bathrooms", "How many.", `2`),
		sent("water", "", `true`),
		sent("electricity", "", `true`),
		sent("sewers", "", `true`),
		sent("internet", "", `true`),
		sent("members", "Who lives there.", `[{"person": "ESPGNU777ORG", "role": "mother"}]`),
		info("creation_info", "By whom and where it was made; `node` in it counts in feed and history."),
	},
}

var institution = Schema{
	Name: "Institution", Type: "object", Open: true, About: "A health institution, with whatever keys were sent.",
	Fields: []Field{
		hub("id", "As in the path.", `"GNUHOSP"`),
		sent("name", "", `"GNU Solidario Hospital"`),
		sent("type", "", `"general"`),
		sent("desc", "In words.", `"General hospital with maternity and a laboratory"`),
		sent("address", "", address),
		sent("lat", "Latitude.", `28.1027`),
		sent("lon", "Longitude.", `-15.4312`),
		sent("beds", "How many.", `240`),
		sent("emergency", "Whether it has an emergency room.", `true`),
		sent("active", "", `true`),
		info("creation_info", "By whom and where it was made; `node` in it counts in feed and history."),
	},
}

var recordSent = Schema{
	Name: "RecordSent", Type: "object", Open: true, About: "Any keys. The id may be repeated.",
	Fields: []Field{maybe("id", Schema{Type: "string", Null: true, About: "The id of the path."})},
}

// address is that of units and institutions.
const address = `{"street": "Calle Real", "number": "7", "city": "Las Palmas", "subdivision": "ES-GC", "country": "ESP"}`

// hub is a key that the hub looks at, sent one that clients in the field send.
func hub(name, about, example string) Field {
	return Field{Name: name, Schema: Schema{About: about, Example: example}, Optional: true, Hub: true}
}

func sent(name, about, example string) Field {
	return maybe(name, Schema{About: about, Example: example})
}

func info(name, about string) Field {
	return sent(name, about, `{"user": "ana", "timestamp": "2026-05-31 08:00:02", "node": "mygnuhealth"}`)
}
