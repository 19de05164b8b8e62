-- Records whose id is too long for FHIR, where it has 64 characters, are found by a digest of it. Such ids
-- are rare, and so the indexes small. A page's id has to leave room for what tells its observations apart.
CREATE INDEX thalamus_people_long ON people (md5(id::text)) WHERE octet_length(id::text)
	+ 2 * octet_length(translate(id::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-', '')) > 64;
CREATE INDEX thalamus_pols_long ON pols (md5(id::text)) WHERE octet_length(id::text)
	+ 2 * octet_length(translate(id::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-', '')) > 36;
CREATE INDEX thalamus_personal_docs_long ON personal_docs (md5(id::text)) WHERE octet_length(id::text)
	+ 2 * octet_length(translate(id::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-', '')) > 64;
CREATE INDEX thalamus_dus_long ON dus (md5(id::text)) WHERE octet_length(id::text)
	+ 2 * octet_length(translate(id::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-', '')) > 64;
CREATE INDEX thalamus_institutions_long ON institutions (md5(id::text)) WHERE octet_length(id::text)
	+ 2 * octet_length(translate(id::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-', '')) > 64;
