-- Every change of a record, whoever makes it, raises the record's version and leaves a row in
-- thalamus_changes, in its own transaction. thalamus_feed gives these rows, once they are
-- committed, one order for all.

ALTER TABLE people ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE pols ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE personal_docs ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE dus ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE institutions ADD COLUMN version bigint NOT NULL DEFAULT 1;

CREATE TABLE thalamus_changes (
	seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- grows with the changes of one record; not the order of commits
	resource text NOT NULL, -- person, page, document, unit, institution
	id varchar NOT NULL,
	version bigint NOT NULL, -- of the record after the change; a deletion has one of its own
	part bigint NOT NULL DEFAULT 0, -- not 0 for a change of the password, which raises no version
	operation text NOT NULL, -- create, update, delete, password
	person varchar, -- whom it is about
	before jsonb, -- the record until then, without a password
	document bytea, -- a document's bytes until then, if they went with the change
	account text, -- who asked a server for it,
	request text, -- in which request,
	node text, -- and from which node, as the write itself said
	db_user text, -- who wrote without a server
	time timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- It also stops an insertion that counted on from a version that is no longer the last.
CREATE UNIQUE INDEX thalamus_changes_version ON thalamus_changes (id, resource, version, part);

-- thalamus_node reads the node that wrote a record from one of its objects.
CREATE FUNCTION thalamus_node(data jsonb, info text) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $$
	SELECT CASE WHEN jsonb_typeof(data -> info -> 'node') = 'string' THEN left(data -> info ->> 'node', 255) END
$$;

-- A server tells by settings of its transaction which account asks for the change (thalamus.account), in
-- which request, and which node the request's body names. Other writers' node is read from what they write.
-- The functions of the triggers are alike but for the resource and the column of its person; they are
-- made from the texts here, each for its own table, because every write waits for them.
CREATE FUNCTION thalamus_follow(tbl text, resource text, owner text) RETURNS void
	LANGUAGE plpgsql
AS $make$
DECLARE
	head text := 'RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp';
	person text := CASE WHEN owner IS NULL THEN 'NULL' ELSE '%s.' || owner END;
	moved text := 'OLD.id <> NEW.id' || CASE WHEN owner IS NULL OR owner = 'id' THEN '' ELSE format(' OR OLD.%1$s IS DISTINCT FROM NEW.%1$s', owner) END;
	data text := CASE resource WHEN 'person' THEN $$CASE WHEN jsonb_typeof(OLD.data) = 'object' THEN OLD.data - 'password' END$$ ELSE 'OLD.data' END;
	bytes text := CASE resource WHEN 'document' THEN 'OLD.document' ELSE 'NULL' END;
	note text := $$INSERT INTO thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
			SELECT '$$ || resource || $$', %s, %s, %s, %s, '%s', %s, %s,
				NULLIF(current_setting('thalamus.account', true), ''), request,
				CASE WHEN request IS NULL THEN %s ELSE NULLIF(current_setting('thalamus.node', true), '') END,
				CASE WHEN request IS NULL THEN session_user END$$;
	here text := format(person, 'NEW');
	gone text := format(person, 'OLD');
	created_node text := $$COALESCE(thalamus_node(NEW.data, 'creation_info'), thalamus_node(NEW.data, 'modification_info'))$$;
	updated_node text := $$CASE WHEN OLD.data -> 'modification_info' IS DISTINCT FROM NEW.data -> 'modification_info'
					THEN thalamus_node(NEW.data, 'modification_info') END$$;
	created text := format(note, 'NEW.id', here, 'NEW.version', 0, 'create', 'NULL', 'NULL', created_node);
	updated text := format(note, 'NEW.id', here, 'NEW.version', 0, 'update', data, replace(bytes, 'OLD.document',
		'CASE WHEN OLD.document IS DISTINCT FROM NEW.document THEN OLD.document END'), updated_node);
	deleted text := format(note, 'OLD.id', gone, 'OLD.version + 1', 0, 'delete', data, bytes, 'NULL');
	last text := format($$SELECT version, part FROM thalamus_changes WHERE id = NEW.id AND resource = '%s' ORDER BY version DESC, part DESC LIMIT 1$$, resource);
BEGIN
	-- The first version of an id that had it before finds that row: the id was deleted since. It
	-- goes on from its last version then, unless a server wants to know first.
	EXECUTE format($f$
CREATE FUNCTION thalamus_%1$s_created() %2$s AS $body$
DECLARE
	request text := NULLIF(current_setting('thalamus.request', true), '');
BEGIN
	%3$s ON CONFLICT DO NOTHING;
	IF FOUND THEN
		RETURN NULL;
	END IF;
	IF current_setting('thalamus.recreate', true) = 'off' THEN
		RAISE EXCEPTION 'this id was deleted' USING ERRCODE = 'TH410';
	END IF;
	SELECT version + 1 INTO NEW.version FROM (%4$s) AS last;
	UPDATE %5$I SET version = NEW.version WHERE id = NEW.id;
	%3$s;
	RETURN NULL;
END $body$ $f$, resource, head, created, last, tbl);

	EXECUTE format($f$
CREATE FUNCTION thalamus_%1$s_updated() %2$s AS $body$
DECLARE
	request text := NULLIF(current_setting('thalamus.request', true), '');
BEGIN
	%3$s;
	RETURN NULL;
END $body$ $f$, resource, head, updated);

	EXECUTE format($f$
CREATE FUNCTION thalamus_%1$s_deleted() %2$s AS $body$
DECLARE
	request text := NULLIF(current_setting('thalamus.request', true), '');
BEGIN
	%3$s;
	RETURN NULL;
END $body$ $f$, resource, head, deleted);

	-- A record with another id or of another person has gone there, and come here.
	EXECUTE format($f$
CREATE FUNCTION thalamus_%1$s_moving() %2$s AS $body$
BEGIN
	SELECT version + CASE WHEN OLD.id = NEW.id THEN 2 ELSE 1 END INTO NEW.version FROM (%3$s) AS last;
	NEW.version := COALESCE(NEW.version, 1);
	RETURN NEW;
END $body$ $f$, resource, head, last);
	EXECUTE format($f$
CREATE FUNCTION thalamus_%1$s_moved() %2$s AS $body$
DECLARE
	request text := NULLIF(current_setting('thalamus.request', true), '');
BEGIN
	%3$s;
	%4$s;
	RETURN NULL;
END $body$ $f$, resource, head, deleted, created);

	EXECUTE format($f$
CREATE FUNCTION thalamus_%1$s_truncated() %2$s AS $body$
DECLARE
	request text := NULLIF(current_setting('thalamus.request', true), '');
BEGIN
	IF current_setting('transaction_isolation') NOT LIKE 'read %%' THEN
		RAISE EXCEPTION 'truncate in READ COMMITTED: here rows may go that this transaction does not see' USING ERRCODE = 'feature_not_supported';
	END IF;
	PERFORM pg_current_xact_id(); -- before it draws a seq; what others do first to a row needs one by itself
	%3$s FROM %4$I AS gone;
	RETURN NULL;
END $body$ $f$, resource, head, replace(deleted, 'OLD.', 'gone.'), tbl);

	EXECUTE format($f$
CREATE TRIGGER thalamus_created AFTER INSERT ON %2$I FOR EACH ROW EXECUTE FUNCTION thalamus_%1$s_created();
CREATE TRIGGER thalamus_deleted AFTER DELETE ON %2$I FOR EACH ROW EXECUTE FUNCTION thalamus_%1$s_deleted();
CREATE TRIGGER zz_thalamus_moving BEFORE UPDATE ON %2$I FOR EACH ROW WHEN (%3$s) EXECUTE FUNCTION thalamus_%1$s_moving();
CREATE TRIGGER thalamus_moved AFTER UPDATE ON %2$I FOR EACH ROW WHEN (%3$s) EXECUTE FUNCTION thalamus_%1$s_moved();
CREATE TRIGGER thalamus_truncated BEFORE TRUNCATE ON %2$I FOR EACH STATEMENT EXECUTE FUNCTION thalamus_%1$s_truncated();
CREATE TRIGGER zz_thalamus_first BEFORE INSERT ON %2$I FOR EACH ROW
	WHEN (NEW.version <> 1) EXECUTE FUNCTION thalamus_first_version('%1$s');
$f$, resource, tbl, moved);

	-- What changes nothing raises no version and leaves no row. The name makes it see what other
	-- triggers, which go by their names, have made of the row.
	EXECUTE format($f$
CREATE TRIGGER zz_thalamus_version BEFORE UPDATE ON %2$I FOR EACH ROW
	WHEN (NOT (%3$s) AND (%4$s)) EXECUTE FUNCTION thalamus_next_version();
CREATE TRIGGER thalamus_updated AFTER UPDATE ON %2$I FOR EACH ROW
	WHEN (NOT (%3$s) AND (%4$s)) EXECUTE FUNCTION thalamus_%1$s_updated();
$f$, resource, tbl, moved, CASE resource
		WHEN 'person' THEN $$CASE WHEN jsonb_typeof(OLD.data) = 'object' AND jsonb_typeof(NEW.data) = 'object'
			THEN OLD.data - 'password' IS DISTINCT FROM NEW.data - 'password' ELSE OLD.data IS DISTINCT FROM NEW.data END$$
		WHEN 'document' THEN 'OLD.pol IS DISTINCT FROM NEW.pol OR OLD.data IS DISTINCT FROM NEW.data OR OLD.document IS DISTINCT FROM NEW.document'
		ELSE 'OLD.data IS DISTINCT FROM NEW.data' END);

	IF resource = 'person' THEN
		EXECUTE format($f$
CREATE FUNCTION thalamus_password_changed() %1$s AS $body$
DECLARE
	request text := NULLIF(current_setting('thalamus.request', true), '');
BEGIN
	%2$s;
	RETURN NULL;
END $body$ $f$, head, format(note, 'NEW.id', 'NEW.id', 'NEW.version',
		$$(SELECT COALESCE(max(part), 0) + 1 FROM thalamus_changes WHERE id = NEW.id AND resource = 'person' AND version = NEW.version)$$,
		'password', 'NULL', 'NULL', updated_node));
	END IF;
END
$make$;

CREATE FUNCTION thalamus_next_version() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	NEW.version := OLD.version + 1;
	RETURN NEW;
END
$$;

-- A row that comes with a version, from a dump or put back, has it only if it is the next.
CREATE FUNCTION thalamus_first_version() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
	IF NEW.version IS DISTINCT FROM 1 + (SELECT max(version) FROM thalamus_changes WHERE id = NEW.id AND resource = TG_ARGV[0]) THEN
		NEW.version := 1;
	END IF;
	RETURN NEW;
END
$$;

SELECT thalamus_follow('people', 'person', 'id');
SELECT thalamus_follow('pols', 'page', 'book');
SELECT thalamus_follow('personal_docs', 'document', 'fedacct');
SELECT thalamus_follow('dus', 'unit', NULL);
SELECT thalamus_follow('institutions', 'institution', NULL);
DROP FUNCTION thalamus_follow;

-- A changed password raises no version, and its hash is kept nowhere. A server that only
-- replaces a hash by a stronger one of the same password says so, and leaves no row.
CREATE TRIGGER thalamus_updated_password AFTER UPDATE ON people FOR EACH ROW
	WHEN (OLD.id = NEW.id AND jsonb_typeof(OLD.data) = 'object' AND jsonb_typeof(NEW.data) = 'object'
		AND OLD.data -> 'password' IS DISTINCT FROM NEW.data -> 'password'
		AND current_setting('thalamus.upgrade', true) IS DISTINCT FROM 'on')
	EXECUTE FUNCTION thalamus_password_changed();

-- The order for all. seq is drawn before a transaction commits, so that seqs become visible in
-- any order; thalamus_publish looks which ones have, and gives them the next positions. What
-- it published is consistent with the order of commits, and each record's changes stay in
-- their order. Nothing here refers to transaction ids that another cluster, or this one after
-- a recovery, would read otherwise.

CREATE TABLE thalamus_feed (
	position bigint PRIMARY KEY,
	seq bigint NOT NULL, -- of thalamus_changes
	tag int NOT NULL, -- by chance: tells a position from one that was lost in a recovery
	person varchar
);

CREATE INDEX thalamus_feed_person ON thalamus_feed (person, position);

CREATE TABLE thalamus_feed_state (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	position bigint NOT NULL DEFAULT 0, -- the last one given
	tag int NOT NULL DEFAULT 0, -- of that position
	horizon bigint NOT NULL DEFAULT 0, -- up to here there may be changes that were cut
	high bigint NOT NULL DEFAULT 0, -- the highest seq that was looked for
	gaps int8multirange NOT NULL DEFAULT '{}', -- seqs below it that were not: their transactions may still commit
	old_gaps int8multirange NOT NULL DEFAULT '{}', -- the same, of transactions before mark; dropped when all these have ended
	mark xid8 NOT NULL DEFAULT '0',
	open xid8[] -- those before mark that were open when old_gaps were last looked at; NULL: they were not yet
);

INSERT INTO thalamus_feed_state DEFAULT VALUES;

-- thalamus_publish gives committed changes their positions, and says how many it looked at.
-- It takes thousands at once; call it until it gives 0. A transaction that has written already
-- may call it, too, but holds up all others' changes until it ends.
CREATE FUNCTION thalamus_publish() RETURNS int
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
	most CONSTANT int := 10000;
	unnumbered CONSTANT boolean := pg_current_xact_id_if_assigned() IS NULL;
	state record;
	running xid8[]; -- transactions before mark
	old int8multirange; -- NULL: nothing is new there
	seen bigint[];
	top bigint;
	drawn bigint; -- the last seq
	many int; -- bytes of gaps (not compressed) that are too many to be looked for each time
	next_tag int := (random() * 2147483647)::int;
	published int;
BEGIN
	PERFORM pg_advisory_xact_lock(x'7468616c'::int, 1); -- as a row's lock would, but without a transaction id yet
	SELECT position, tag, high, gaps + int8multirange() AS gaps, mark, open, pg_column_size(old_gaps) AS old_size INTO state FROM thalamus_feed_state;
	-- All in one statement, that is, one snapshot: if a transaction's later changes were seen and its
	-- earlier ones not looked for, their order would be lost. A mark to come is another cluster's.
	WITH now AS MATERIALIZED (
		SELECT ARRAY(SELECT x FROM pg_snapshot_xip(pg_current_snapshot()) AS x
			WHERE x < state.mark AND state.mark < pg_snapshot_xmax(pg_current_snapshot()) ORDER BY x) AS xids
	), look AS MATERIALIZED (
		SELECT xids, CASE WHEN xids = state.open THEN NULL ELSE (SELECT old_gaps FROM thalamus_feed_state) END AS gaps FROM now
	)
	SELECT xids, look.gaps, ARRAY(SELECT fresh.seq FROM (
			SELECT c.seq FROM unnest(state.gaps + COALESCE(look.gaps, '{}')) AS gap
				CROSS JOIN LATERAL (SELECT seq FROM thalamus_changes WHERE seq >= lower(gap) AND seq < upper(gap) ORDER BY seq LIMIT most) AS c
			UNION ALL
			(SELECT seq FROM thalamus_changes WHERE seq > state.high ORDER BY seq LIMIT most)
		) AS fresh ORDER BY fresh.seq LIMIT most)
		INTO running, old, seen FROM look;
	SELECT last_value INTO drawn FROM thalamus_changes_seq_seq;
	many := 50000 + state.old_size / 8;
	IF seen = '{}' AND (current_setting('transaction_read_only') = 'on'
			OR drawn <= state.high + most AND (old IS NULL AND pg_column_size(state.gaps) <= many OR state.gaps + old = '{}')) THEN
		RETURN 0;
	END IF;

	INSERT INTO thalamus_feed (position, seq, tag, person)
		SELECT state.position + row_number() OVER (ORDER BY c.seq), c.seq, next_tag, c.person
		FROM thalamus_changes AS c WHERE c.seq = ANY (seen) AND c.operation <> 'password';
	GET DIAGNOSTICS published = ROW_COUNT;
	IF published > 0 THEN
		state.position := state.position + published;
		state.tag := next_tag;
		NOTIFY thalamus_changes;
	END IF;

	top := GREATEST(state.high, seen[cardinality(seen)]);
	IF cardinality(seen) < most AND drawn > top + most THEN
		top := drawn; -- a large transaction is open: it, too, is not to be gone through each time
	END IF;
	state.gaps := state.gaps + int8multirange(int8range(state.high, top, '(]'))
		- COALESCE((SELECT range_agg(int8range(s, s, '[]')) FROM unnest(seen) AS s), '{}');
	old := old - COALESCE((SELECT range_agg(int8range(s, s, '[]')) FROM unnest(seen) AS s), '{}');
	-- All who drew a seq below high had a transaction id before this one has its own, if that is
	-- only now; they are those before the new mark.
	IF unnumbered AND cardinality(seen) < most THEN
		IF running = '{}' OR old IS NULL AND pg_column_size(state.gaps) > many THEN -- all have ended, or some take long
			old := state.gaps + CASE WHEN running = '{}' THEN '{}' ELSE (SELECT old_gaps FROM thalamus_feed_state) END;
			state.gaps := '{}';
			state.mark := pg_current_xact_id();
			state.open := NULL;
		ELSE
			state.open := running;
		END IF;
	END IF;
	UPDATE thalamus_feed_state SET position = state.position, tag = state.tag, high = top, gaps = state.gaps,
		old_gaps = COALESCE(NULLIF(old, old_gaps), old_gaps), mark = state.mark, open = state.open; -- old_gaps may be large
	RETURN cardinality(seen);
END
$$;

-- thalamus_cut forgets changes from before a time, but never the newest of a record. It looks
-- at a thousand positions after one, says at which it ended (NULL: there are no more), and how many
-- changes are gone. The first version of each id stays as a row that says nothing else.
CREATE FUNCTION thalamus_cut(until timestamptz, after bigint, OUT ended bigint, OUT gone int)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
	seqs bigint[];
BEGIN
	SELECT max(f.position), array_agg(f.seq) FILTER (WHERE c.time < until AND EXISTS (SELECT FROM thalamus_changes AS later
			WHERE later.id = c.id AND later.resource = c.resource AND later.version > c.version))
		INTO ended, seqs
		FROM (SELECT * FROM thalamus_feed WHERE position > after ORDER BY position LIMIT 1000) AS f
		LEFT JOIN thalamus_changes AS c ON c.seq = f.seq;
	UPDATE thalamus_feed_state SET horizon = GREATEST(horizon,
		(SELECT max(position) FROM thalamus_feed WHERE position > after AND position <= ended AND seq = ANY (seqs)));
	DELETE FROM thalamus_feed WHERE position > after AND position <= ended AND seq = ANY (seqs);
	DELETE FROM thalamus_changes WHERE seq = ANY (seqs) AND version > 1;
	UPDATE thalamus_changes SET operation = 'cut', person = NULL, account = NULL, request = NULL, node = NULL, db_user = NULL
		WHERE seq = ANY (seqs);
	gone := COALESCE(cardinality(seqs), 0);
	DELETE FROM thalamus_changes WHERE operation = 'password' AND time < until;
END
$$;
REVOKE EXECUTE ON FUNCTION thalamus_cut FROM PUBLIC;

CREATE INDEX thalamus_changes_passwords ON thalamus_changes (time) WHERE operation = 'password';

-- What is there already was created now, as far as the feed knows.

INSERT INTO thalamus_changes (resource, id, person, version, operation, node)
	SELECT 'person', id, id, version, 'create', COALESCE(thalamus_node(data, 'creation_info'), thalamus_node(data, 'modification_info')) FROM people ORDER BY id;
INSERT INTO thalamus_changes (resource, id, version, operation, node)
	SELECT 'institution', id, version, 'create', COALESCE(thalamus_node(data, 'creation_info'), thalamus_node(data, 'modification_info')) FROM institutions ORDER BY id;
INSERT INTO thalamus_changes (resource, id, version, operation, node)
	SELECT 'unit', id, version, 'create', COALESCE(thalamus_node(data, 'creation_info'), thalamus_node(data, 'modification_info')) FROM dus ORDER BY id;
INSERT INTO thalamus_changes (resource, id, person, version, operation, node)
	SELECT 'page', id, book, version, 'create', COALESCE(thalamus_node(data, 'creation_info'), thalamus_node(data, 'modification_info')) FROM pols ORDER BY book, id;
INSERT INTO thalamus_changes (resource, id, person, version, operation, node)
	SELECT 'document', id, fedacct, version, 'create', COALESCE(thalamus_node(data, 'creation_info'), thalamus_node(data, 'modification_info')) FROM personal_docs ORDER BY id;

DO $$
BEGIN
	WHILE thalamus_publish() > 0 LOOP
	END LOOP;
END
$$;
