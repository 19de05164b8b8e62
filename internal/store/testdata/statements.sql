-- The statements of the store, each where it is sent first. "reads all of" names the tables that
-- are read from one end to the other, on purpose.
-- After a change on purpose: go test ./internal/store -run TestStatements -update

-- a person
SELECT id, (data - 'password')::text, version::text, linked FROM people WHERE id = ANY($1) AND jsonb_typeof(data) = 'object';

-- how an id is stored
SELECT id FROM people WHERE id IN ($1, $2) ORDER BY id = $1 DESC LIMIT 1;

-- whether there is a person
SELECT EXISTS (SELECT FROM people WHERE id = $1);

-- an account that logs in
SELECT id, data ->> 'password', data -> 'roles', NOT (COALESCE(data -> 'active', 'null') IN ('true', 'null'))
		FROM people WHERE id IN ($1, $2) ORDER BY id <> $1 LIMIT 1;

-- a stronger hash
WITH quietly AS (SELECT set_config('thalamus.upgrade', 'on', true)),
		upgraded AS (
			UPDATE people SET data = jsonb_set(data, '{password}', to_jsonb($3::text)) FROM quietly WHERE id = $1 AND data ->> 'password' = $2
			RETURNING id
		)
		UPDATE thalamus_session AS s SET proof = sha256(convert_to($3, 'UTF8')) FROM upgraded
		WHERE s.account = upgraded.id AND s.proof = sha256(convert_to($2, 'UTF8'));

-- a new person
SELECT EXISTS (SELECT FROM thalamus_changes WHERE resource = 'person' AND id = $1)
		AND NOT EXISTS (SELECT FROM people WHERE id = $1);
WITH asked AS (
	SELECT set_config('thalamus.account', $1, true), set_config('thalamus.request', $2, true),
		set_config('thalamus.recreate', $3, true), set_config('thalamus.node', COALESCE(thalamus_node($5::jsonb, 'creation_info'), thalamus_node($5::jsonb, 'modification_info'), ''), true)
)
INSERT INTO people (id, data) SELECT $4::varchar, $5::jsonb || $6::jsonb FROM asked
ON CONFLICT (id) DO NOTHING RETURNING (data - 'password')::text, version;

-- a new person again
SELECT (data - 'password')::text, version, COALESCE(data ->> 'password', ''),
			COALESCE(data IS NOT NULL AND ($2::jsonb || $3::jsonb) - 'password' IN (data - 'password', creation), false)
		FROM (SELECT version, creation, CASE WHEN jsonb_typeof(data) = 'object' THEN data END AS data FROM people WHERE id = $1) AS person;
SELECT pg_current_xact_id(), pg_logical_emit_message(true, 'thalamus', '');

-- a change of a person
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', COALESCE(thalamus_node(@patch::jsonb, 'modification_info'), thalamus_node(@patch::jsonb, 'creation_info'), ''), true)
), stored AS (
	SELECT *, CASE
		WHEN COALESCE(data, 'null') IN ('null', '{}') THEN (@patch::jsonb || @filled::jsonb || CASE
			WHEN data -> 'roles' IS DISTINCT FROM @patch::jsonb -> 'roles' THEN @roles::jsonb ELSE '{}'
		END) || CASE WHEN @patch::jsonb ? 'id' THEN jsonb_build_object('id', id) ELSE '{}' END
		WHEN jsonb_typeof(data) = 'object' THEN data || ((@patch::jsonb || @filled::jsonb || CASE
			WHEN data -> 'roles' IS DISTINCT FROM @patch::jsonb -> 'roles' THEN @roles::jsonb ELSE '{}'
		END) - 'id')
	END AS merged
	FROM people WHERE id = @id
), measured AS MATERIALIZED (
	SELECT *, octet_length(merged::text) AS size, octet_length(data::text) AS kept,
		@patch::jsonb - '{active,roles,password,id}'::text[] <> '{}' AS adds FROM stored
), judged AS (
	SELECT id, version, merged, COALESCE(size, 0) + COALESCE(kept, 0) AS growth, CASE
		WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale'
		WHEN merged IS NULL THEN 'not an object'
		WHEN @patch::jsonb ? 'id' AND (@patch::jsonb -> 'id' IN (to_jsonb(id), to_jsonb(@spelled::text), data -> 'id')) IS NOT TRUE THEN 'other id'
		WHEN NOT @administers AND (
				merged -> 'roles' IS DISTINCT FROM data -> 'roles'
				OR merged -> 'active' IS DISTINCT FROM data -> 'active'
			) THEN 'needs the grant roles'
		WHEN NOT @administers AND merged -> 'institution' IS DISTINCT FROM data -> 'institution' THEN 'needs the grant roles for the institution'
		WHEN @patch::jsonb ? 'active' AND (@patch::jsonb -> 'active' IN ('true', 'false', 'null', data -> 'active')) IS NOT TRUE THEN 'odd active'
		WHEN @wrong_roles AND merged -> 'roles' IS DISTINCT FROM data -> 'roles' THEN 'wrong roles'
		WHEN @password AND NOT @own AND NOT @administers
			AND NOT COALESCE(NULLIF(data -> 'roles', 'null'), '[]') <@ '["end_user"]' THEN 'holds roles'
		WHEN NOT @spare AND (COALESCE(jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ?| @administrators, false)
				AND (COALESCE(data -> 'active', 'null') IN ('true', 'null'))
				AND COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false))
			AND NOT (COALESCE(jsonb_typeof(merged -> 'roles') = 'array' AND merged -> 'roles' ?| @administrators, false)
				AND (COALESCE(merged -> 'active', 'null') IN ('true', 'null'))
				AND COALESCE(length(merged ->> 'password') = 60
				AND merged ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false)) THEN 'last administrator'
		WHEN adds AND size > @max_record -- in fewer bytes there are no more
			AND octet_length(regexp_replace(merged::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g')) > GREATEST(@max_record, octet_length(regexp_replace(data::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g'))) THEN 'too large'
		WHEN adds AND size > 2 * @max_elements::bigint -- each takes two bytes at least
			AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > @max_elements AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > (SELECT count(*) - 1 FROM jsonb_path_query(data, 'strict $.**')) THEN 'too wide'
		ELSE ''
	END AS objection
	FROM measured
) SELECT objection, version FROM judged;
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', COALESCE(thalamus_node(@patch::jsonb, 'modification_info'), thalamus_node(@patch::jsonb, 'creation_info'), ''), true)
), stored AS (
	SELECT *, CASE
		WHEN COALESCE(data, 'null') IN ('null', '{}') THEN (@patch::jsonb || @filled::jsonb || CASE
			WHEN data -> 'roles' IS DISTINCT FROM @patch::jsonb -> 'roles' THEN @roles::jsonb ELSE '{}'
		END) || CASE WHEN @patch::jsonb ? 'id' THEN jsonb_build_object('id', id) ELSE '{}' END
		WHEN jsonb_typeof(data) = 'object' THEN data || ((@patch::jsonb || @filled::jsonb || CASE
			WHEN data -> 'roles' IS DISTINCT FROM @patch::jsonb -> 'roles' THEN @roles::jsonb ELSE '{}'
		END) - 'id')
	END AS merged
	FROM people WHERE id = @id FOR UPDATE
), measured AS MATERIALIZED (
	SELECT *, octet_length(merged::text) AS size, octet_length(data::text) AS kept,
		@patch::jsonb - '{active,roles,password,id}'::text[] <> '{}' AS adds FROM stored
), judged AS (
	SELECT id, version, merged, COALESCE(size, 0) + COALESCE(kept, 0) AS growth, CASE
		WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale'
		WHEN merged IS NULL THEN 'not an object'
		WHEN @patch::jsonb ? 'id' AND (@patch::jsonb -> 'id' IN (to_jsonb(id), to_jsonb(@spelled::text), data -> 'id')) IS NOT TRUE THEN 'other id'
		WHEN NOT @administers AND (
				merged -> 'roles' IS DISTINCT FROM data -> 'roles'
				OR merged -> 'active' IS DISTINCT FROM data -> 'active'
			) THEN 'needs the grant roles'
		WHEN NOT @administers AND merged -> 'institution' IS DISTINCT FROM data -> 'institution' THEN 'needs the grant roles for the institution'
		WHEN @patch::jsonb ? 'active' AND (@patch::jsonb -> 'active' IN ('true', 'false', 'null', data -> 'active')) IS NOT TRUE THEN 'odd active'
		WHEN @wrong_roles AND merged -> 'roles' IS DISTINCT FROM data -> 'roles' THEN 'wrong roles'
		WHEN @password AND NOT @own AND NOT @administers
			AND NOT COALESCE(NULLIF(data -> 'roles', 'null'), '[]') <@ '["end_user"]' THEN 'holds roles'
		WHEN NOT @spare AND (COALESCE(jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ?| @administrators, false)
				AND (COALESCE(data -> 'active', 'null') IN ('true', 'null'))
				AND COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false))
			AND NOT (COALESCE(jsonb_typeof(merged -> 'roles') = 'array' AND merged -> 'roles' ?| @administrators, false)
				AND (COALESCE(merged -> 'active', 'null') IN ('true', 'null'))
				AND COALESCE(length(merged ->> 'password') = 60
				AND merged ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false)) THEN 'last administrator'
		WHEN adds AND size > @max_record -- in fewer bytes there are no more
			AND octet_length(regexp_replace(merged::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g')) > GREATEST(@max_record, octet_length(regexp_replace(data::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g'))) THEN 'too large'
		WHEN adds AND size > 2 * @max_elements::bigint -- each takes two bytes at least
			AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > @max_elements AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > (SELECT count(*) - 1 FROM jsonb_path_query(data, 'strict $.**')) THEN 'too wide'
		ELSE ''
	END AS objection
	FROM measured
), written AS (
	UPDATE people AS target SET data = judged.merged FROM judged, asked
	WHERE target.id = judged.id AND judged.objection = ''
	RETURNING target.data, target.version
)
SELECT judged.objection, (written.data - 'password')::text, COALESCE(written.version, judged.version), judged.growth FROM judged LEFT JOIN written ON true;

-- an administrator who is one no longer
-- reads all of people
SELECT EXISTS (SELECT FROM people WHERE id <> @id AND (COALESCE(jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ?| @administrators, false)
				AND (COALESCE(data -> 'active', 'null') IN ('true', 'null'))
				AND COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false)));

-- the removal of a person
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', '', true)
), judged AS (
	SELECT id, version, COALESCE(octet_length(data::text), 0)  AS kept,
		CASE WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale' WHEN (COALESCE(data -> 'active', 'null') IN ('true', 'null')) THEN 'still active' ELSE '' END AS objection
	FROM people WHERE id = @id FOR UPDATE
), deleted AS (
	DELETE FROM people AS target USING judged, asked WHERE target.id = judged.id AND judged.objection = ''
)
SELECT objection, version, kept FROM judged;

-- ten persons
SELECT id, size, CASE WHEN total <= $1::bigint THEN text END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $2::bigint AND before < $1::bigint THEN (data - 'password')::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data FROM people WHERE COALESCE(jsonb_typeof(data) = 'object', false) ORDER BY id LIMIT 11
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- ten persons behind one
SELECT id, size, CASE WHEN total <= $2::bigint THEN text END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $3::bigint AND before < $2::bigint THEN (data - 'password')::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data FROM people WHERE COALESCE(jsonb_typeof(data) = 'object', false) AND id > $1 ORDER BY id LIMIT 11
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- persons who were born in some years
SELECT id, size, CASE WHEN total <= $3::bigint THEN text END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $4::bigint AND before < $3::bigint THEN (data - 'password')::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data FROM people WHERE COALESCE(jsonb_typeof(data) = 'object', false) AND birth BETWEEN $1 AND $2 ORDER BY id LIMIT 11
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- all persons
SELECT id, CASE WHEN octet_length(text) <= 1048576 THEN text END
FROM people, LATERAL (SELECT (data - 'password')::text AS text OFFSET 0) AS written WHERE COALESCE(jsonb_typeof(data) = 'object', false) AND id > $1 ORDER BY id;
SELECT id, size, CASE WHEN total <= $1::bigint THEN text END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= 500::bigint AND before < $1::bigint THEN (data - 'password')::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (SELECT id, data FROM people WHERE COALESCE(jsonb_typeof(data) = 'object', false) ORDER BY id LIMIT 500) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- the history of a person and the book
SELECT id, size, CASE WHEN total <= @bytes::bigint THEN text END, rank, version, part, operation, time, account, node FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= @rows::bigint AND before < @bytes::bigint THEN COALESCE(data::text, '') END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (
SELECT c.*, CASE c.resource WHEN 'person' THEN (CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data - 'password' END FROM people WHERE id = c.id AND version = c.version)) END) WHEN 'page' THEN (CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data END FROM pols WHERE id = c.id AND version = c.version)) END) END AS data FROM (
	SELECT record.rank, record.id, c.resource, COALESCE(c.version, 0) AS version, COALESCE(c.part, 0) AS part,
		COALESCE(c.operation, '') AS operation, COALESCE(c.time, 'epoch') AS time, c.account, c.node,
		row_number() OVER (ORDER BY record.rank, record.id, c.version DESC, c.part DESC) AS n
	FROM (
		SELECT rank, id, resource FROM (
			SELECT 0 AS rank, id, 'person' AS resource FROM people WHERE id = @person
			UNION ALL SELECT 1, id, 'page' FROM pols WHERE book = @person
		) AS all_records
		WHERE (rank, id) > (@rank::integer, @id::text) OR (rank, id) = (@rank, @id) AND @version::bigint > 0
		ORDER BY rank, id LIMIT @most::bigint
	) AS record LEFT JOIN thalamus_changes AS c ON c.id = record.id AND c.resource = record.resource AND c.person = @person
		AND c.operation <> 'cut' AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id))
		AND (record.rank <> @rank OR record.id <> @id OR (c.version, c.part) < (@version, @part::bigint))
	ORDER BY n LIMIT @most
) AS c) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- a page
SELECT data::text, version FROM pols WHERE id = $2 AND book = $1 AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($3::text[] IS NULL OR NOT thalamus_withheld($3, pols.book, pols.id)) ELSE false END;

-- a new page
WITH asked AS (
	SELECT set_config('thalamus.account', $1, true), set_config('thalamus.request', $2, true),
		set_config('thalamus.recreate', $3, true), set_config('thalamus.node', COALESCE(thalamus_node($5::jsonb, 'creation_info'), thalamus_node($5::jsonb, 'modification_info'), thalamus_node($5::jsonb), ''), true)
)
INSERT INTO pols (id, data, book) SELECT $4::varchar, $5::jsonb, $6::varchar FROM asked
ON CONFLICT (id) DO NOTHING RETURNING (data)::text, version;

-- a new page again
SELECT EXISTS (SELECT FROM people WHERE id = $1), COALESCE(book = $1, false) AND ($4::text[] IS NULL OR NOT thalamus_withheld($4, pols.book, pols.id)),
	COALESCE(data = $3::jsonb OR creation = $3::jsonb, false), data::text, version FROM pols WHERE id = $2;

-- a change of a page
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', COALESCE(thalamus_node(@patch::jsonb, 'modification_info'), thalamus_node(@patch::jsonb, 'creation_info'), thalamus_node(@patch::jsonb), ''), true)
), stored AS (
	SELECT *, CASE
		WHEN COALESCE(data, 'null') IN ('null', '{}') THEN (CASE WHEN @patch::jsonb -> 'book' = to_jsonb(book) THEN @patch::jsonb ELSE @patch::jsonb - 'book' END) || CASE WHEN @patch::jsonb ? 'id' THEN jsonb_build_object('id', id) ELSE '{}' END
		WHEN jsonb_typeof(data) = 'object' THEN data || ((CASE WHEN @patch::jsonb -> 'book' = to_jsonb(book) THEN @patch::jsonb ELSE @patch::jsonb - 'book' END) - 'id')
	END AS merged
	FROM pols WHERE id = @id AND book = @book AND (@asker::text[] IS NULL OR NOT thalamus_withheld(@asker, pols.book, pols.id)) FOR UPDATE
), measured AS MATERIALIZED (
	SELECT *, octet_length(merged::text) AS size, octet_length(data::text) AS kept,
		@patch::jsonb - '{active,roles,password,id}'::text[] <> '{}' AS adds FROM stored
), judged AS (
	SELECT id, version, merged, COALESCE(size, 0) + COALESCE(kept, 0) AS growth, CASE
		WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale'
		WHEN merged IS NULL THEN 'not an object'
		WHEN @patch::jsonb ? 'id' AND (@patch::jsonb -> 'id' IN (to_jsonb(id), data -> 'id')) IS NOT TRUE THEN 'other id'
		WHEN @patch::jsonb ? 'book' AND (@patch::jsonb -> 'book' IN (to_jsonb(book), to_jsonb(@spelled::text), data -> 'book')) IS NOT TRUE THEN 'other book'
		WHEN @keeps_privacy AND ((data @> '{"privacy": true}') IS TRUE) <> ((merged @> '{"privacy": true}') IS TRUE) THEN 'privacy of others'
		WHEN adds AND size > @max_record -- in fewer bytes there are no more
			AND octet_length(regexp_replace(merged::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g')) > GREATEST(@max_record, octet_length(regexp_replace(data::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g'))) THEN 'too large'
		WHEN adds AND size > 2 * @max_elements::bigint -- each takes two bytes at least
			AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > @max_elements AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > (SELECT count(*) - 1 FROM jsonb_path_query(data, 'strict $.**')) THEN 'too wide'
		ELSE ''
	END AS objection
	FROM measured
), written AS (
	UPDATE pols AS target SET data = judged.merged FROM judged, asked
	WHERE target.id = judged.id AND judged.objection = ''
	RETURNING target.data, target.version
)
SELECT judged.objection, (written.data)::text, COALESCE(written.version, judged.version), judged.growth FROM judged LEFT JOIN written ON true;

-- the removal of a page
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', '', true)
), judged AS (
	SELECT id, version, COALESCE(octet_length(data::text), 0)  AS kept,
		CASE WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale'  ELSE '' END AS objection
	FROM pols WHERE id = @id AND book = @book AND (@asker::text[] IS NULL OR NOT thalamus_withheld(@asker, pols.book, pols.id)) FOR UPDATE
), deleted AS (
	DELETE FROM pols AS target USING judged, asked WHERE target.id = judged.id AND judged.objection = ''
)
SELECT objection, version, kept FROM judged;

-- a person, and since when it is so
SELECT id, (data - 'password')::text, version::text, linked,
	(date_part('epoch', (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = people.id AND resource = 'person'
	AND thalamus_changes.version = people.version AND part = 0)) * 1000000)::bigint::text
	FROM people WHERE id = ANY($1) AND jsonb_typeof(data) = 'object';

-- a page, and since when it is so
SELECT data::text, version, (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = pols.id AND resource = 'page'
	AND thalamus_changes.version = pols.version AND part = 0) FROM pols WHERE id = $2 AND book = $1 AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($3::text[] IS NULL OR NOT thalamus_withheld($3, pols.book, pols.id)) ELSE false END;

-- a document, and since when it is so
SELECT data::text, version, (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = personal_docs.id AND resource = 'document'
	AND thalamus_changes.version = personal_docs.version AND part = 0), COALESCE(pol, ''), COALESCE(octet_length(document), -1)
	FROM personal_docs WHERE id = $2 AND fedacct = $1 AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($3::text[] IS NULL OR NOT thalamus_withheld($3, personal_docs.fedacct, personal_docs.pol)) ELSE false END;

-- a unit, and since when it is so
SELECT data::text, version, (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = dus.id AND resource = 'unit'
	AND thalamus_changes.version = dus.version AND part = 0) FROM dus WHERE id = $1 AND COALESCE(jsonb_typeof(data) = 'object', false);

-- whose a page is
SELECT COALESCE(book, '') FROM pols WHERE id = $1;

-- a page by the digest of its id
SELECT id FROM pols WHERE md5(id::text) = $1 AND octet_length(id::text) + 2 * octet_length(translate(id::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-', '')) > 36 ORDER BY id LIMIT 1;

-- ten pages of a book, and since when they are so
SELECT id, size, CASE WHEN total <= $5::bigint THEN text END, page_time, key, version, CASE WHEN text IS NOT NULL THEN (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = c.id AND resource = 'page'
	AND thalamus_changes.version = c.version AND part = 0) END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $6::bigint AND before < $5::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (
WITH dated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NOT NULL AND (page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END) >= ($3::timestamp, $4::text) AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time, key LIMIT 11
	) AS page ORDER BY page_time, key LIMIT 11
), undated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time, key LIMIT 11 - (SELECT count(*) FROM dated)
	) AS page ORDER BY page_time, key LIMIT 11 - (SELECT count(*) FROM dated)
)
SELECT *, row_number() OVER (ORDER BY page_time NULLS LAST, key) AS n FROM (SELECT * FROM dated UNION ALL SELECT * FROM undated) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- pages with some parts of a book
SELECT id, size, CASE WHEN total <= $10::bigint THEN text END, page_time, key, parts, version, CASE WHEN text IS NOT NULL THEN (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = c.id AND resource = 'page'
	AND thalamus_changes.version = c.version AND part = 0) END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $11::bigint AND before < $10::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT found.*, page.data FROM (
	SELECT *, row_number() OVER (ORDER BY page_time DESC NULLS LAST, key DESC) AS n FROM (
		SELECT id, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key, parts FROM pols, LATERAL (SELECT translate(data ->> 'measurements', '"', '''') AS measured OFFSET 0) AS text,
		LATERAL (SELECT CASE WHEN data ->> $3::text <> '' OR data ->> $4::text <> '' OR data ->> $6::text = ANY ($5::text[]) OR data ->> $7::text = ANY ($5::text[]) THEN 1 ELSE 0 END | CASE WHEN measured IS NULL THEN 0 WHEN strpos(measured, '\') > 0 THEN 6 ELSE CASE WHEN strpos(measured, $8::text) > 0 THEN 2 ELSE 0 END | CASE WHEN strpos(measured, $9::text) > 0 THEN 4 ELSE 0 END END AS parts OFFSET 0) AS page WHERE book = ANY ($1::varchar[]) AND (page_time IS NOT NULL OR page_time IS NULL) AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END AND parts <> 0 ORDER BY page_time DESC NULLS LAST, key DESC
	) AS placed OFFSET 0
) AS found LEFT JOIN LATERAL (
	SELECT data FROM pols WHERE pols.id = found.id AND found.n <= 50 OFFSET 0
) AS page ON true) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- documents, and since when they are so
SELECT id, size, CASE WHEN total <= $3::bigint THEN text END, version, page, size_of, CASE WHEN text IS NOT NULL THEN (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = c.id AND resource = 'document'
	AND thalamus_changes.version = c.version AND part = 0) END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $4::bigint AND before < $3::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT * FROM (SELECT id, data, version, COALESCE(pol, '') AS page, COALESCE(octet_length(document), -1) AS size_of FROM personal_docs WHERE fedacct = $1 AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, personal_docs.fedacct, personal_docs.pol)) ELSE false END) AS document ORDER BY id
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- ten documents, the newest first
SELECT id, size, CASE WHEN total <= $5::bigint THEN text END, version, page, size_of, changed FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $6::bigint AND before < $5::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY changed DESC NULLS LAST, id DESC) AS n FROM (
	SELECT * FROM (SELECT id, data, version, COALESCE(pol, '') AS page, COALESCE(octet_length(document), -1) AS size_of, (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = personal_docs.id AND resource = 'document'
	AND thalamus_changes.version = personal_docs.version AND part = 0) AS changed FROM personal_docs WHERE fedacct = $1 AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, personal_docs.fedacct, personal_docs.pol)) ELSE false END) AS document WHERE ((changed, id) < ($3::timestamptz, $4) OR changed IS NULL) ORDER BY changed DESC NULLS LAST, id DESC LIMIT 11
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- two persons by their ids, and since when they are so
SELECT id, size, CASE WHEN total <= $2::bigint THEN text END, version, CASE WHEN text IS NOT NULL THEN (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = c.id AND resource = 'person'
	AND thalamus_changes.version = c.version AND part = 0) END, CASE WHEN text IS NOT NULL AND linked IS NOT NULL THEN (SELECT array_agg(same.id ORDER BY same.id COLLATE "C")
	FROM people AS same WHERE same.linked = c.linked AND same.id <> c.id AND jsonb_typeof(same.data) = 'object') END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $3::bigint AND before < $2::bigint THEN (data - 'password')::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data, version, linked FROM people WHERE COALESCE(jsonb_typeof(data) = 'object', false) AND id = ANY ($1::varchar[]) ORDER BY id LIMIT 11
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- persons by the beginnings of names and more
SELECT id, size, CASE WHEN total <= $9::bigint THEN text END, version, CASE WHEN text IS NOT NULL THEN (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = c.id AND resource = 'person'
	AND thalamus_changes.version = c.version AND part = 0) END, CASE WHEN text IS NOT NULL AND linked IS NOT NULL THEN (SELECT array_agg(same.id ORDER BY same.id COLLATE "C")
	FROM people AS same WHERE same.linked = c.linked AND same.id <> c.id AND jsonb_typeof(same.data) = 'object') END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $10::bigint AND before < $9::bigint THEN (data - 'password')::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data, version, linked FROM people WHERE COALESCE(jsonb_typeof(data) = 'object', false) AND data ->> 'gender' = ANY ($1::text[]) AND birth >= $2 AND birth + CASE WHEN birth % 10000 = 0 THEN 1231 WHEN birth % 100 = 0 THEN 31 ELSE 0 END <= $3 AND (thalamus_fold($4::text) <> '' AND jsonb_typeof(data -> $5::text) = 'string' AND
	strpos(' ' || thalamus_fold(left(data ->> $5::text, 300)), ' ' || thalamus_fold($4::text)) > 0 OR thalamus_fold($4::text) <> '' AND jsonb_typeof(data -> $6::text) = 'string' AND
	strpos(' ' || thalamus_fold(left(data ->> $6::text, 300)), ' ' || thalamus_fold($4::text)) > 0) AND (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = people.id AND resource = 'person'
	AND thalamus_changes.version = people.version AND part = 0) >= $7::timestamptz AND (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = people.id AND resource = 'person'
	AND thalamus_changes.version = people.version AND part = 0) < $8::timestamptz ORDER BY id LIMIT 11
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- units by the beginnings of names
SELECT id, size, CASE WHEN total <= $3::bigint THEN text END, version, CASE WHEN text IS NOT NULL THEN (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = c.id AND resource = 'unit'
	AND thalamus_changes.version = c.version AND part = 0) END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $4::bigint AND before < $3::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data, version FROM dus WHERE COALESCE(jsonb_typeof(data) = 'object', false) AND (thalamus_fold($1::text) <> '' AND jsonb_typeof(data -> $2::text) = 'string' AND
	strpos(' ' || thalamus_fold(left(data ->> $2::text, 300)), ' ' || thalamus_fold($1::text)) > 0) ORDER BY id LIMIT 11
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- the measurements of a book
SELECT id, key, page_time, COALESCE(date, ''), CASE WHEN octet_length(measurements) <= 16384 THEN measurements END FROM (
	SELECT id, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key, page_time, CASE WHEN jsonb_typeof(data -> 'page_date') = 'string' THEN data ->> 'page_date' END AS date,
		(data -> 'measurements')::text AS measurements
	FROM pols WHERE book = $1::varchar AND page_time IS NOT NULL AND page_time >= $2::timestamp AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($3::text[] IS NULL OR NOT thalamus_withheld($3, pols.book, pols.id)) ELSE false END AND COALESCE(data -> 'measurements', 'null') NOT IN ('null', '""', '[]', '{}')
	ORDER BY page_time DESC, key DESC LIMIT 500
) AS found ORDER BY page_time DESC, key DESC;
SELECT id, key, page_time, COALESCE(date, ''), CASE WHEN octet_length(measurements) <= 16384 THEN measurements END FROM (
	SELECT id, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key, page_time, CASE WHEN jsonb_typeof(data -> 'page_date') = 'string' THEN data ->> 'page_date' END AS date,
		(data -> 'measurements')::text AS measurements
	FROM pols WHERE book = $1::varchar AND page_time IS NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END AND COALESCE(data -> 'measurements', 'null') NOT IN ('null', '""', '[]', '{}')
	ORDER BY page_time DESC, key DESC LIMIT 500
) AS found ORDER BY page_time DESC, key DESC;

-- a book
SELECT asked.book, page.text
	FROM unnest($1::text[]) AS asked (book), LATERAL (
		SELECT CASE WHEN pg_column_size(data) < 2000 THEN data::text END AS text
		FROM pols WHERE pols.book = asked.book AND COALESCE(jsonb_typeof(data) = 'object', false) LIMIT 9
	) AS page;

-- a book by time
SELECT id, size, CASE WHEN total <= $3::bigint THEN text END, page_time, key FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $4::bigint AND before < $3::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT found.*, page.data FROM (
	SELECT *, row_number() OVER (ORDER BY page_time NULLS LAST, key) AS n FROM (
		SELECT id, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols WHERE book = ANY ($1::varchar[]) AND (page_time IS NOT NULL OR page_time IS NULL) AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time NULLS LAST, key
	) AS placed OFFSET 0
) AS found LEFT JOIN LATERAL (
	SELECT data FROM pols WHERE pols.id = found.id AND found.n <= 500 OFFSET 0
) AS page ON true) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- ten pages
SELECT id, size, CASE WHEN total <= $3::bigint THEN text END, page_time, key FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $4::bigint AND before < $3::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (
WITH dated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NOT NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time, key LIMIT 11
	) AS page ORDER BY page_time, key LIMIT 11
), undated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time, key LIMIT 11 - (SELECT count(*) FROM dated)
	) AS page ORDER BY page_time, key LIMIT 11 - (SELECT count(*) FROM dated)
)
SELECT *, row_number() OVER (ORDER BY page_time NULLS LAST, key) AS n FROM (SELECT * FROM dated UNION ALL SELECT * FROM undated) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- ten pages, the newest first
SELECT id, size, CASE WHEN total <= $3::bigint THEN text END, page_time, key FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $4::bigint AND before < $3::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (
WITH dated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NOT NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time DESC, key DESC LIMIT 11
	) AS page ORDER BY page_time DESC, key DESC LIMIT 11
), undated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time DESC, key DESC LIMIT 11 - (SELECT count(*) FROM dated)
	) AS page ORDER BY page_time DESC, key DESC LIMIT 11 - (SELECT count(*) FROM dated)
)
SELECT *, row_number() OVER (ORDER BY page_time DESC NULLS LAST, key DESC) AS n FROM (SELECT * FROM dated UNION ALL SELECT * FROM undated) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- ten pages behind one
SELECT id, size, CASE WHEN total <= $5::bigint THEN text END, page_time, key FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $6::bigint AND before < $5::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (
WITH dated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NOT NULL AND (page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END) > ($3::timestamp, $4::text) AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time, key LIMIT 11
	) AS page ORDER BY page_time, key LIMIT 11
), undated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time, key LIMIT 11 - (SELECT count(*) FROM dated)
	) AS page ORDER BY page_time, key LIMIT 11 - (SELECT count(*) FROM dated)
)
SELECT *, row_number() OVER (ORDER BY page_time NULLS LAST, key) AS n FROM (SELECT * FROM dated UNION ALL SELECT * FROM undated) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- ten pages behind one without a date
SELECT id, size, CASE WHEN total <= $4::bigint THEN text END, page_time, key FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $5::bigint AND before < $4::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (
WITH dated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND false AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time, key LIMIT 11
	) AS page ORDER BY page_time, key LIMIT 11
), undated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NULL AND CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END > $3::text AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time, key LIMIT 11 - (SELECT count(*) FROM dated)
	) AS page ORDER BY page_time, key LIMIT 11 - (SELECT count(*) FROM dated)
)
SELECT *, row_number() OVER (ORDER BY page_time NULLS LAST, key) AS n FROM (SELECT * FROM dated UNION ALL SELECT * FROM undated) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- pages of some days and one kind
SELECT id, size, CASE WHEN total <= $8::bigint THEN text END, page_time, key FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $9::bigint AND before < $8::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT found.*, page.data FROM (
	SELECT *, row_number() OVER (ORDER BY page_time NULLS LAST, key) AS n FROM (
		SELECT id, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols WHERE book = ANY ($1::varchar[]) AND (page_time IS NOT NULL AND page_time >= $6::timestamp AND page_time < $7::timestamp OR page_time IS NULL) AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END AND (data -> $4::text = $3::jsonb OR data -> $5::text = $3::jsonb) ORDER BY page_time NULLS LAST, key
	) AS placed OFFSET 0
) AS found LEFT JOIN LATERAL (
	SELECT data FROM pols WHERE pols.id = found.id AND found.n <= 500 OFFSET 0
) AS page ON true) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- the nodes of a book
SELECT c.node, max(c.time) FROM pols
	JOIN thalamus_changes AS c ON c.id = pols.id AND c.resource = 'page' AND c.version = pols.version AND c.part = 0
	WHERE book = $1 AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END AND c.node <> ''
	GROUP BY c.node ORDER BY max(c.time) DESC, c.node LIMIT 20;

-- what is new in a book
WITH recent AS MATERIALIZED (
	SELECT f.position, c.resource, c.id, c.operation, c.account, c.account IS DISTINCT FROM $1 AS others, c.time
	FROM (SELECT position, seq FROM thalamus_feed WHERE person = $1::varchar AND position > $2 ORDER BY position DESC LIMIT 1000) AS f
	JOIN thalamus_changes AS c ON c.seq = f.seq WHERE c.resource IN ('page', 'document')
), news AS MATERIALIZED (
	SELECT COALESCE(d.pol, r.id) AS page, bool_or(d.id IS NULL AND r.operation = 'create') AS created, bool_or(d.id IS NOT NULL) AS documents,
		bool_or(others) AS others, (array_agg(account ORDER BY others DESC, position DESC))[1] AS account, max(time) AS time, max(position) AS position
	FROM recent AS r LEFT JOIN personal_docs AS d ON r.resource = 'document' AND d.id = r.id
	WHERE r.resource = 'page' OR d.pol IS NOT NULL
	GROUP BY COALESCE(d.pol, r.id)
)
SELECT pols.id, (SELECT COALESCE(jsonb_object_agg(key, CASE
		WHEN jsonb_typeof(value) = 'string' THEN to_jsonb(left(value #>> '{}', 1000))
		WHEN pg_column_size(value) <= 4000 THEN value END), '{}')::text FROM jsonb_each(data) WHERE key = ANY ($4::text[])), created, documents, others, account, time FROM news JOIN pols ON pols.id = news.page
WHERE book = $1 AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($5::text[] IS NULL OR NOT thalamus_withheld($5, pols.book, pols.id)) ELSE false END ORDER BY others DESC, news.position DESC LIMIT $3;

-- the dates of pages
SELECT id, COALESCE(left(data ->> 'page_date', $3), '') FROM pols WHERE book = $1 AND id = ANY ($2) AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($4::text[] IS NULL OR NOT thalamus_withheld($4, pols.book, pols.id)) ELSE false END;

-- a list of ten pages
SELECT id, page_time, key, (SELECT COALESCE(jsonb_object_agg(key, CASE
		WHEN jsonb_typeof(value) = 'string' THEN to_jsonb(left(value #>> '{}', 1000))
		WHEN pg_column_size(value) <= 4000 THEN value END), '{}')::text FROM jsonb_each(data) WHERE key = ANY ($3::text[])) FROM (
WITH dated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NOT NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time DESC, key DESC LIMIT 11
	) AS page ORDER BY page_time DESC, key DESC LIMIT 11
), undated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END ORDER BY page_time DESC, key DESC LIMIT 11 - (SELECT count(*) FROM dated)
	) AS page ORDER BY page_time DESC, key DESC LIMIT 11 - (SELECT count(*) FROM dated)
)
SELECT *, row_number() OVER (ORDER BY page_time DESC NULLS LAST, key DESC) AS n FROM (SELECT * FROM dated UNION ALL SELECT * FROM undated) AS found) AS found ORDER BY n;

-- a list of ten pages with some words
SELECT id, page_time, key, (SELECT COALESCE(jsonb_object_agg(key, CASE
		WHEN jsonb_typeof(value) = 'string' THEN to_jsonb(left(value #>> '{}', 1000))
		WHEN pg_column_size(value) <= 4000 THEN value END), '{}')::text FROM jsonb_each(data) WHERE key = ANY ($4::text[])) FROM (
WITH dated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NOT NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END AND (SELECT bool_and(strpos(page.text, word) > 0) FROM (
		SELECT CASE WHEN octet_length(latin) = length(latin) THEN lower(latin COLLATE "C") ELSE thalamus_fold(raw) END AS text FROM (
			SELECT raw, replace(CASE WHEN octet_length(raw) = length(raw) THEN raw ELSE regexp_replace(normalize(replace(replace(raw, '´', ''), '’', ''), NFKD), '[\u0300-\u036F]+', '', 'g') END, '`', '') AS latin FROM (
				SELECT replace(string_agg(value, ' '), '''', '') AS raw FROM jsonb_each_text(data)
				WHERE key NOT IN ('id', 'book', 'page', 'active', 'fsynced', 'creation_info', 'modification_info') OFFSET 0
			) AS read OFFSET 0
		) AS plain OFFSET 0
	) AS page, unnest((SELECT string_to_array(thalamus_fold($3::text), ' '))) AS word) ORDER BY page_time DESC, key DESC LIMIT 11
	) AS page ORDER BY page_time DESC, key DESC LIMIT 11
), undated AS MATERIALIZED (
	SELECT page.* FROM unnest($1::varchar[]) AS asked (book), LATERAL (
		SELECT id, data, version, page_time, CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END AS key FROM pols
		WHERE book = asked.book AND page_time IS NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($2::text[] IS NULL OR NOT thalamus_withheld($2, pols.book, pols.id)) ELSE false END AND (SELECT bool_and(strpos(page.text, word) > 0) FROM (
		SELECT CASE WHEN octet_length(latin) = length(latin) THEN lower(latin COLLATE "C") ELSE thalamus_fold(raw) END AS text FROM (
			SELECT raw, replace(CASE WHEN octet_length(raw) = length(raw) THEN raw ELSE regexp_replace(normalize(replace(replace(raw, '´', ''), '’', ''), NFKD), '[\u0300-\u036F]+', '', 'g') END, '`', '') AS latin FROM (
				SELECT replace(string_agg(value, ' '), '''', '') AS raw FROM jsonb_each_text(data)
				WHERE key NOT IN ('id', 'book', 'page', 'active', 'fsynced', 'creation_info', 'modification_info') OFFSET 0
			) AS read OFFSET 0
		) AS plain OFFSET 0
	) AS page, unnest((SELECT string_to_array(thalamus_fold($3::text), ' '))) AS word) ORDER BY page_time DESC, key DESC LIMIT 11 - (SELECT count(*) FROM dated)
	) AS page ORDER BY page_time DESC, key DESC LIMIT 11 - (SELECT count(*) FROM dated)
)
SELECT *, row_number() OVER (ORDER BY page_time DESC NULLS LAST, key DESC) AS n FROM (SELECT * FROM dated UNION ALL SELECT * FROM undated) AS found) AS found ORDER BY n;

-- a document
SELECT data::text, version, octet_length(document), digest, substring(document FOR 512) FROM personal_docs
		WHERE id = $3 AND pol = $2 AND fedacct = $1 AND document IS NOT NULL AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($4::text[] IS NULL OR NOT thalamus_withheld($4, personal_docs.fedacct, personal_docs.pol)) ELSE false END;
SELECT substring(document FROM $4 FOR $5) FROM personal_docs
		WHERE id = $3 AND pol = $2 AND fedacct = $1 AND digest IS NOT DISTINCT FROM $6 AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($7::text[] IS NULL OR NOT thalamus_withheld($7, personal_docs.fedacct, personal_docs.pol)) ELSE false END;

-- a new document
SELECT id, data::text, version, COALESCE(fedacct = $1 AND pol = $2, false), COALESCE(fedacct = $1 AND pol = $2 AND jsonb_typeof(data) = 'object' AND octet_length(document) = $5 AND digest = $6, false) FROM personal_docs
		WHERE $4 AND id = $3 OR NOT $4 AND fedacct = $1 AND pol = $2 AND jsonb_typeof(data) = 'object' AND octet_length(document) = $5 AND digest = $6 LIMIT 1;
SELECT version FROM personal_docs WHERE id = $1;
WITH asked AS (
	SELECT set_config('thalamus.account', $5, true), set_config('thalamus.request', $6, true),
		set_config('thalamus.recreate', $7, true), set_config('thalamus.node', COALESCE(thalamus_node($3::jsonb, 'creation_info'), thalamus_node($3::jsonb, 'modification_info'), ''), true)
)
SELECT ($3::jsonb || $4::jsonb)::text FROM pols, asked WHERE id = $2 AND book = $1 AND ($8::text[] IS NULL OR NOT thalamus_withheld($8, pols.book, pols.id)) FOR NO KEY UPDATE OF pols;

-- a change of a document
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', COALESCE(thalamus_node(@patch::jsonb, 'modification_info'), thalamus_node(@patch::jsonb, 'creation_info'), ''), true)
), stored AS (
	SELECT *, CASE
		WHEN COALESCE(data, 'null') IN ('null', '{}') THEN (@patch::jsonb || CASE WHEN @patch::jsonb ? 'fedacct' THEN jsonb_build_object('fedacct', fedacct) ELSE '{}' END) || CASE WHEN @patch::jsonb ? 'id' THEN jsonb_build_object('id', id) ELSE '{}' END
		WHEN jsonb_typeof(data) = 'object' THEN data || ((@patch::jsonb || CASE WHEN @patch::jsonb ? 'fedacct' THEN jsonb_build_object('fedacct', fedacct) ELSE '{}' END) - 'id')
	END AS merged
	FROM personal_docs WHERE id = @id AND pol = @page AND fedacct = @person AND (@asker::text[] IS NULL OR NOT thalamus_withheld(@asker, personal_docs.fedacct, personal_docs.pol)) FOR UPDATE
), measured AS MATERIALIZED (
	SELECT *, octet_length(merged::text) AS size, octet_length(data::text) AS kept,
		@patch::jsonb - '{active,roles,password,id}'::text[] <> '{}' AS adds FROM stored
), judged AS (
	SELECT id, version, merged, COALESCE(size, 0) + COALESCE(kept, 0) AS growth, CASE
		WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale'
		WHEN merged IS NULL THEN 'not an object'
		WHEN @patch::jsonb ? 'id' AND (@patch::jsonb -> 'id' IN (to_jsonb(id), data -> 'id')) IS NOT TRUE THEN 'other id'
		WHEN @patch::jsonb ? 'hash' AND lower(@patch::jsonb ->> 'hash')
			IS DISTINCT FROM lower(COALESCE(data ->> 'hash', encode(digest, 'hex'))) THEN 'other hash'
		WHEN adds AND size > @max_record -- in fewer bytes there are no more
			AND octet_length(regexp_replace(merged::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g')) > GREATEST(@max_record, octet_length(regexp_replace(data::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g'))) THEN 'too large'
		WHEN adds AND size > 2 * @max_elements::bigint -- each takes two bytes at least
			AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > @max_elements AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > (SELECT count(*) - 1 FROM jsonb_path_query(data, 'strict $.**')) THEN 'too wide'
		ELSE ''
	END AS objection
	FROM measured
), written AS (
	UPDATE personal_docs AS target SET data = judged.merged FROM judged, asked
	WHERE target.id = judged.id AND judged.objection = ''
	RETURNING target.data, target.version
)
SELECT judged.objection, (written.data)::text, COALESCE(written.version, judged.version), judged.growth FROM judged LEFT JOIN written ON true;

-- the removal of a document
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', '', true)
), judged AS (
	SELECT id, version, COALESCE(octet_length(data::text), 0) + COALESCE(octet_length(document), 0) AS kept,
		CASE WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale'  ELSE '' END AS objection
	FROM personal_docs WHERE id = @id AND pol = @page AND fedacct = @person AND (@asker::text[] IS NULL OR NOT thalamus_withheld(@asker, personal_docs.fedacct, personal_docs.pol)) FOR UPDATE
), deleted AS (
	DELETE FROM personal_docs AS target USING judged, asked WHERE target.id = judged.id AND judged.objection = ''
)
SELECT objection, version, kept FROM judged;

-- documents of a person
SELECT id, size, CASE WHEN total <= $4::bigint THEN text END, fedacct, pol, kept, kept_bytes FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $5::bigint AND before < $4::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data, fedacct, pol, document IS NOT NULL AS kept, COALESCE(octet_length(document), 0) AS kept_bytes FROM personal_docs WHERE fedacct = $1 AND ($2 = '' OR pol = $2) AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($3::text[] IS NULL OR NOT thalamus_withheld($3, personal_docs.fedacct, personal_docs.pol)) ELSE false END ORDER BY id 
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- ten documents behind one of a page
SELECT id, size, CASE WHEN total <= $5::bigint THEN text END, fedacct, pol, kept, kept_bytes FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $6::bigint AND before < $5::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data, fedacct, pol, document IS NOT NULL AS kept, COALESCE(octet_length(document), 0) AS kept_bytes FROM personal_docs WHERE fedacct = $1 AND ($2 = '' OR pol = $2) AND CASE WHEN jsonb_typeof(data) = 'object' THEN ($3::text[] IS NULL OR NOT thalamus_withheld($3, personal_docs.fedacct, personal_docs.pol)) ELSE false END AND id > $4 ORDER BY id LIMIT 11
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- a unit
SELECT data::text, version FROM dus WHERE id = $1 AND jsonb_typeof(data) = 'object';

-- a new unit
WITH asked AS (
	SELECT set_config('thalamus.account', $1, true), set_config('thalamus.request', $2, true),
		set_config('thalamus.recreate', $3, true), set_config('thalamus.node', COALESCE(thalamus_node($5::jsonb, 'creation_info'), thalamus_node($5::jsonb, 'modification_info'), ''), true)
)
INSERT INTO dus (id, data) SELECT $4::varchar, $5::jsonb || $6::jsonb FROM asked
ON CONFLICT (id) DO NOTHING RETURNING (data)::text, version;

-- a new unit again
SELECT data::text, version, COALESCE(data = $2::jsonb || $3::jsonb OR creation = $2::jsonb || $3::jsonb, false)
			FROM dus WHERE id = $1;

-- a change of a unit
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', COALESCE(thalamus_node(@patch::jsonb, 'modification_info'), thalamus_node(@patch::jsonb, 'creation_info'), ''), true)
), stored AS (
	SELECT *, CASE
		WHEN COALESCE(data, 'null') IN ('null', '{}') THEN @patch::jsonb || CASE WHEN @patch::jsonb ? 'id' THEN jsonb_build_object('id', id) ELSE '{}' END
		WHEN jsonb_typeof(data) = 'object' THEN data || (@patch::jsonb - 'id')
	END AS merged
	FROM dus WHERE id = @id FOR UPDATE
), measured AS MATERIALIZED (
	SELECT *, octet_length(merged::text) AS size, octet_length(data::text) AS kept,
		@patch::jsonb - '{active,roles,password,id}'::text[] <> '{}' AS adds FROM stored
), judged AS (
	SELECT id, version, merged, COALESCE(size, 0) + COALESCE(kept, 0) AS growth, CASE
		WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale'
		WHEN merged IS NULL THEN 'not an object'
		WHEN @patch::jsonb ? 'id' AND (@patch::jsonb -> 'id' IN (to_jsonb(id), data -> 'id')) IS NOT TRUE THEN 'other id'
		
		WHEN adds AND size > @max_record -- in fewer bytes there are no more
			AND octet_length(regexp_replace(merged::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g')) > GREATEST(@max_record, octet_length(regexp_replace(data::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g'))) THEN 'too large'
		WHEN adds AND size > 2 * @max_elements::bigint -- each takes two bytes at least
			AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > @max_elements AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > (SELECT count(*) - 1 FROM jsonb_path_query(data, 'strict $.**')) THEN 'too wide'
		ELSE ''
	END AS objection
	FROM measured
), written AS (
	UPDATE dus AS target SET data = judged.merged FROM judged, asked
	WHERE target.id = judged.id AND judged.objection = ''
	RETURNING target.data, target.version
)
SELECT judged.objection, (written.data)::text, COALESCE(written.version, judged.version), judged.growth FROM judged LEFT JOIN written ON true;

-- the removal of a unit
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', '', true)
), judged AS (
	SELECT id, version, COALESCE(octet_length(data::text), 0)  AS kept,
		CASE WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale'  ELSE '' END AS objection
	FROM dus WHERE id = @id FOR UPDATE
), deleted AS (
	DELETE FROM dus AS target USING judged, asked WHERE target.id = judged.id AND judged.objection = ''
)
SELECT objection, version, kept FROM judged;

-- ten units
SELECT id, size, CASE WHEN total <= $1::bigint THEN text END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $2::bigint AND before < $1::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data FROM dus WHERE COALESCE(jsonb_typeof(data) = 'object', false) ORDER BY id LIMIT 11
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- all units
SELECT id, CASE WHEN octet_length(text) <= 1048576 THEN text END
FROM dus, LATERAL (SELECT data::text AS text OFFSET 0) AS written WHERE COALESCE(jsonb_typeof(data) = 'object', false) AND id > $1 ORDER BY id;
SELECT id, size, CASE WHEN total <= $1::bigint THEN text END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= 500::bigint AND before < $1::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (SELECT id, data FROM dus WHERE COALESCE(jsonb_typeof(data) = 'object', false) ORDER BY id LIMIT 500) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- a institution
SELECT data::text, version FROM institutions WHERE id = $1 AND jsonb_typeof(data) = 'object';

-- a new institution
WITH asked AS (
	SELECT set_config('thalamus.account', $1, true), set_config('thalamus.request', $2, true),
		set_config('thalamus.recreate', $3, true), set_config('thalamus.node', COALESCE(thalamus_node($5::jsonb, 'creation_info'), thalamus_node($5::jsonb, 'modification_info'), ''), true)
)
INSERT INTO institutions (id, data) SELECT $4::varchar, $5::jsonb || $6::jsonb FROM asked
ON CONFLICT (id) DO NOTHING RETURNING (data)::text, version;

-- a new institution again
SELECT data::text, version, COALESCE(data = $2::jsonb || $3::jsonb OR creation = $2::jsonb || $3::jsonb, false)
			FROM institutions WHERE id = $1;

-- a change of a institution
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', COALESCE(thalamus_node(@patch::jsonb, 'modification_info'), thalamus_node(@patch::jsonb, 'creation_info'), ''), true)
), stored AS (
	SELECT *, CASE
		WHEN COALESCE(data, 'null') IN ('null', '{}') THEN @patch::jsonb || CASE WHEN @patch::jsonb ? 'id' THEN jsonb_build_object('id', id) ELSE '{}' END
		WHEN jsonb_typeof(data) = 'object' THEN data || (@patch::jsonb - 'id')
	END AS merged
	FROM institutions WHERE id = @id FOR UPDATE
), measured AS MATERIALIZED (
	SELECT *, octet_length(merged::text) AS size, octet_length(data::text) AS kept,
		@patch::jsonb - '{active,roles,password,id}'::text[] <> '{}' AS adds FROM stored
), judged AS (
	SELECT id, version, merged, COALESCE(size, 0) + COALESCE(kept, 0) AS growth, CASE
		WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale'
		WHEN merged IS NULL THEN 'not an object'
		WHEN @patch::jsonb ? 'id' AND (@patch::jsonb -> 'id' IN (to_jsonb(id), data -> 'id')) IS NOT TRUE THEN 'other id'
		
		WHEN adds AND size > @max_record -- in fewer bytes there are no more
			AND octet_length(regexp_replace(merged::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g')) > GREATEST(@max_record, octet_length(regexp_replace(data::text, '("(?:[^"\\]|\\.)*")| ', '\1', 'g'))) THEN 'too large'
		WHEN adds AND size > 2 * @max_elements::bigint -- each takes two bytes at least
			AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > @max_elements AND (SELECT count(*) - 1 FROM jsonb_path_query(merged, 'strict $.**')) > (SELECT count(*) - 1 FROM jsonb_path_query(data, 'strict $.**')) THEN 'too wide'
		ELSE ''
	END AS objection
	FROM measured
), written AS (
	UPDATE institutions AS target SET data = judged.merged FROM judged, asked
	WHERE target.id = judged.id AND judged.objection = ''
	RETURNING target.data, target.version
)
SELECT judged.objection, (written.data)::text, COALESCE(written.version, judged.version), judged.growth FROM judged LEFT JOIN written ON true;

-- the removal of a institution
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', '', true)
), judged AS (
	SELECT id, version, COALESCE(octet_length(data::text), 0)  AS kept,
		CASE WHEN @new OR version <> ALL (@versions::bigint[]) OR version = ANY (@except::bigint[]) THEN 'stale'  ELSE '' END AS objection
	FROM institutions WHERE id = @id FOR UPDATE
), deleted AS (
	DELETE FROM institutions AS target USING judged, asked WHERE target.id = judged.id AND judged.objection = ''
)
SELECT objection, version, kept FROM judged;

-- ten institutions
SELECT id, size, CASE WHEN total <= $1::bigint THEN text END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $2::bigint AND before < $1::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (
	SELECT id, data FROM institutions WHERE COALESCE(jsonb_typeof(data) = 'object', false) ORDER BY id LIMIT 11
) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- all institutions
SELECT id, CASE WHEN octet_length(text) <= 1048576 THEN text END
FROM institutions, LATERAL (SELECT data::text AS text OFFSET 0) AS written WHERE COALESCE(jsonb_typeof(data) = 'object', false) AND id > $1 ORDER BY id;
SELECT id, size, CASE WHEN total <= $1::bigint THEN text END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= 500::bigint AND before < $1::bigint THEN data::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM (SELECT id, data FROM institutions WHERE COALESCE(jsonb_typeof(data) = 'object', false) ORDER BY id LIMIT 500) AS found) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- a new link
SELECT account, time, COALESCE(request = NULLIF($3, ''), false) FROM thalamus_links WHERE (person, other) IN (($1, $2), ($2, $1));
SELECT thalamus_link($1, $2, $3, $4, $5);

-- links of a person
SELECT NULL::varchar, id, same, direct, account, time FROM (SELECT id, same, direct, account, time FROM (
	WITH mine AS MATERIALIZED (
		SELECT id FROM unnest(thalamus_cluster($1)) AS id
	), direct AS MATERIALIZED (
		SELECT other AS id, same, account, time FROM thalamus_links WHERE person = $1
		UNION ALL SELECT person, same, account, time FROM thalamus_links WHERE other = $1
	), others AS (
		SELECT l.other AS id FROM mine JOIN thalamus_links AS l ON l.person = mine.id WHERE NOT l.same
		UNION SELECT l.person FROM mine JOIN thalamus_links AS l ON l.other = mine.id WHERE NOT l.same
	), following AS (
		SELECT id, true AS same FROM mine WHERE id <> $1
		UNION SELECT known.id, false FROM others, unnest(thalamus_cluster(others.id)) AS known (id)
	)
	SELECT id, same, true AS direct, account, time FROM direct
	UNION ALL SELECT id, same, false, NULL, NULL FROM following WHERE id NOT IN (SELECT id FROM direct)
) AS known WHERE true ORDER BY id) AS c ORDER BY id;

-- ten links behind one
WITH chosen AS MATERIALIZED (
	SELECT *, row_number() OVER (ORDER BY id) AS n
	FROM (SELECT id, same, direct, account, time FROM (
	WITH mine AS MATERIALIZED (
		SELECT id FROM unnest(thalamus_cluster($1)) AS id
	), direct AS MATERIALIZED (
		SELECT other AS id, same, account, time FROM thalamus_links WHERE person = $1
		UNION ALL SELECT person, same, account, time FROM thalamus_links WHERE other = $1
	), others AS (
		SELECT l.other AS id FROM mine JOIN thalamus_links AS l ON l.person = mine.id WHERE NOT l.same
		UNION SELECT l.person FROM mine JOIN thalamus_links AS l ON l.other = mine.id WHERE NOT l.same
	), following AS (
		SELECT id, true AS same FROM mine WHERE id <> $1
		UNION SELECT known.id, false FROM others, unnest(thalamus_cluster(others.id)) AS known (id)
	)
	SELECT id, same, true AS direct, account, time FROM direct
	UNION ALL SELECT id, same, false, NULL, NULL FROM following WHERE id NOT IN (SELECT id FROM direct)
) AS known WHERE true AND id > $2 ORDER BY id LIMIT 10 + 1) AS found
)
SELECT (SELECT id FROM chosen WHERE n = 10 AND EXISTS (SELECT FROM chosen WHERE n > 10)), id, same, direct, account, time
FROM (SELECT * FROM chosen WHERE n <= 10 ORDER BY n) AS c ORDER BY n;

-- who is the same
SELECT id FROM people WHERE linked = $1 AND jsonb_typeof(data) = 'object' ORDER BY id COLLATE "C";
SELECT thalamus_cluster($1);

-- a link taken back
SELECT thalamus_unlink($1, $2);

-- the queue of duplicates is filled
-- reads all of people
DELETE FROM thalamus_duplicates WHERE decided IS NULL AND found < $1;
SELECT CASE WHEN relpages > 0 AND reltuples > 0 THEN reltuples / relpages ELSE 10 END * pages,
			relpages > pages / 2 AND EXISTS (SELECT FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'people' AND attname = 'words'),
			100 * $1 / greatest(pages, 1)
		FROM pg_class, LATERAL (SELECT pg_relation_size(oid) / current_setting('block_size')::float8 AS pages) AS now
		WHERE oid = 'people'::regclass;
SELECT birth, share FROM pg_stats, unnest(most_common_vals::text::int[], most_common_freqs) AS common (birth, share)
		WHERE schemaname = current_schema() AND tablename = 'people' AND attname = 'birth' AND share > 0.0005;
SELECT block.key, block.mark, id, words, COALESCE(birth, 0), CASE WHEN jsonb_typeof(data -> 'gender') = 'string' THEN left(data ->> 'gender', 20) ELSE '' END, CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END
		FROM people, LATERAL (SELECT hashtextextended(key COLLATE "C", 0), mark FROM (SELECT btrim(CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END), '' WHERE btrim(CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END) <> '') AS keys (key, mark)) AS block (key, mark)
		WHERE jsonb_typeof(data) = 'object' AND (block.key, id COLLATE "C") > (@key::bigint, @id::text)
		ORDER BY block.key, id COLLATE "C";
SELECT block.key, block.mark, id, words, COALESCE(birth, 0), CASE WHEN jsonb_typeof(data -> 'gender') = 'string' THEN left(data ->> 'gender', 20) ELSE '' END, CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END
		FROM people, LATERAL (SELECT hashtextextended(key COLLATE "C", 0), mark FROM (SELECT least(birth, birth / 10000 * 10000 + birth % 100 * 100 + birth / 100 % 100)::text, ''
		WHERE birth % 100 > 0 AND NOT birth = ANY (@births)) AS keys (key, mark)) AS block (key, mark)
		WHERE jsonb_typeof(data) = 'object' AND (block.key, id COLLATE "C") > (@key::bigint, @id::text)
		ORDER BY block.key, id COLLATE "C";
SELECT block.key, block.mark, id, words, COALESCE(birth, 0), CASE WHEN jsonb_typeof(data -> 'gender') = 'string' THEN left(data ->> 'gender', 20) ELSE '' END, CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END
		FROM people, LATERAL (SELECT hashtextextended(key COLLATE "C", 0), mark FROM (SELECT one || ' ' || other, one || ' ' || other FROM unnest(words[1:8]) AS one, unnest(words[1:8]) AS other
		WHERE one < other COLLATE "C") AS keys (key, mark)) AS block (key, mark)
		WHERE jsonb_typeof(data) = 'object' AND (block.key, id COLLATE "C") > (@key::bigint, @id::text)
		ORDER BY block.key, id COLLATE "C";
SELECT block.key, block.mark, id, words, COALESCE(birth, 0), CASE WHEN jsonb_typeof(data -> 'gender') = 'string' THEN left(data ->> 'gender', 20) ELSE '' END, CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END
		FROM people, LATERAL (SELECT hashtextextended(key COLLATE "C", 0), mark FROM (SELECT word || ' ' || date, date FROM unnest(words[1:8]) AS word,
			(VALUES ('y' || birth / 10000), (CASE WHEN birth % 10000 = 1231 THEN 'y' || birth / 10000 + 1 END),
				(CASE WHEN birth % 100 > 0 THEN 'd' || birth % 10000 END)) AS part (date)
		WHERE birth > 0 AND date IS NOT NULL AND NOT word = ANY (@words)) AS keys (key, mark)) AS block (key, mark)
		WHERE jsonb_typeof(data) = 'object' AND (block.key, id COLLATE "C") > (@key::bigint, @id::text)
		ORDER BY block.key, id COLLATE "C";
SELECT pg_try_advisory_xact_lock(x'7468616c'::int, 6), now();
SELECT word, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (word, share)
		WHERE schemaname = current_schema() AND tablename = 'people' AND attname = 'words' AND word IS NOT NULL;

-- a part of the queue
SELECT d.person, concat_ws(' ', NULLIF(a.data ->> 'name', ''), NULLIF(a.data ->> 'lastname', '')), COALESCE(a.data ->> 'dob', ''),
	d.other, concat_ws(' ', NULLIF(b.data ->> 'name', ''), NULLIF(b.data ->> 'lastname', '')), COALESCE(b.data ->> 'dob', ''), d.doubt, d.postponed FROM thalamus_duplicates AS d
		CROSS JOIN LATERAL (SELECT data FROM people WHERE id = d.person AND jsonb_typeof(data) = 'object' OFFSET 0) AS a
		CROSS JOIN LATERAL (SELECT data FROM people WHERE id = d.other AND jsonb_typeof(data) = 'object' OFFSET 0) AS b
	WHERE d.decided IS NULL
			AND (d.postponed, d.doubt, d.person, d.other) > ($1::bigint, $2::float8, $3::varchar, $4::varchar) AND NOT thalamus_settled(d.person, d.other)
		ORDER BY d.postponed, d.doubt, d.person, d.other LIMIT $5;

-- the place of a pair
SELECT postponed, doubt FROM thalamus_duplicates WHERE person = $1 AND other = $2;

-- a pair is decided, put off and open again
UPDATE thalamus_duplicates SET decided = CASE WHEN $3 THEN 'same' ELSE 'apart' END, account = $4, time = now()
		WHERE person = $1 AND other = $2 AND decided IS NULL;
UPDATE thalamus_duplicates SET decided = NULL, account = NULL, time = NULL WHERE person = $1 AND other = $2;
UPDATE thalamus_duplicates SET postponed = extract(epoch FROM clock_timestamp()) * 1000000 WHERE person = $1 AND other = $2 AND decided IS NULL;

-- pairs that were decided
SELECT d.person, concat_ws(' ', NULLIF(a.data ->> 'name', ''), NULLIF(a.data ->> 'lastname', '')), COALESCE(a.data ->> 'dob', ''),
	d.other, concat_ws(' ', NULLIF(b.data ->> 'name', ''), NULLIF(b.data ->> 'lastname', '')), COALESCE(b.data ->> 'dob', ''), d.doubt, d.decided, COALESCE(d.account, ''), d.time FROM thalamus_duplicates AS d
		CROSS JOIN LATERAL (SELECT data FROM people WHERE id = d.person AND jsonb_typeof(data) = 'object' OFFSET 0) AS a
		CROSS JOIN LATERAL (SELECT data FROM people WHERE id = d.other AND jsonb_typeof(data) = 'object' OFFSET 0) AS b
	WHERE d.decided IS NOT NULL
			AND (d.time, d.person, d.other) < ($1::timestamptz, $2::varchar, $3::varchar)
		ORDER BY d.time DESC, d.person DESC, d.other DESC LIMIT $4;

-- a search
SELECT CASE WHEN run THEN word ELSE left(word, 60) END, run
		FROM string_to_table(thalamus_fold($1), ' ') AS word, thalamus_runs(word) AS run WHERE word <> '';
SELECT count(*) > 0 FROM people WHERE words @> $1;
SELECT id, size, CASE WHEN total <= $2::bigint THEN text END FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= $3::bigint AND before < $2::bigint THEN (data - 'password')::text END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (SELECT n, c.* FROM unnest($1::varchar[]) WITH ORDINALITY AS asked (asked_id, n)
	JOIN (SELECT id, data FROM people WHERE COALESCE(jsonb_typeof(data) = 'object', false)) AS c ON c.id = asked_id) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;
SELECT known.word FROM unnest($1::text[]) AS asked (word) JOIN thalamus_name_words AS known USING (word);

-- matches of a person
SELECT id, words, COALESCE(birth, 0), CASE WHEN jsonb_typeof(data -> 'gender') = 'string' THEN left(data ->> 'gender', 20) ELSE '' END, CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END FROM people WHERE (birth = ANY($1) AND words && $2) AND jsonb_typeof(data) = 'object' LIMIT 1000;
SELECT id, words, COALESCE(birth, 0), CASE WHEN jsonb_typeof(data -> 'gender') = 'string' THEN left(data ->> 'gender', 20) ELSE '' END, CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END FROM people WHERE (birth = ANY($1)) AND jsonb_typeof(data) = 'object' LIMIT 1000;
SELECT id, words, COALESCE(birth, 0), CASE WHEN jsonb_typeof(data -> 'gender') = 'string' THEN left(data ->> 'gender', 20) ELSE '' END, CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END FROM people WHERE (words @> $1) AND jsonb_typeof(data) = 'object' LIMIT 1000;
SELECT id, words, COALESCE(birth, 0), CASE WHEN jsonb_typeof(data -> 'gender') = 'string' THEN left(data ->> 'gender', 20) ELSE '' END, CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END FROM people WHERE id = $1 AND jsonb_typeof(data) = 'object';

-- the history of a person
SELECT id, size, CASE WHEN total <= @bytes::bigint THEN text END, version, part, operation, time, account, node FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= @rows::bigint AND before < @bytes::bigint THEN COALESCE(data::text, '') END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (
SELECT c.*, (CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data - 'password' END FROM people WHERE id = c.id AND version = c.version)) END) AS data FROM (
	SELECT id, resource, version, part, operation, time, account, node,
		row_number() OVER (ORDER BY version DESC, part DESC) AS n
	FROM thalamus_changes AS c WHERE c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id)) AND (@version::bigint = 0 OR (version, part) < (@version, @part::bigint))
	ORDER BY version DESC, part DESC LIMIT @most::bigint + 1
) AS c) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- behind the history of a person
SELECT 1 FROM thalamus_changes AS c WHERE c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id)) LIMIT 1;

-- an old version of a person
SELECT data::text, version, time FROM (SELECT CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data - 'password' END FROM people WHERE id = c.id AND version = c.version)) END AS data, version, time FROM thalamus_changes AS c
		WHERE c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id)) AND part = 0 AND version = @version::bigint) AS found WHERE data IS NOT NULL;

-- a person put back
SELECT version, operation, person, COALESCE(NULLIF($3, ''), before ->> NULLIF($4, '')),
		before IS NOT NULL, EXISTS (SELECT FROM people WHERE id = $2)
		FROM thalamus_changes WHERE id = $2 AND resource = $1 AND part = 0 ORDER BY version DESC LIMIT 1;

-- the history of a page
SELECT id, size, CASE WHEN total <= @bytes::bigint THEN text END, version, part, operation, time, account, node FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= @rows::bigint AND before < @bytes::bigint THEN COALESCE(data::text, '') END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (
SELECT c.*, (CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data END FROM pols WHERE id = c.id AND version = c.version)) END) AS data FROM (
	SELECT id, resource, version, part, operation, time, account, node,
		row_number() OVER (ORDER BY version DESC, part DESC) AS n
	FROM thalamus_changes AS c WHERE c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id)) AND (@version::bigint = 0 OR (version, part) < (@version, @part::bigint))
	ORDER BY version DESC, part DESC LIMIT @most::bigint + 1
) AS c) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- behind the history of a page

-- an old version of a page
SELECT data::text, version, time FROM (SELECT CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data END FROM pols WHERE id = c.id AND version = c.version)) END AS data, version, time FROM thalamus_changes AS c
		WHERE c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id)) AND part = 0 AND version = @version::bigint) AS found WHERE data IS NOT NULL;

-- a page put back
SELECT version, operation, person, COALESCE(NULLIF($3, ''), before ->> NULLIF($4, '')),
		before IS NOT NULL, EXISTS (SELECT FROM pols WHERE id = $2)
		FROM thalamus_changes WHERE id = $2 AND resource = $1 AND part = 0 ORDER BY version DESC LIMIT 1;

-- the history of a unit
SELECT id, size, CASE WHEN total <= @bytes::bigint THEN text END, version, part, operation, time, account, node FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= @rows::bigint AND before < @bytes::bigint THEN COALESCE(data::text, '') END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (
SELECT c.*, (CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data END FROM dus WHERE id = c.id AND version = c.version)) END) AS data FROM (
	SELECT id, resource, version, part, operation, time, account, node,
		row_number() OVER (ORDER BY version DESC, part DESC) AS n
	FROM thalamus_changes AS c WHERE c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id)) AND (@version::bigint = 0 OR (version, part) < (@version, @part::bigint))
	ORDER BY version DESC, part DESC LIMIT @most::bigint + 1
) AS c) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- behind the history of a unit

-- an old version of a unit
SELECT data::text, version, time FROM (SELECT CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data END FROM dus WHERE id = c.id AND version = c.version)) END AS data, version, time FROM thalamus_changes AS c
		WHERE c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id)) AND part = 0 AND version = @version::bigint) AS found WHERE data IS NOT NULL;

-- a unit put back
SELECT version, operation, person, COALESCE(NULLIF($3, ''), before ->> NULLIF($4, '')),
		before IS NOT NULL, EXISTS (SELECT FROM dus WHERE id = $2)
		FROM thalamus_changes WHERE id = $2 AND resource = $1 AND part = 0 ORDER BY version DESC LIMIT 1;

-- the history of a institution
SELECT id, size, CASE WHEN total <= @bytes::bigint THEN text END, version, part, operation, time, account, node FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= @rows::bigint AND before < @bytes::bigint THEN COALESCE(data::text, '') END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (
SELECT c.*, (CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data END FROM institutions WHERE id = c.id AND version = c.version)) END) AS data FROM (
	SELECT id, resource, version, part, operation, time, account, node,
		row_number() OVER (ORDER BY version DESC, part DESC) AS n
	FROM thalamus_changes AS c WHERE c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id)) AND (@version::bigint = 0 OR (version, part) < (@version, @part::bigint))
	ORDER BY version DESC, part DESC LIMIT @most::bigint + 1
) AS c) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n;

-- behind the history of a institution

-- an old version of a institution
SELECT data::text, version, time FROM (SELECT CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data END FROM institutions WHERE id = c.id AND version = c.version)) END AS data, version, time FROM thalamus_changes AS c
		WHERE c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id)) AND part = 0 AND version = @version::bigint) AS found WHERE data IS NOT NULL;

-- a institution put back
SELECT version, operation, person, COALESCE(NULLIF($3, ''), before ->> NULLIF($4, '')),
		before IS NOT NULL, EXISTS (SELECT FROM institutions WHERE id = $2)
		FROM thalamus_changes WHERE id = $2 AND resource = $1 AND part = 0 ORDER BY version DESC LIMIT 1;

-- what changes of a page have changed
WITH shown AS (
	SELECT version, operation, time, account, node, (CASE WHEN c.operation IN ('create', 'update') THEN COALESCE(
		(SELECT CASE WHEN jsonb_typeof(before) = 'object' THEN before END FROM thalamus_changes
			WHERE id = c.id AND resource = c.resource AND version = c.version + 1 AND part = 0),
		(SELECT CASE WHEN jsonb_typeof(data) = 'object' THEN data END FROM pols WHERE id = c.id AND version = c.version)) END) AS after FROM (
		SELECT * FROM thalamus_changes AS c WHERE c.id = @id AND c.resource = @resource AND (@person = '' OR c.person = @person) AND c.operation <> 'cut'
	AND (@global OR c.operation <> 'upgrade' AND c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0) AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = @person AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND (@asker::text[] IS NULL OR NOT thalamus_change_withheld(@asker, c.person, c.resource, c.id)) AND part = 0 ORDER BY version DESC LIMIT @most::bigint + 1
	) AS c
), compared AS (
	SELECT *, CASE lead(version) OVER last WHEN version - 1 THEN lead(after) OVER last END AS before, row_number() OVER last AS n
	FROM shown WINDOW last AS (ORDER BY version DESC)
)
SELECT version, operation, time, account, node, known, COALESCE((
	SELECT jsonb_agg(jsonb_build_object('Key', key, 'Before', before, 'After', after) ORDER BY key) FROM (
		SELECT key, COALESCE(left(old.value, 500), '') AS before, COALESCE(left(new.value, 500), '') AS after
		FROM jsonb_each_text(before) AS old FULL JOIN jsonb_each_text(after) AS new USING (key)
		WHERE known AND old.value IS DISTINCT FROM new.value ORDER BY key LIMIT 50
	) AS members), '[]') FROM (SELECT *, before IS NOT NULL AND after IS NOT NULL AS known FROM compared) AS compared WHERE n <= @most ORDER BY n;

-- a session begins
WITH begun AS (
			INSERT INTO thalamus_session (key, account, proof, address, agent, language, visited, known)
			SELECT $1, id, sha256(convert_to($3, 'UTF8')), $4, $5, $6, before.at, before.position
			FROM people LEFT JOIN thalamus_visit AS before ON before.account = id AND before.at > COALESCE((SELECT max(gone.time) FROM thalamus_changes AS gone
				WHERE gone.id = people.id AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1), '-infinity')
			WHERE id = $2 AND data ->> 'password' = $3 AND (COALESCE(data -> 'active', 'null') IN ('true', 'null')) FOR KEY SHARE OF people
			ON CONFLICT (key) DO UPDATE SET seen = now() RETURNING account, begun
		)
		INSERT INTO thalamus_visit (account, at, position) SELECT begun.account, begun.begun, feed.position FROM begun, thalamus_feed_state AS feed
		ON CONFLICT (account) DO UPDATE SET at = EXCLUDED.at, position = EXCLUDED.position RETURNING true;

-- a session
SELECT s.account, data -> 'roles', s.begun, s.seen, s.address, s.agent, s.language, s.seen < now() - interval '1 minute',
			COALESCE(s.drafted > now() - interval '1 hour', false), s.visited, COALESCE(s.known, 0)
		FROM thalamus_session AS s JOIN people ON people.id = s.account WHERE s.key = $1 AND s.seen > now() - $2::interval AND s.begun > now() - $3::interval
			AND (COALESCE(data -> 'active', 'null') IN ('true', 'null')) AND s.proof = sha256(convert_to(data ->> 'password', 'UTF8'));

-- a session is used
UPDATE thalamus_session SET seen = now() WHERE key = $1;

-- a session speaks a language
UPDATE thalamus_session SET language = $2 WHERE key = $1;

-- a session goes on with a new password
UPDATE thalamus_session SET proof = sha256(convert_to($2, 'UTF8')) WHERE key = $1;

-- a form that came too late
SELECT account FROM thalamus_session WHERE key = $1;
SELECT draft FROM thalamus_session WHERE key = $1 AND drafted > now() - interval '1 hour';
UPDATE thalamus_session SET draft = $2::bytea, drafted = CASE WHEN $2::bytea IS NOT NULL THEN now() END WHERE key = $1;

-- the sessions of an account
SELECT s.key, s.begun, s.seen, s.address, s.agent
		FROM thalamus_session AS s JOIN people ON people.id = s.account WHERE s.account = $1 AND s.seen > now() - $2::interval AND s.begun > now() - $3::interval
			AND (COALESCE(data -> 'active', 'null') IN ('true', 'null')) AND s.proof = sha256(convert_to(data ->> 'password', 'UTF8'))
		ORDER BY s.seen DESC, s.key LIMIT 100;

-- one of them ends, and all
DELETE FROM thalamus_session WHERE account = $1;
DELETE FROM thalamus_session WHERE key = $2 AND account = $1;

-- a session ends
DELETE FROM thalamus_session WHERE key = $1;

-- ended sessions are removed
DELETE FROM thalamus_session
		WHERE greatest(least(seen + $1::interval, begun + $2::interval), drafted) < now() - interval '1 hour';

-- a link for a new password
INSERT INTO thalamus_reset (key, account, started_by)
		SELECT $1, id, $3 FROM people WHERE id = $2 AND jsonb_typeof(data) = 'object' AND (COALESCE(data -> 'active', 'null') IN ('true', 'null')) FOR SHARE
		ON CONFLICT (account) WHERE used IS NULL DO UPDATE SET key = EXCLUDED.key, started_by = EXCLUDED.started_by, started = EXCLUDED.started
		RETURNING started;

-- an open link
SELECT r.account, r.started_by, r.started FROM thalamus_reset AS r JOIN people ON people.id = r.account
		WHERE r.account = $1 AND r.used IS NULL AND r.started > now() - $2::interval AND (COALESCE(data -> 'active', 'null') IN ('true', 'null'));
SELECT r.account, r.started_by, r.started FROM thalamus_reset AS r JOIN people ON people.id = r.account
		WHERE r.key = $1 AND r.used IS NULL AND r.started > now() - $2::interval AND (COALESCE(data -> 'active', 'null') IN ('true', 'null'));

-- a link is used
WITH asked AS (
	SELECT set_config('thalamus.account', @account, true), set_config('thalamus.request', @request, true),
		set_config('thalamus.recreate', 'off', true), set_config('thalamus.node', '', true)
), locked AS MATERIALIZED (
	SELECT id FROM people WHERE id = @account AND jsonb_typeof(data) = 'object' AND (COALESCE(data -> 'active', 'null') IN ('true', 'null')) FOR UPDATE
), used AS (
	UPDATE thalamus_reset AS r SET used = now(), request = @request FROM locked
	WHERE r.key = @key AND r.account = locked.id AND r.used IS NULL AND r.started > now() - @time::interval
	RETURNING r.account
)
UPDATE people SET data = data || jsonb_build_object('password', @hash::text) FROM used, asked
WHERE people.id = used.account RETURNING true;

-- old links are forgotten
DELETE FROM thalamus_reset WHERE started < now() - $1::interval;

-- ten accesses to a person
SELECT 1 WHERE EXISTS (SELECT FROM people WHERE id = $1)
		OR EXISTS (SELECT FROM thalamus_changes WHERE id = $1 AND resource = 'person')
		OR EXISTS (SELECT FROM thalamus_access WHERE person = $2);
WITH found AS (
	(SELECT time, seq, account, roles, method, endpoint, COALESCE(person, '') AS person, everybody,
	COALESCE(page, '') AS page, COALESCE(document, '') AS document, status, COALESCE(request, '') AS request, COALESCE(address, '') AS address,
	COALESCE(purpose, '') AS purpose, COALESCE(emergency, '') AS emergency, 'asked' AS way FROM thalamus_access
		WHERE person = @person AND time >= @from AND time <= @before AND (time, seq) < (@before, @seq::bigint) AND NOT (@others AND account = @person)
			AND (@account = '' OR account = @account)
		ORDER BY time DESC, seq DESC LIMIT 11) UNION ALL
	(SELECT time, seq, account, roles, method, endpoint, COALESCE(person, '') AS person, everybody,
	COALESCE(page, '') AS page, COALESCE(document, '') AS document, status, COALESCE(request, '') AS request, COALESCE(address, '') AS address,
	COALESCE(purpose, '') AS purpose, COALESCE(emergency, '') AS emergency, 'listed' AS way FROM thalamus_access
		WHERE persons @> ARRAY[@person::text] AND person IS DISTINCT FROM @person AND time >= @from AND time <= @before AND (time, seq) < (@before, @seq::bigint) AND NOT (@others AND account = @person)
			AND (@account = '' OR account = @account)
		ORDER BY time DESC, seq DESC LIMIT 11) UNION ALL
	(SELECT time, seq, account, roles, method, endpoint, COALESCE(person, '') AS person, everybody,
	COALESCE(page, '') AS page, COALESCE(document, '') AS document, status, COALESCE(request, '') AS request, COALESCE(address, '') AS address,
	COALESCE(purpose, '') AS purpose, COALESCE(emergency, '') AS emergency, 'all' AS way FROM thalamus_access
		WHERE everybody AND person IS DISTINCT FROM @person AND time >= @from AND time <= @before AND (time, seq) < (@before, @seq::bigint) AND NOT (@others AND account = @person)
			AND (@account = '' OR account = @account)
		ORDER BY time DESC, seq DESC LIMIT 11)
)
SELECT a.time, a.seq, a.account, a.roles, a.method, a.endpoint, a.person, a.everybody,
	CASE WHEN told THEN a.page ELSE '' END, CASE WHEN told THEN a.document ELSE '' END, a.status, a.request, a.address,
	a.purpose, a.emergency, a.way, COALESCE((SELECT concat_ws(' ', NULLIF(data ->> 'name', ''), NULLIF(data ->> 'lastname', '')) FROM people
	WHERE id = a.account AND jsonb_typeof(data) = 'object'), ''), a.account = @person
FROM (SELECT * FROM found ORDER BY time DESC, seq DESC LIMIT 11) AS a, LATERAL (SELECT a.page = '' OR (@asker::text[] IS NULL OR NOT thalamus_withheld(@asker, a.person, a.page)) AS told OFFSET 0) AS page ORDER BY time DESC, seq DESC;

-- ten accesses of an account
SELECT a.time, a.seq, a.account, a.roles, a.method, a.endpoint, a.person, a.everybody,
	CASE WHEN told THEN a.page ELSE '' END, CASE WHEN told THEN a.document ELSE '' END, a.status, a.request, a.address,
	a.purpose, a.emergency, CASE WHEN person <> '' THEN 'asked' WHEN everybody THEN 'all' ELSE 'listed' END,
	COALESCE((SELECT concat_ws(' ', NULLIF(data ->> 'name', ''), NULLIF(data ->> 'lastname', '')) FROM people
	WHERE id = a.account AND jsonb_typeof(data) = 'object'), ''), a.account = a.person
FROM (SELECT time, seq, account, roles, method, endpoint, COALESCE(person, '') AS person, everybody,
	COALESCE(page, '') AS page, COALESCE(document, '') AS document, status, COALESCE(request, '') AS request, COALESCE(address, '') AS address,
	COALESCE(purpose, '') AS purpose, COALESCE(emergency, '') AS emergency FROM thalamus_access
	WHERE account = @account AND time >= @from AND time <= @before AND (time, seq) < (@before, @seq::bigint)
	ORDER BY time DESC, seq DESC LIMIT 11) AS a, LATERAL (SELECT a.page = '' OR (@asker::text[] IS NULL OR NOT thalamus_withheld(@asker, a.person, a.page)) AS told OFFSET 0) AS page ORDER BY time DESC, seq DESC;

-- all changes
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (SELECT position, seq, tag FROM thalamus_feed WHERE position > $1 ORDER BY position LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, CASE WHEN c.operation = 'delete' THEN NULL WHEN next.seq IS NOT NULL THEN next.before
		WHEN live.version = c.version THEN live.data END AS after,
		c.resource = ANY ($8::text[]) OR live.version IS NOT NULL AND live.person IS NOT DISTINCT FROM c.person AND (c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0)) AS shown FROM page AS c 
		LEFT JOIN LATERAL (SELECT n.seq, n.before FROM thalamus_changes AS n WHERE n.id = c.id AND n.resource = c.resource
			AND n.version = c.version + 1 AND n.part = 0 AND n.operation <> 'cut' LIMIT 1) AS next ON true
		LEFT JOIN LATERAL (
			SELECT data, id AS person, version FROM people WHERE c.resource = 'person' AND id = c.id
			UNION ALL SELECT data, book AS person, version FROM pols WHERE c.resource = 'page' AND id = c.id
			UNION ALL SELECT data, fedacct AS person, version FROM personal_docs WHERE c.resource = 'document' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM dus WHERE c.resource = 'unit' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM institutions WHERE c.resource = 'institution' AND id = c.id
		) AS live ON true ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, CASE WHEN jsonb_typeof(c.after) = 'object' AND c.shown
		THEN (CASE c.resource WHEN 'person' THEN c.after - 'password' ELSE c.after END)::text END
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (SELECT position, seq, tag FROM thalamus_feed WHERE position > $1 ORDER BY position LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- all changes, without data
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (SELECT position, seq, tag FROM thalamus_feed WHERE position > $1 ORDER BY position LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, NULL::jsonb AS after, false AS shown FROM page AS c  ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, NULL::text
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (SELECT position, seq, tag FROM thalamus_feed WHERE position > $1 ORDER BY position LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- changes of everybody's records

-- changes of everybody's records, without data

-- changes about a person
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person = $3 AND position > $1 ORDER BY position LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, CASE WHEN c.operation = 'delete' THEN NULL WHEN next.seq IS NOT NULL THEN next.before
		WHEN live.version = c.version THEN live.data END AS after,
		c.resource = ANY ($8::text[]) OR live.version IS NOT NULL AND live.person IS NOT DISTINCT FROM c.person AND (c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0)) AS shown FROM page AS c 
		LEFT JOIN LATERAL (SELECT n.seq, n.before FROM thalamus_changes AS n WHERE n.id = c.id AND n.resource = c.resource
			AND n.version = c.version + 1 AND n.part = 0 AND n.operation <> 'cut' LIMIT 1) AS next ON true
		LEFT JOIN LATERAL (
			SELECT data, id AS person, version FROM people WHERE c.resource = 'person' AND id = c.id
			UNION ALL SELECT data, book AS person, version FROM pols WHERE c.resource = 'page' AND id = c.id
			UNION ALL SELECT data, fedacct AS person, version FROM personal_docs WHERE c.resource = 'document' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM dus WHERE c.resource = 'unit' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM institutions WHERE c.resource = 'institution' AND id = c.id
		) AS live ON true ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, CASE WHEN jsonb_typeof(c.after) = 'object' AND c.shown
		THEN (CASE c.resource WHEN 'person' THEN c.after - 'password' ELSE c.after END)::text END
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person = $3 AND position > $1 ORDER BY position LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- changes about a person, without data
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person = $3 AND position > $1 ORDER BY position LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, NULL::jsonb AS after, false AS shown FROM page AS c  ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, NULL::text
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person = $3 AND position > $1 ORDER BY position LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- one's own changes
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person = $5 AND position > $1 ORDER BY position LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, CASE WHEN c.operation = 'delete' THEN NULL WHEN next.seq IS NOT NULL THEN next.before
		WHEN live.version = c.version THEN live.data END AS after,
		c.resource = ANY ($8::text[]) OR live.version IS NOT NULL AND live.person IS NOT DISTINCT FROM c.person AND (c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0)) AS shown FROM page AS c 
		LEFT JOIN LATERAL (SELECT n.seq, n.before FROM thalamus_changes AS n WHERE n.id = c.id AND n.resource = c.resource
			AND n.version = c.version + 1 AND n.part = 0 AND n.operation <> 'cut' LIMIT 1) AS next ON true
		LEFT JOIN LATERAL (
			SELECT data, id AS person, version FROM people WHERE c.resource = 'person' AND id = c.id
			UNION ALL SELECT data, book AS person, version FROM pols WHERE c.resource = 'page' AND id = c.id
			UNION ALL SELECT data, fedacct AS person, version FROM personal_docs WHERE c.resource = 'document' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM dus WHERE c.resource = 'unit' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM institutions WHERE c.resource = 'institution' AND id = c.id
		) AS live ON true ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, CASE WHEN jsonb_typeof(c.after) = 'object' AND c.shown
		THEN (CASE c.resource WHEN 'person' THEN c.after - 'password' ELSE c.after END)::text END
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person = $5 AND position > $1 ORDER BY position LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- one's own changes, without data
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person = $5 AND position > $1 ORDER BY position LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, NULL::jsonb AS after, false AS shown FROM page AS c  ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, NULL::text
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person = $5 AND position > $1 ORDER BY position LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- changes about nobody
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person IS NULL AND position > $1 ORDER BY position LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, CASE WHEN c.operation = 'delete' THEN NULL WHEN next.seq IS NOT NULL THEN next.before
		WHEN live.version = c.version THEN live.data END AS after,
		c.resource = ANY ($8::text[]) OR live.version IS NOT NULL AND live.person IS NOT DISTINCT FROM c.person AND (c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0)) AS shown FROM page AS c 
		LEFT JOIN LATERAL (SELECT n.seq, n.before FROM thalamus_changes AS n WHERE n.id = c.id AND n.resource = c.resource
			AND n.version = c.version + 1 AND n.part = 0 AND n.operation <> 'cut' LIMIT 1) AS next ON true
		LEFT JOIN LATERAL (
			SELECT data, id AS person, version FROM people WHERE c.resource = 'person' AND id = c.id
			UNION ALL SELECT data, book AS person, version FROM pols WHERE c.resource = 'page' AND id = c.id
			UNION ALL SELECT data, fedacct AS person, version FROM personal_docs WHERE c.resource = 'document' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM dus WHERE c.resource = 'unit' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM institutions WHERE c.resource = 'institution' AND id = c.id
		) AS live ON true ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, CASE WHEN jsonb_typeof(c.after) = 'object' AND c.shown
		THEN (CASE c.resource WHEN 'person' THEN c.after - 'password' ELSE c.after END)::text END
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person IS NULL AND position > $1 ORDER BY position LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- changes about nobody, without data
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person IS NULL AND position > $1 ORDER BY position LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, NULL::jsonb AS after, false AS shown FROM page AS c  ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, NULL::text
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (SELECT position, seq, tag FROM thalamus_feed WHERE person IS NULL AND position > $1 ORDER BY position LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- one's own changes and those about nobody
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM ((SELECT position, seq, tag FROM thalamus_feed WHERE person = $5 AND position > $1 ORDER BY position LIMIT 20000) UNION ALL (SELECT position, seq, tag FROM thalamus_feed WHERE person IS NULL AND position > $1 ORDER BY position LIMIT 20000) ORDER BY position LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, CASE WHEN c.operation = 'delete' THEN NULL WHEN next.seq IS NOT NULL THEN next.before
		WHEN live.version = c.version THEN live.data END AS after,
		c.resource = ANY ($8::text[]) OR live.version IS NOT NULL AND live.person IS NOT DISTINCT FROM c.person AND (c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0)) AS shown FROM page AS c 
		LEFT JOIN LATERAL (SELECT n.seq, n.before FROM thalamus_changes AS n WHERE n.id = c.id AND n.resource = c.resource
			AND n.version = c.version + 1 AND n.part = 0 AND n.operation <> 'cut' LIMIT 1) AS next ON true
		LEFT JOIN LATERAL (
			SELECT data, id AS person, version FROM people WHERE c.resource = 'person' AND id = c.id
			UNION ALL SELECT data, book AS person, version FROM pols WHERE c.resource = 'page' AND id = c.id
			UNION ALL SELECT data, fedacct AS person, version FROM personal_docs WHERE c.resource = 'document' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM dus WHERE c.resource = 'unit' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM institutions WHERE c.resource = 'institution' AND id = c.id
		) AS live ON true ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, CASE WHEN jsonb_typeof(c.after) = 'object' AND c.shown
		THEN (CASE c.resource WHEN 'person' THEN c.after - 'password' ELSE c.after END)::text END
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM ((SELECT position, seq, tag FROM thalamus_feed WHERE person = $5 AND position > $1 ORDER BY position LIMIT 20000) UNION ALL (SELECT position, seq, tag FROM thalamus_feed WHERE person IS NULL AND position > $1 ORDER BY position LIMIT 20000) ORDER BY position LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- one's own changes and those about nobody, without data
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM ((SELECT position, seq, tag FROM thalamus_feed WHERE person = $5 AND position > $1 ORDER BY position LIMIT 20000) UNION ALL (SELECT position, seq, tag FROM thalamus_feed WHERE person IS NULL AND position > $1 ORDER BY position LIMIT 20000) ORDER BY position LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, NULL::jsonb AS after, false AS shown FROM page AS c  ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, NULL::text
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM ((SELECT position, seq, tag FROM thalamus_feed WHERE person = $5 AND position > $1 ORDER BY position LIMIT 20000) UNION ALL (SELECT position, seq, tag FROM thalamus_feed WHERE person IS NULL AND position > $1 ORDER BY position LIMIT 20000) ORDER BY position LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- no changes
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (SELECT position, seq, tag FROM thalamus_feed WHERE false LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, CASE WHEN c.operation = 'delete' THEN NULL WHEN next.seq IS NOT NULL THEN next.before
		WHEN live.version = c.version THEN live.data END AS after,
		c.resource = ANY ($8::text[]) OR live.version IS NOT NULL AND live.person IS NOT DISTINCT FROM c.person AND (c.version > COALESCE((SELECT max(gone.version) FROM thalamus_changes AS gone
	WHERE gone.id = c.id AND gone.resource = c.resource AND gone.operation IN ('delete', 'cut') AND gone.version > 1), 0)) AS shown FROM page AS c 
		LEFT JOIN LATERAL (SELECT n.seq, n.before FROM thalamus_changes AS n WHERE n.id = c.id AND n.resource = c.resource
			AND n.version = c.version + 1 AND n.part = 0 AND n.operation <> 'cut' LIMIT 1) AS next ON true
		LEFT JOIN LATERAL (
			SELECT data, id AS person, version FROM people WHERE c.resource = 'person' AND id = c.id
			UNION ALL SELECT data, book AS person, version FROM pols WHERE c.resource = 'page' AND id = c.id
			UNION ALL SELECT data, fedacct AS person, version FROM personal_docs WHERE c.resource = 'document' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM dus WHERE c.resource = 'unit' AND id = c.id
			UNION ALL SELECT data, NULL AS person, version FROM institutions WHERE c.resource = 'institution' AND id = c.id
		) AS live ON true ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, CASE WHEN jsonb_typeof(c.after) = 'object' AND c.shown
		THEN (CASE c.resource WHEN 'person' THEN c.after - 'password' ELSE c.after END)::text END
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (SELECT position, seq, tag FROM thalamus_feed WHERE false LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- no changes, without data
WITH asked AS ( -- tells the types, also of what is not asked for
	SELECT $1::bigint AS after, $2::bigint AS most, $3::text AS person, $4::text AS not_node, $5::text AS owner,
		$6::text[] AS everybodys, $7::text[] AS own, $8::text[] AS deleted, $9::text[] AS asker, $10::text AS caller
), state AS MATERIALIZED (
	SELECT position, tag, horizon, current_setting('transaction_read_only')::boolean AS can_only_read, (SELECT tag FROM thalamus_feed WHERE position = $1) AS cursor_tag FROM thalamus_feed_state WHERE one
), page AS MATERIALIZED (
	SELECT w.position, w.tag, c.* FROM (SELECT position, seq, tag FROM thalamus_feed WHERE false LIMIT 20000) AS w CROSS JOIN LATERAL (
		SELECT seq, resource, id, person, version, operation, time, account, node FROM thalamus_changes WHERE seq = w.seq OFFSET 0
	) AS c
	WHERE (c.resource = ANY ($6::text[]) OR c.resource = ANY ($7::text[]) AND c.person = $5 AND c.seq >= COALESCE((SELECT COALESCE(born.seq, gone.seq) FROM thalamus_changes AS gone
	LEFT JOIN thalamus_changes AS born ON born.id = gone.id AND born.resource = 'person' AND born.version = gone.version + 1 AND born.part = 0
	WHERE gone.id = $5 AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1
	ORDER BY gone.version DESC LIMIT 1), 0)) AND ($9::text[] IS NULL OR NOT thalamus_change_withheld($9, c.person, c.resource, c.id))
		AND ($4 = '' OR (c.node = $4 AND c.account = $10) IS NOT TRUE) ORDER BY w.position LIMIT $2::bigint + 1 -- one more tells whether there is more
), found AS (
	SELECT count(*) AS found FROM page
), sized AS (
	SELECT *, sum(size) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - size AS size_before
	FROM (SELECT *, COALESCE(pg_column_size(after), 0) AS size FROM (SELECT c.*, NULL::jsonb AS after, false AS shown FROM page AS c  ORDER BY c.position OFFSET 0) AS filled OFFSET 0) AS weighed
)
SELECT state.position, state.tag, state.horizon, state.can_only_read, state.cursor_tag, found.found, ended.position, ended.tag,
	COALESCE(c.position, 0), COALESCE(c.tag, 0), COALESCE(c.resource, ''), COALESCE(c.id, ''), c.person, COALESCE(c.version, 0),
	COALESCE(c.operation, ''), COALESCE(c.time, 'epoch'), c.account, c.node, NULL::text
FROM state CROSS JOIN found
LEFT JOIN LATERAL (
	SELECT position, tag FROM (SELECT position, seq, tag FROM thalamus_feed WHERE false LIMIT 20000) AS w WHERE found.found <= $2::bigint ORDER BY position OFFSET 20000 - 1 LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
	SELECT * FROM sized WHERE size_before < 524288 ORDER BY position LIMIT $2::bigint
) AS c ON true;

-- how far followers have read
INSERT INTO thalamus_followers AS known (account, position, read)
		SELECT people.id, reached.position, now() FROM unnest($1::text[], $2::bigint[]) AS reached (account, position)
			JOIN people ON people.id = reached.account ORDER BY people.id FOR KEY SHARE OF people SKIP LOCKED
		ON CONFLICT (account) DO UPDATE SET read = EXCLUDED.read,
			position = GREATEST(EXCLUDED.position, LEAST(known.position, (SELECT position FROM thalamus_feed_state)));

-- the followers
SELECT f.account, f.read, GREATEST(feed.position - f.position, 0),
			(SELECT time FROM thalamus_changes WHERE seq = (
				SELECT seq FROM thalamus_feed WHERE position > f.position ORDER BY position LIMIT 1))
		FROM thalamus_followers AS f JOIN people ON people.id = f.account CROSS JOIN thalamus_feed_state AS feed
		WHERE (COALESCE(data -> 'active', 'null') IN ('true', 'null')) ORDER BY f.read, f.account LIMIT $1;

-- loading
SELECT n, COALESCE((SELECT true FROM people WHERE people.id = l.person), false), stored.same, COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false) FROM unnest($1::int[]) AS asked (n) JOIN thalamus_load AS l USING (n)
LEFT JOIN LATERAL (SELECT COALESCE(t.book = l.person AND l.data IN (t.data, t.creation), false) AS same FROM pols AS t WHERE t.id = l.id LIMIT 1) AS stored ON true;
SELECT n, COALESCE((SELECT true FROM pols WHERE pols.id = l.page AND pols.book = l.person), false), stored.same, COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false) FROM unnest($1::int[]) AS asked (n) JOIN thalamus_load AS l USING (n)
LEFT JOIN LATERAL (SELECT COALESCE(t.fedacct = l.person AND t.pol = l.page AND jsonb_typeof(t.data) = 'object'
			AND (t.document = l.document OR t.document IS NULL AND l.document IS NULL AND t.data = l.data), false) AS same FROM personal_docs AS t WHERE t.id = l.id LIMIT 1) AS stored ON true;
SELECT n, COALESCE(true, false), stored.same, COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false) FROM unnest($1::int[]) AS asked (n) JOIN thalamus_load AS l USING (n)
LEFT JOIN LATERAL (SELECT COALESCE(jsonb_typeof(t.data) = 'object' AND (
			l.data - 'password' IN (t.data - 'password', t.creation)
			OR COALESCE(l.data -> 'roles', 'null') = 'null'
				AND l.data - 'password' || '{"roles": ["end_user"]}' IN (t.data - 'password', t.creation)
			OR l.data -> 'roles' = '["end_user"]' AND l.data - 'password' - 'roles' IN (t.data - 'password', t.creation)), false) AS same FROM people AS t WHERE t.id = l.id LIMIT 1) AS stored ON true;
SELECT n, COALESCE(true, false), stored.same, COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false) FROM unnest($1::int[]) AS asked (n) JOIN thalamus_load AS l USING (n)
LEFT JOIN LATERAL (SELECT COALESCE(l.data IN (t.data, t.creation), false) AS same FROM dus AS t WHERE t.id = l.id LIMIT 1) AS stored ON true;
SELECT n, COALESCE(true, false), stored.same, COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false) FROM unnest($1::int[]) AS asked (n) JOIN thalamus_load AS l USING (n)
LEFT JOIN LATERAL (SELECT COALESCE(l.data IN (t.data, t.creation), false) AS same FROM institutions AS t WHERE t.id = l.id LIMIT 1) AS stored ON true;
SELECT n, thalamus_link(person, id, (data -> 'same')::boolean, data ->> 'account', NULL, (data ->> 'time')::timestamptz)
		FROM (SELECT * FROM thalamus_load WHERE resource = 'link' ORDER BY n OFFSET 0) AS links;
WITH first AS (
	SELECT DISTINCT ON (id COLLATE "C") n, id, data FROM thalamus_load AS l
	WHERE resource = 'institution' AND true AND NOT COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false) ORDER BY id COLLATE "C", n
), added AS (
	INSERT INTO institutions (id, data) SELECT id, data FROM first ON CONFLICT (id) DO NOTHING RETURNING id
)
SELECT n FROM thalamus_load WHERE resource = 'institution'
EXCEPT SELECT n FROM first JOIN added ON added.id = first.id;
WITH first AS (
	SELECT DISTINCT ON (id COLLATE "C") n, id, data FROM thalamus_load AS l
	WHERE resource = 'person' AND true AND NOT COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false) ORDER BY id COLLATE "C", n
), added AS (
	INSERT INTO people (id, data) SELECT id, data FROM first ON CONFLICT (id) DO NOTHING RETURNING id
)
SELECT n FROM thalamus_load WHERE resource = 'person'
EXCEPT SELECT n FROM first JOIN added ON added.id = first.id;
WITH first AS (
	SELECT DISTINCT ON (id COLLATE "C") n, id, data FROM thalamus_load AS l
	WHERE resource = 'unit' AND true AND NOT COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false) ORDER BY id COLLATE "C", n
), added AS (
	INSERT INTO dus (id, data) SELECT id, data FROM first ON CONFLICT (id) DO NOTHING RETURNING id
)
SELECT n FROM thalamus_load WHERE resource = 'unit'
EXCEPT SELECT n FROM first JOIN added ON added.id = first.id;
WITH first AS (
	SELECT DISTINCT ON (id COLLATE "C") n, id, person, data FROM thalamus_load AS l
	WHERE resource = 'page' AND (SELECT true FROM people WHERE people.id = l.person) AND NOT COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false) ORDER BY id COLLATE "C", n
), added AS (
	INSERT INTO pols (id, book, data) SELECT id, person, data FROM first ON CONFLICT (id) DO NOTHING RETURNING id
)
SELECT n FROM thalamus_load WHERE resource = 'page'
EXCEPT SELECT n FROM first JOIN added ON added.id = first.id;
WITH first AS (
	SELECT DISTINCT ON (id COLLATE "C") n, id, person, page, document, data FROM thalamus_load AS l
	WHERE resource = 'document' AND (SELECT true FROM pols WHERE pols.id = l.page AND pols.book = l.person) AND NOT COALESCE((SELECT true FROM thalamus_changes AS c WHERE c.id = l.id AND c.resource = l.resource AND c.version = 1 AND c.part = 0), false) ORDER BY id COLLATE "C", n
), added AS (
	INSERT INTO personal_docs (id, fedacct, pol, document, data) SELECT id, person, page, document, data FROM first ON CONFLICT (id) DO NOTHING RETURNING id
)
SELECT n FROM thalamus_load WHERE resource = 'document'
EXCEPT SELECT n FROM first JOIN added ON added.id = first.id;
WITH spelled AS (
			SELECT literal, upper FROM unnest($1::text[], $2::text[]) AS s (literal, upper)
			WHERE NOT EXISTS (SELECT FROM people WHERE id = literal) AND EXISTS (SELECT FROM people WHERE id = upper)
		)
		UPDATE thalamus_load AS l SET
			person = COALESCE((SELECT upper FROM spelled WHERE literal = l.person), person),
			id = CASE l.resource WHEN 'link' THEN COALESCE((SELECT upper FROM spelled WHERE literal = l.id), id) ELSE id END,
			data = CASE l.resource WHEN 'document' THEN data || jsonb_build_object('fedacct', COALESCE((SELECT upper FROM spelled WHERE literal = l.person), person)) ELSE data END
		WHERE l.person IN (SELECT literal FROM spelled) OR l.resource = 'link' AND l.id IN (SELECT literal FROM spelled);

-- the dump
-- reads all of dus, institutions, people, personal_docs, pols, thalamus_links
SELECT '', person, NULL, jsonb_build_object('person', other, 'same', same, 'account', account,
		'time', to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, NULL::int, NULL::bytea
	FROM thalamus_links ORDER BY person COLLATE "C", other COLLATE "C";
SELECT one.* FROM (SELECT id FROM dus ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT id, NULL, NULL, CASE WHEN jsonb_typeof(data) = 'object' THEN (data)::text END, octet_length(NULL::bytea), substring(NULL::bytea FOR 4194304) FROM dus WHERE id = sorted.id LIMIT 1
		) AS one;
SELECT one.* FROM (SELECT id FROM institutions ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT id, NULL, NULL, CASE WHEN jsonb_typeof(data) = 'object' THEN (data)::text END, octet_length(NULL::bytea), substring(NULL::bytea FOR 4194304) FROM institutions WHERE id = sorted.id LIMIT 1
		) AS one;
SELECT one.* FROM (SELECT id FROM people ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT id, NULL, NULL, CASE WHEN jsonb_typeof(data) = 'object' THEN (data - 'password')::text END, octet_length(NULL::bytea), substring(NULL::bytea FOR 4194304) FROM people WHERE id = sorted.id LIMIT 1
		) AS one;
SELECT one.* FROM (SELECT id FROM personal_docs ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT id, fedacct, pol, CASE WHEN jsonb_typeof(data) = 'object' THEN (data)::text END, octet_length(document), substring(document FOR 4194304) FROM personal_docs WHERE id = sorted.id LIMIT 1
		) AS one;
SELECT one.* FROM (SELECT id FROM pols ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT id, book, NULL, CASE WHEN jsonb_typeof(data) = 'object' THEN (data)::text END, octet_length(NULL::bytea), substring(NULL::bytea FOR 4194304) FROM pols WHERE id = sorted.id LIMIT 1
		) AS one;
SELECT pg_export_snapshot();

-- the dump of revisions
-- reads all of dus, institutions, people, personal_docs, pols
SELECT now();
SELECT one.* FROM (SELECT id FROM dus ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT id, NULL, NULL, CASE WHEN jsonb_typeof(data) = 'object' THEN (data)::text END, version, (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = dus.id AND resource = 'unit'
	AND thalamus_changes.version = dus.version AND part = 0), NULL::text[], -1 FROM dus WHERE id = sorted.id LIMIT 1
		) AS one;
SELECT one.* FROM (SELECT id FROM institutions ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT id, NULL, NULL, CASE WHEN jsonb_typeof(data) = 'object' THEN (data)::text END, version, (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = institutions.id AND resource = 'institution'
	AND thalamus_changes.version = institutions.version AND part = 0), NULL::text[], -1 FROM institutions WHERE id = sorted.id LIMIT 1
		) AS one;
SELECT one.* FROM (SELECT id FROM people ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT id, NULL, NULL, CASE WHEN jsonb_typeof(data) = 'object' THEN (data - 'password')::text END, version, (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = people.id AND resource = 'person'
	AND thalamus_changes.version = people.version AND part = 0), CASE WHEN linked IS NOT NULL THEN (SELECT array_agg(same.id ORDER BY same.id COLLATE "C")
	FROM people AS same WHERE same.linked = people.linked AND same.id <> people.id AND jsonb_typeof(same.data) = 'object') END, -1 FROM people WHERE id = sorted.id LIMIT 1
		) AS one;
SELECT one.* FROM (SELECT id FROM personal_docs ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT id, fedacct, pol, CASE WHEN jsonb_typeof(data) = 'object' THEN (data)::text END, version, (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = personal_docs.id AND resource = 'document'
	AND thalamus_changes.version = personal_docs.version AND part = 0), NULL::text[], COALESCE(octet_length(document), -1) FROM personal_docs WHERE id = sorted.id LIMIT 1
		) AS one;
SELECT one.* FROM (SELECT id FROM pols ORDER BY id COLLATE "C" OFFSET 0) AS sorted, LATERAL (
			SELECT id, book, NULL, CASE WHEN jsonb_typeof(data) = 'object' THEN (data)::text END, version, (SELECT time FROM thalamus_changes WHERE thalamus_changes.id = pols.id AND resource = 'page'
	AND thalamus_changes.version = pols.version AND part = 0), NULL::text[], -1 FROM pols WHERE id = sorted.id LIMIT 1
		) AS one;

-- duplicates
-- reads all of people

-- what was deleted
SELECT min(seq) FROM (SELECT seq, time FROM thalamus_changes WHERE seq < $1 ORDER BY seq DESC LIMIT $2) AS looked
		HAVING max(time) >= $3;
SELECT resource, id, person, CASE WHEN resource = 'document' THEN before ->> 'pol' END, time, account, db_user FROM thalamus_changes AS c
WHERE seq >= $1 AND seq < $2 AND time >= $3 AND ($4 = '' OR person = $4)
	AND operation = 'delete' AND before IS NOT NULL
	AND NOT EXISTS (SELECT FROM thalamus_changes AS later
		WHERE later.id = c.id AND later.resource = c.resource AND later.version > c.version)
ORDER BY seq DESC;

-- names of accounts
SELECT id, full_name FROM (
			SELECT id, concat_ws(' ', NULLIF(data ->> 'name', ''), NULLIF(data ->> 'lastname', '')) AS full_name
			FROM people WHERE id = ANY($1) AND jsonb_typeof(data) = 'object'
		) AS named WHERE full_name <> '';

-- closed accounts
-- reads all of people
WITH found AS (SELECT id FROM people WHERE (NOT (COALESCE(data -> 'active', 'null') IN ('true', 'null')) AND data -> 'active' <> 'false') AND COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false))
		SELECT count(*), ARRAY(SELECT id FROM found ORDER BY id COLLATE "C" LIMIT 10) FROM found;

-- odd passwords
-- reads all of people
WITH found AS (SELECT id FROM people WHERE COALESCE(data -> 'password', 'null') NOT IN ('null', '""') AND NOT COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false))
		SELECT count(*), ARRAY(SELECT id FROM found ORDER BY id COLLATE "C" LIMIT 10) FROM found;
WITH found AS (SELECT id FROM people WHERE COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false) AND substr(data ->> 'password', 5, 2) < '10')
		SELECT count(*), ARRAY(SELECT id FROM found ORDER BY id COLLATE "C" LIMIT 10) FROM found;

-- whether somebody administers
-- reads all of people
SELECT EXISTS (SELECT FROM people WHERE (COALESCE(jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ?| @administrators, false)
				AND (COALESCE(data -> 'active', 'null') IN ('true', 'null'))
				AND COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false)));

-- the hashes of some accounts
SELECT id, data ->> 'password' FROM people WHERE id = ANY($1) AND COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false) ORDER BY id;

-- PostgreSQL itself
SELECT (SELECT c.time FROM thalamus_changes AS c WHERE c.seq > f.high ORDER BY c.seq LIMIT 1) FROM thalamus_feed_state AS f;
SELECT current_setting('archive_mode') <> 'off', last_archived_time, last_failed_time, stats_reset, clock_timestamp() FROM pg_stat_archiver;
SELECT current_setting('server_version'), clock_timestamp(), pg_is_in_recovery(), current_user::text,
		(SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
		ARRAY(SELECT DISTINCT tableowner::text FROM pg_tables WHERE (schemaname = current_schema() AND (tablename = ANY ($1) OR tablename LIKE 'thalamus\_%')) ORDER BY 1);
SELECT least(
		current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
			- COALESCE(current_setting('reserved_connections', true)::int, 0),
		(SELECT NULLIF(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
		(SELECT NULLIF(datconnlimit, -1) FROM pg_database WHERE datname = current_database())),
		(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN thalamus_account;%' AND query <> $1);

-- sizes, for metrics
SELECT count(*) FROM thalamus_session WHERE seen > now() - $1::interval AND begun > now() - $2::interval;
SELECT pg_database_size(current_database());
SELECT root.relname::text, sum(greatest(part.reltuples, 0))::bigint, sum(pg_total_relation_size(part.oid))::bigint
		FROM pg_class AS root JOIN pg_class AS part ON part.oid = root.oid
			OR part.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = root.oid)
		WHERE root.relnamespace = current_schema()::regnamespace AND root.relname = ANY ($1) AND part.relkind = 'r'
		GROUP BY 1 ORDER BY 1;

-- counting
-- reads all of institutions, people, pols
DELETE FROM thalamus_statistics;
SELECT NOT current_setting('transaction_read_only')::boolean AND pg_try_advisory_xact_lock(x'7468616c'::int, 5)
		AND (counted IS NULL OR counted + greatest($1::interval, $2 * took) < now() AND seq IS DISTINCT FROM (SELECT max(seq) FROM thalamus_changes))
		FROM thalamus_statistics_state;
UPDATE thalamus_statistics_state SET counted = now(), took = $1, seq = (SELECT max(seq) FROM thalamus_changes);
WITH registered AS (
			SELECT id::text AS name FROM institutions UNION SELECT data ->> 'name' FROM institutions UNION SELECT $1
		)
		SELECT 'page', COALESCE(name, ''), month, kind, sum(count)::bigint, max(persons) FROM (
			SELECT COALESCE(thalamus_node(data, 'creation_info'), thalamus_node(data, 'modification_info'), thalamus_node(data)) AS node, CASE WHEN at >= '1900-01-01' AND at < now() + interval '1 year' THEN date_trunc('month', at)::date END AS month,
				COALESCE(CASE WHEN data ->> 'context' = ANY ($2) THEN data ->> 'context' END, CASE WHEN data ->> 'medical_context' = ANY ($2) THEN data ->> 'medical_context' END, CASE WHEN data ->> 'social_context' = ANY ($2) THEN data ->> 'social_context' END, CASE WHEN data ->> 'domain' = ANY ($2) THEN data ->> 'domain' END, CASE WHEN data ->> 'page_type' = ANY ($2) THEN data ->> 'page_type' END, 'other') AS kind, count(*) AS count, count(DISTINCT book) AS persons
			FROM (SELECT book, data, page_time AS at FROM pols) AS pages GROUP BY 1, 2, 3
		) AS counted LEFT JOIN registered ON name = node GROUP BY 2, 3, 4;
WITH registered AS (
			SELECT id::text AS name FROM institutions UNION SELECT data ->> 'name' FROM institutions UNION SELECT $1
		)
		SELECT 'person', COALESCE(name, ''), month, kind, sum(count)::bigint, sum(count)::bigint FROM (
			SELECT COALESCE(thalamus_node(data, 'creation_info'), thalamus_node(data, 'modification_info')) AS node, CASE WHEN at >= '1900-01-01' AND at < now() + interval '1 year' THEN date_trunc('month', at)::date END AS month,
				CASE WHEN NOT (COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false)) THEN 'no_account' WHEN (COALESCE(data -> 'active', 'null') IN ('true', 'null')) THEN 'active' ELSE 'closed' END AS kind, count(*) AS count
			FROM (SELECT data, COALESCE(thalamus_page_time(jsonb_build_object('page_date', data -> 'creation_info' -> 'timestamp')),
					time AT TIME ZONE 'UTC') AS at
				FROM people LEFT JOIN thalamus_changes AS c ON c.id = people.id AND resource = 'person' AND c.version = 1 AND part = 0 AND operation = 'create'
			) AS persons GROUP BY 1, 2, 3
		) AS counted LEFT JOIN registered ON name = node GROUP BY 2, 3, 4;

-- statistics
SELECT counted FROM thalamus_statistics_state;
SELECT institution::text, month::date, kind::text,
			CASE WHEN CASE $1 WHEN 'person' THEN sum(persons) ELSE max(persons) END >= 8
			THEN (round(sum(count) / 5) * 5)::bigint END
		FROM thalamus_statistics
		WHERE subject = $1 AND ($2 = '' OR institution = $2) AND ($3 = '' OR kind = $3)
			AND ($4::date IS NULL OR month >= $4) AND ($5::date IS NULL OR month <= $5)
		GROUP BY institution, month, kind HAVING sum(count) > 0 ORDER BY 1, 2, 3 LIMIT $6;

-- accounts
-- reads all of people
SELECT id, COALESCE(data ->> 'name', ''), COALESCE(data ->> 'lastname', ''), data -> 'roles',
	(COALESCE(data -> 'active', 'null') IN ('true', 'null')), COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false), version FROM people
		WHERE jsonb_typeof(data) = 'object' AND NOT ($2 AND (COALESCE(data -> 'active', 'null') IN ('true', 'null'))) AND CASE $1
			WHEN '' THEN COALESCE(data ->> 'password', '') <> '' OR COALESCE(NULLIF(data -> 'roles', 'null'), '[]') NOT IN ('[]', '["end_user"]')
			ELSE jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ? $1 END
		ORDER BY id;

-- one account
SELECT id, COALESCE(data ->> 'name', ''), COALESCE(data ->> 'lastname', ''), data -> 'roles',
	(COALESCE(data -> 'active', 'null') IN ('true', 'null')), COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false), version, GREATEST((SELECT at FROM thalamus_visit WHERE account = id), (SELECT max(seen) FROM thalamus_session WHERE account = id)), (SELECT max(time) FROM thalamus_changes AS c
			WHERE c.id = people.id AND c.resource = 'person' AND c.operation = 'password')
		FROM people WHERE id = $1 AND jsonb_typeof(data) = 'object';

-- those who hold other roles than everybody's
WITH chosen AS MATERIALIZED (
	SELECT *, row_number() OVER (ORDER BY id) AS n
	FROM (SELECT id, data, version FROM people WHERE COALESCE(NULLIF(data -> 'roles', 'null'), '[]') NOT IN ('[]', '["end_user"]') AND jsonb_typeof(data) = 'object' AND NOT ($2 AND (COALESCE(data -> 'active', 'null') IN ('true', 'null')))
			AND CASE $1 WHEN '' THEN true ELSE jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ? $1 END ORDER BY id LIMIT 25 + 1) AS found
)
SELECT (SELECT id FROM chosen WHERE n = 25 AND EXISTS (SELECT FROM chosen WHERE n > 25)), id, COALESCE(data ->> 'name', ''), COALESCE(data ->> 'lastname', ''), data -> 'roles',
	(COALESCE(data -> 'active', 'null') IN ('true', 'null')), COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false), version, GREATEST((SELECT at FROM thalamus_visit WHERE account = id), (SELECT max(seen) FROM thalamus_session WHERE account = id))
FROM (SELECT * FROM chosen WHERE n <= 25 ORDER BY n) AS c ORDER BY n;

-- the accounts of some persons
SELECT id, COALESCE(data ->> 'name', ''), COALESCE(data ->> 'lastname', ''), data -> 'roles',
	(COALESCE(data -> 'active', 'null') IN ('true', 'null')), COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false), version, GREATEST((SELECT at FROM thalamus_visit WHERE account = id), (SELECT max(seen) FROM thalamus_session WHERE account = id)) FROM people WHERE id = ANY($1) AND jsonb_typeof(data) = 'object';

-- erasing
-- reads all of people, thalamus_changes, thalamus_name_words
DELETE FROM people WHERE id = $1;
DELETE FROM personal_docs WHERE fedacct = $1 OR fedacct IS NULL AND pol IN (SELECT id FROM pols WHERE book = $1) RETURNING id;
DELETE FROM pols WHERE book = $1;
DELETE FROM thalamus_consents WHERE person = $1;
DELETE FROM thalamus_followers WHERE account = $1;
DELETE FROM thalamus_name_words AS known
		WHERE NOT EXISTS (SELECT FROM (SELECT unnest(words) AS word FROM people) AS had WHERE had.word = known.word);
DELETE FROM thalamus_private WHERE person = $1;
DELETE FROM thalamus_reset WHERE account = $1;
DELETE FROM thalamus_visit WHERE account = $1;
SELECT COALESCE(array_agg(d.id ORDER BY d.id), '{}') FROM personal_docs AS d JOIN pols AS p ON p.id = d.pol
		WHERE p.book = $1 AND d.fedacct <> $1;
SELECT EXISTS (SELECT FROM people WHERE id = @id AND (COALESCE(jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ?| @administrators, false)
				AND (COALESCE(data -> 'active', 'null') IN ('true', 'null'))
				AND COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false)));
SELECT FROM people WHERE id = $1 FOR UPDATE;
SELECT FROM pols WHERE book = $1 FOR UPDATE;
SELECT pg_advisory_xact_lock(x'7468616c'::int, 2);
SELECT thalamus_publish();
UPDATE thalamus_emergencies SET reason = '', finding = NULL WHERE person = $1;
WITH about AS (
	SELECT seq, operation, version = 1 AND part = 0 AS first, row_number() OVER (PARTITION BY resource, id ORDER BY version DESC, part) AS n
	FROM thalamus_changes WHERE person = $1 OR person IS NULL AND resource = 'document' AND id = ANY ($2)
), removed AS (
	DELETE FROM thalamus_changes AS c USING about WHERE c.seq = about.seq AND about.n > 1 AND NOT about.first
), emptied AS (
	UPDATE thalamus_changes AS c SET before = NULL, document = NULL, account = NULL, request = NULL, node = NULL, db_user = NULL,
		operation = CASE WHEN about.n = 1 THEN c.operation ELSE 'cut' END,
		person = CASE WHEN about.n = 1 THEN c.person END,
		time = CASE WHEN about.n = 1 THEN c.time ELSE now() END
	FROM about WHERE c.seq = about.seq AND (about.n = 1 OR about.first)
), unlisted AS (
	UPDATE thalamus_feed AS f SET seq = 0 FROM about WHERE f.seq = about.seq AND about.n > 1
)
SELECT count(*) FROM about WHERE n > 1 AND operation <> 'cut';
