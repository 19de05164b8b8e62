# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What a site does that leaves the Python server, and one that goes back to it, after boot of
# cleanroom.sh, which reads this file. The commands are those of the manual.

python_url=postgresql://gnuhealth:python@localhost/federation

# python_site makes what the Python server leaves behind: its database, with the records of the tests, its
# roles.cfg, and the certificate and the key of uWSGI.
python_site() {
    step 'takeover: a site of the Python server'
    check 'dpkg --install new.deb'
    cp internal/testhub/testdata/fixture.json migrations/0001_federation_tables.sql "$place/root/root/"
    cp internal/api/testdata/roles.original.cfg "$place/root/root/roles.cfg"
    check 'openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=clinic -addext subjectAltName=DNS:clinic -keyout key.pem -out cert.pem'
    check "cd / && runuser -u postgres -- psql --command \"CREATE ROLE gnuhealth LOGIN PASSWORD 'python'\" --command 'CREATE DATABASE federation OWNER gnuhealth'"
    check "echo $python_url >federation.url && psql $python_url --set ON_ERROR_STOP=1 --file 0001_federation_tables.sql"
    cat >"$place/root/root/fixture.sql" <<'END'
\set content `cat fixture.json`
INSERT INTO people SELECT row ->> 'id', row -> 'data' FROM jsonb_array_elements(:'content'::jsonb -> 'people') AS row;
INSERT INTO pols SELECT row ->> 'id', row ->> 'book', row -> 'data' FROM jsonb_array_elements(:'content'::jsonb -> 'pols') AS row;
INSERT INTO personal_docs SELECT row ->> 'id', row ->> 'fedacct', row ->> 'pol', decode(row ->> 'document_b64', 'base64'), row -> 'data'
    FROM jsonb_array_elements(:'content'::jsonb -> 'personal_docs') AS row;
INSERT INTO dus SELECT row ->> 'id', row -> 'data' FROM jsonb_array_elements(:'content'::jsonb -> 'dus') AS row;
INSERT INTO institutions SELECT row ->> 'id', row -> 'data' FROM jsonb_array_elements(:'content'::jsonb -> 'institutions') AS row;
END
    check "psql $python_url --set ON_ERROR_STOP=1 --file fixture.sql"
    check "$python_content >before && [ \"\$(wc -l <before)\" -gt 30 ]"
}

# python_content prints what the Python server knows of its tables.
python_content="psql $python_url -At -c 'SELECT id, data FROM people ORDER BY id' -c 'SELECT id, book, data FROM pols ORDER BY id' \
    -c 'SELECT id, fedacct, pol, document, data FROM personal_docs ORDER BY id' -c 'SELECT id, data FROM dus' -c 'SELECT id, data FROM institutions'"

take_over() {
    step 'takeover: the same accounts, records, roles and certificate'
    check "set -e; $(manual takeover 1)"
    refuse "$(manual takeover 2)" # some accounts of the tests are bad ones
    grep -q 'faults: 2, unknown: 0' "$place/said" && grep -q '^warning  roles .*these endpoints are granted to nobody' "$place/said"
    check "$python_content >after && diff before after"
    check "$(as ESPGNU777ORG gnusolidario)/login | grep -qx true"
    check "$(as ITAPYT999HON gnusolidario)/people/ESPGNU777ORG | grep -q '\"Betz\"'"
    refuse "$(as ESPGNU777ORG gnusolidario)/people/ITAPYT999HON"
    check 'diff cert.pem /etc/thalamus/cert.pem && diff roles.cfg /etc/thalamus/roles.cfg'
}

go_back() {
    step 'takeover: back to the Python server, and here again'
    check "set -e; $(manual takeover 3)"
    refuse "$(as ESPGNU777ORG gnusolidario)/login"
    check "psql $python_url -c \"INSERT INTO pols (id, book, data) VALUES ('of-python', 'ESPGNU777ORG', '{\\\"id\\\": \\\"of-python\\\"}')\""
    check "set -e; $(manual takeover 4)"
    soon "$(as ESPGNU777ORG gnusolidario)/pols/ESPGNU777ORG/of-python"
    soon "$(as ARGBUE111FAV freedom)/people/ESPGNU777ORG && thalamus seen ESPGNU777ORG | grep -q ARGBUE111FAV"
}
