-- All other functions that run with the rights of the tables' owner, or in whatever the owner writes,
-- name their schema, and find operators in pg_catalog only. @ is the schema, the one that they
-- are made in.

DO $do$
DECLARE
	functions text := $functions$
-- thalamus_publish gives committed changes their positions, and says how many it looked at.
-- It takes thousands at once; call it until it gives 0. A transaction that has written already
-- may call it, too, but holds up all others' changes until it ends. Changes of passwords get none.
CREATE OR REPLACE FUNCTION @.thalamus_publish() RETURNS int
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
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
	SELECT position, tag, high, gaps + int8multirange() AS gaps, mark, open, pg_column_size(old_gaps) AS old_size INTO state FROM @.thalamus_feed_state;
	-- All in one statement, that is, one snapshot: if a transaction's later changes were seen and its
	-- earlier ones not looked for, their order would be lost. A mark to come is another cluster's.
	WITH now AS MATERIALIZED (
		SELECT ARRAY(SELECT x FROM pg_snapshot_xip(pg_current_snapshot()) AS x
			WHERE x < state.mark AND state.mark < pg_snapshot_xmax(pg_current_snapshot()) ORDER BY x) AS xids
	), look AS MATERIALIZED (
		SELECT xids, CASE WHEN xids = state.open THEN NULL ELSE (SELECT old_gaps FROM @.thalamus_feed_state) END AS gaps FROM now
	)
	SELECT xids, look.gaps, ARRAY(SELECT fresh.seq FROM (
			SELECT c.seq FROM unnest(state.gaps + COALESCE(look.gaps, '{}')) AS gap
				CROSS JOIN LATERAL (SELECT seq FROM @.thalamus_changes WHERE seq >= lower(gap) AND seq < upper(gap) ORDER BY seq LIMIT most) AS c
			UNION ALL
			(SELECT seq FROM @.thalamus_changes WHERE seq > state.high ORDER BY seq LIMIT most)
		) AS fresh ORDER BY fresh.seq LIMIT most)
		INTO running, old, seen FROM look;
	SELECT last_value INTO drawn FROM @.thalamus_changes_seq_seq;
	many := 50000 + state.old_size / 8;
	IF seen = '{}' AND (current_setting('transaction_read_only') = 'on'
			OR drawn <= state.high + most AND (old IS NULL AND pg_column_size(state.gaps) <= many OR state.gaps + old = '{}')) THEN
		RETURN 0;
	END IF;

	INSERT INTO @.thalamus_feed (position, seq, tag, person)
		SELECT state.position + row_number() OVER (ORDER BY c.seq), c.seq, next_tag, c.person
		FROM @.thalamus_changes AS c WHERE c.seq = ANY (seen) AND c.part = 0;
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
			old := state.gaps + CASE WHEN running = '{}' THEN '{}' ELSE (SELECT old_gaps FROM @.thalamus_feed_state) END;
			state.gaps := '{}';
			state.mark := pg_current_xact_id();
			state.open := NULL;
		ELSE
			state.open := running;
		END IF;
	END IF;
	UPDATE @.thalamus_feed_state SET position = state.position, tag = state.tag, high = top, gaps = state.gaps,
		old_gaps = COALESCE(NULLIF(old, old_gaps), old_gaps), mark = state.mark, open = state.open; -- old_gaps may be large
	RETURN cardinality(seen);
END
$$;

-- thalamus_cut forgets changes from before a time, but never the newest of a record. It looks
-- at a thousand positions after one, says at which it ended (NULL: there are no more), and how many
-- changes are gone. The first version of each id stays as a row that says nothing else, and so does a
-- person's deletion: whoever has the id next does not see what was before it.
CREATE OR REPLACE FUNCTION @.thalamus_cut(until timestamptz, after bigint, OUT ended bigint, OUT gone int)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	seqs bigint[];
BEGIN
	SELECT max(f.position), array_agg(f.seq) FILTER (WHERE c.time < until AND EXISTS (SELECT FROM @.thalamus_changes AS later
			WHERE later.id = c.id AND later.resource = c.resource AND later.version > c.version))
		INTO ended, seqs
		FROM (SELECT * FROM @.thalamus_feed WHERE position > after ORDER BY position LIMIT 1000) AS f
		LEFT JOIN @.thalamus_changes AS c ON c.seq = f.seq;
	UPDATE @.thalamus_feed_state SET horizon = GREATEST(horizon,
		(SELECT max(position) FROM @.thalamus_feed WHERE position > after AND position <= ended AND seq = ANY (seqs)));
	DELETE FROM @.thalamus_feed WHERE position > after AND position <= ended AND seq = ANY (seqs);
	DELETE FROM @.thalamus_changes WHERE seq = ANY (seqs) AND version > 1 AND NOT (resource = 'person' AND operation = 'delete');
	UPDATE @.thalamus_changes SET operation = 'cut', person = NULL, before = NULL, account = NULL, request = NULL, node = NULL, db_user = NULL
		WHERE seq = ANY (seqs);
	gone := COALESCE(cardinality(seqs), 0);
	DELETE FROM @.thalamus_changes WHERE part <> 0 AND time < until;
END
$$;

-- thalamus_runs says whether a folded word is a run of Han, kana or Hangul. It is planned into its
-- callers' statements, wherever those look for operators.
CREATE OR REPLACE FUNCTION @.thalamus_runs(word text) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
	SELECT pg_catalog.ascii(word) OPERATOR(pg_catalog.>=) 4352 AND word OPERATOR(pg_catalog.~)
		'^[\u1100-\u11FF\u2E80-\u2FDF\u3005-\u3007\u3040-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7FF\U00020000-\U0003FFFF]'
$$;

-- thalamus_words gives the words of a person's name and lastname. Of a very long name the
-- beginning counts; what is no text has no words.
CREATE OR REPLACE FUNCTION @.thalamus_words(data jsonb) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	most CONSTANT int := 32;
	name jsonb := data -> 'name';
	lastname jsonb := data -> 'lastname';
	t text;
	word text;
	words text[] := '{}';
BEGIN
	t := @.thalamus_fold(concat_ws(' ',
		CASE WHEN jsonb_typeof(name) = 'string' THEN left(name #>> '{}', 300) END,
		CASE WHEN jsonb_typeof(lastname) = 'string' THEN left(lastname #>> '{}', 300) END));
	IF length(t) <= 60 AND octet_length(t) = length(t) THEN
		RETURN string_to_array(t, ' '); -- as nearly all names
	END IF;
	FOREACH word IN ARRAY string_to_array(t, ' ') LOOP
		IF word = '' OR word = ANY (words) THEN
			CONTINUE;
		END IF;
		IF @.thalamus_runs(word) THEN
			FOR i IN 1 .. least(length(word), most) LOOP
				words := words || substr(word, i, 1);
				IF i > 1 THEN
					words := words || substr(word, i - 1, 2);
				END IF;
			END LOOP;
		ELSE
			words := words || left(word, 60);
		END IF;
		EXIT WHEN cardinality(words) >= most;
	END LOOP;
	RETURN words[1:most];
END
$$;

-- thalamus_teach takes the words of some persons into thalamus_name_words. Words of one or two
-- letters and runs are always looked up as they are.
CREATE OR REPLACE FUNCTION @.thalamus_teach(persons varchar[]) RETURNS void
	LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
	INSERT INTO @.thalamus_name_words (word)
	SELECT DISTINCT words.word FROM @.people, unnest(people.words) AS words (word)
	WHERE people.id = ANY (persons) AND length(words.word) > 2 AND NOT @.thalamus_runs(words.word)
		AND NOT EXISTS (SELECT FROM @.thalamus_name_words AS known WHERE known.word = words.word)
	ORDER BY words.word
	ON CONFLICT DO NOTHING
$$;

-- thalamus_learn does so for persons who changed since it was called last, some thousands at once,
-- and says whether there may be more. It reads the feed, so that no writer of persons waits.
CREATE OR REPLACE FUNCTION @.thalamus_learn() RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	most CONSTANT int := 2000;
	persons varchar[];
	ended bigint;
	looked int;
BEGIN
	PERFORM pg_advisory_xact_lock(x'7468616c'::int, 2);
	SELECT max(f.position), count(*), array_agg(DISTINCT c.id) FILTER (WHERE c.resource = 'person')
		INTO ended, looked, persons
		FROM (SELECT position, seq FROM @.thalamus_feed WHERE position > (SELECT position FROM @.thalamus_learned)
			ORDER BY position LIMIT most) AS f
		LEFT JOIN @.thalamus_changes AS c ON c.seq = f.seq;
	IF looked = 0 OR current_setting('transaction_read_only') = 'on' THEN
		RETURN false;
	END IF;
	PERFORM @.thalamus_teach(persons);
	UPDATE @.thalamus_learned SET position = ended;
	RETURN looked = most;
END
$$;

-- thalamus_cluster gives those who are known to be the same as a person, and the person.
CREATE OR REPLACE FUNCTION @.thalamus_cluster(one varchar) RETURNS varchar[]
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_agg(id) FROM (
		SELECT one AS id UNION SELECT id FROM @.people WHERE linked = (SELECT linked FROM @.people WHERE id = one)
	) AS known
$$;

-- thalamus_apart says whether somebody of the ones is known not to be somebody of the others.
CREATE OR REPLACE FUNCTION @.thalamus_apart(ones varchar[], others varchar[]) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
	SELECT EXISTS (SELECT FROM @.thalamus_links WHERE NOT same AND person = ANY (ones) AND other = ANY (others))
		OR EXISTS (SELECT FROM @.thalamus_links WHERE NOT same AND person = ANY (others) AND other = ANY (ones))
$$;

-- thalamus_settled says whether two persons are known to be the same, or not to be: directly, or by
-- what follows.
CREATE OR REPLACE FUNCTION @.thalamus_settled(a varchar, b varchar) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	first varchar;
	second varchar;
BEGIN
	first := (SELECT linked FROM @.people WHERE id = a);
	second := (SELECT linked FROM @.people WHERE id = b);
	IF first IS NULL AND second IS NULL THEN -- as nearly all
		RETURN EXISTS (SELECT FROM @.thalamus_links WHERE person = a AND other = b)
			OR EXISTS (SELECT FROM @.thalamus_links WHERE person = b AND other = a);
	END IF;
	RETURN COALESCE(first = second, false) OR @.thalamus_apart(@.thalamus_cluster(a), @.thalamus_cluster(b));
END
$$;

-- Whoever changes links has this lock until the transaction ends. They are rare, and what follows from
-- one depends on others.
CREATE OR REPLACE FUNCTION @.thalamus_lock_links() RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $$
	SELECT pg_advisory_xact_lock(x'7468616c'::int, 3)
$$;

-- thalamus_relink sets linked of all who are the same as a person by what was said. It touches each, so
-- that whoever changes one of them meanwhile, and saw less, does not succeed.
CREATE OR REPLACE FUNCTION @.thalamus_relink(one varchar) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	cluster varchar[];
	smallest varchar;
BEGIN
	WITH RECURSIVE known (id) AS (
		SELECT one
		UNION SELECT next.id FROM known, LATERAL (
			SELECT other FROM @.thalamus_links WHERE same AND person = known.id
			UNION ALL SELECT person FROM @.thalamus_links WHERE same AND other = known.id
		) AS next (id)
	)
	SELECT array_agg(id), CASE WHEN count(*) > 1 THEN min(id COLLATE "C") END INTO cluster, smallest FROM known;
	UPDATE @.people SET linked = smallest WHERE id = ANY (cluster);
END
$$;

-- thalamus_link records that two persons are the same, or are not, and says what became of it: created;
-- present, it was said before; contradiction; too many, who would be the same; or whom nobody knows: one
-- or two.
CREATE OR REPLACE FUNCTION @.thalamus_link(one varchar, two varchar, are_same boolean, by_account text, in_request text,
	said_at timestamptz DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	most CONSTANT int := 64; -- a reply names all of them in a header
	low varchar := least(one COLLATE "C", two COLLATE "C");
	high varchar := greatest(one COLLATE "C", two COLLATE "C");
	said boolean;
	ones varchar[];
	twos varchar[];
	together boolean;
BEGIN
	PERFORM @.thalamus_lock_links();
	-- Nobody who would not see the link deletes one of them from now on.
	UPDATE @.people SET linked = linked WHERE id = one AND jsonb_typeof(data) = 'object';
	IF NOT FOUND THEN
		RETURN 'one';
	END IF;
	UPDATE @.people SET linked = linked WHERE id = two AND jsonb_typeof(data) = 'object';
	IF NOT FOUND THEN
		RETURN 'two';
	END IF;
	said := (SELECT same FROM @.thalamus_links WHERE person = low AND other = high);
	IF said IS NOT NULL THEN
		RETURN CASE WHEN said = are_same THEN 'present' ELSE 'contradiction' END;
	END IF;
	ones := @.thalamus_cluster(one);
	twos := @.thalamus_cluster(two);
	together := two = ANY (ones);
	IF are_same AND @.thalamus_apart(ones, twos) OR together AND NOT are_same THEN
		RETURN 'contradiction';
	ELSIF are_same AND NOT together AND cardinality(ones) + cardinality(twos) > most THEN
		RETURN 'too many';
	END IF;
	INSERT INTO @.thalamus_links (person, other, same, account, request, time)
		VALUES (low, high, are_same, by_account, in_request, COALESCE(said_at, clock_timestamp()));
	IF are_same AND NOT together THEN
		PERFORM @.thalamus_relink(one);
	END IF;
	RETURN 'created';
END
$$;

-- thalamus_unlink takes back what was said of two persons, and says whether anything was.
CREATE OR REPLACE FUNCTION @.thalamus_unlink(one varchar, two varchar) RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	low varchar := least(one COLLATE "C", two COLLATE "C");
	high varchar := greatest(one COLLATE "C", two COLLATE "C");
BEGIN
	PERFORM @.thalamus_lock_links();
	DELETE FROM @.thalamus_links WHERE person = low AND other = high;
	RETURN FOUND;
END
$$;

-- Each part of what falls apart has one of the two in it.
CREATE OR REPLACE FUNCTION @.thalamus_link_removed() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM @.thalamus_lock_links();
	PERFORM @.thalamus_relink(OLD.person);
	PERFORM @.thalamus_relink(OLD.other);
	RETURN NULL;
END
$$;

-- A person who is gone, or has another id, has no links.
CREATE OR REPLACE FUNCTION @.thalamus_person_unlinked() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		TRUNCATE @.thalamus_links;
	ELSIF EXISTS (SELECT FROM @.thalamus_links WHERE person = OLD.id) OR EXISTS (SELECT FROM @.thalamus_links WHERE other = OLD.id) THEN
		PERFORM @.thalamus_lock_links();
		IF TG_OP = 'UPDATE' THEN
			UPDATE @.people SET linked = NULL WHERE id = NEW.id;
		END IF;
		DELETE FROM @.thalamus_links WHERE person = OLD.id OR other = OLD.id;
	END IF;
	RETURN NULL;
END
$$;

$functions$;
BEGIN
	EXECUTE replace(functions, '@.', quote_ident(current_schema()) || '.');
END
$do$;

-- These name nothing of the schema.
ALTER FUNCTION thalamus_fold SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION thalamus_birth SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION thalamus_near SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION thalamus_page_time SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION thalamus_account_changed SET search_path = pg_catalog, pg_temp;

-- The conditions of the other triggers are read again where nobody else has operators.
DO $do$
DECLARE
	triggers text := $triggers$
CREATE OR REPLACE TRIGGER thalamus_account_changed AFTER UPDATE ON @.people FOR EACH ROW
	WHEN (OLD.data -> 'password' IS NOT NULL AND (
		OLD.id IS DISTINCT FROM NEW.id
		OR OLD.data -> 'password' IS DISTINCT FROM NEW.data -> 'password'
		OR OLD.data -> 'roles' IS DISTINCT FROM NEW.data -> 'roles'
		OR OLD.data -> 'active' IS DISTINCT FROM NEW.data -> 'active'))
	EXECUTE FUNCTION @.thalamus_account_changed();
CREATE OR REPLACE TRIGGER thalamus_account_deleted AFTER DELETE ON @.people FOR EACH ROW
	WHEN (OLD.data -> 'password' IS NOT NULL)
	EXECUTE FUNCTION @.thalamus_account_changed();
ALTER TABLE @.people ENABLE ALWAYS TRIGGER thalamus_account_changed; -- also for rows that replication brings
ALTER TABLE @.people ENABLE ALWAYS TRIGGER thalamus_account_deleted;
CREATE OR REPLACE TRIGGER thalamus_moved_unlinked AFTER UPDATE ON @.people FOR EACH ROW
	WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION @.thalamus_person_unlinked();
$triggers$;
	here text := quote_ident(current_schema());
BEGIN
	PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
	EXECUTE replace(triggers, '@.', here || '.');
	PERFORM set_config('search_path', here, true);
END
$do$;

-- Which database user said that two persons are the same.
ALTER TABLE thalamus_links ADD COLUMN db_user text;
ALTER TABLE thalamus_links ALTER COLUMN db_user SET DEFAULT session_user;
