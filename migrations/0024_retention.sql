-- Retention looks at a change when it becomes old, and again when a newer one of its record comes, and not
-- at all others each time. thalamus_retention says how far it looked: the moment before which changes were
-- old, and two positions of the feed.
CREATE TABLE thalamus_retention (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	until timestamptz, -- NULL: it never looked
	aged bigint NOT NULL DEFAULT 0, -- up to here all changes are old, and the superseded ones were cut
	superseding bigint NOT NULL DEFAULT 0 -- up to here the changes before these were looked at, if they were old
);
INSERT INTO thalamus_retention DEFAULT VALUES;

-- What is cut is found in the feed by its seq. With 100 million changes this takes minutes, and 2 GB.
CREATE INDEX thalamus_feed_seq ON thalamus_feed (seq);

DO $migration$
DECLARE
	granted regrole[] := (SELECT array_agg(grantee::regrole) FROM pg_proc, aclexplode(proacl)
		WHERE oid = 'public.thalamus_cut(timestamptz, bigint)'::regprocedure AND grantee NOT IN (0, proowner));
	role regrole;
BEGIN
	DROP FUNCTION public.thalamus_cut(timestamptz, bigint);

	-- thalamus_cut forgets changes from before a time, but never the newest of a record, a thousand at a time:
	-- call it until it looked at none. looked is NULL if somebody else cuts just now. The first version of each
	-- id stays as a row that says nothing else, and so does a person's deletion: whoever has the id next does
	-- not see what was before it. A time that is earlier than the last one by more than a day means that changes
	-- are kept longer now, and all are looked at anew; one that is a little earlier, that a clock was set.
	CREATE FUNCTION public.thalamus_cut(until timestamptz, OUT looked int, OUT gone int)
		LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
		SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off -- a thousand rows by indexes, whatever is known of the tables
	AS $$
	DECLARE
		most CONSTANT int := 1000;
		state record;
		young bigint; -- the first position of a change that is not old
		passed bigint[]; -- positions
		cut bigint[]; -- positions
		seqs bigint[];
		parts int;
	BEGIN
		gone := 0;
		IF NOT pg_try_advisory_xact_lock(x'7468616c'::int, 7) THEN
			RETURN;
		END IF;

		looked := 0;
		SELECT * FROM public.thalamus_retention INTO state;
		IF state.until IS NULL OR until < state.until - interval '1 day' THEN
			state.aged := 0;
			state.superseding := (SELECT position FROM public.thalamus_feed_state);
		ELSIF until < state.until THEN
			RETURN;
		END IF;

		-- Changes that have become old. Those behind the first young one wait for it.
		SELECT min(f.position) FILTER (WHERE c.time >= until), array_agg(f.position ORDER BY f.position)
			INTO young, passed
			FROM (SELECT * FROM public.thalamus_feed WHERE position > state.aged ORDER BY position LIMIT most) AS f
			LEFT JOIN public.thalamus_changes AS c ON c.seq = f.seq;
		passed := ARRAY(SELECT p FROM unnest(passed) AS p WHERE young IS NULL OR p < young ORDER BY p);
		SELECT array_agg(f.position), array_agg(f.seq) INTO cut, seqs
			FROM public.thalamus_feed AS f JOIN public.thalamus_changes AS c ON c.seq = f.seq
			WHERE f.position = ANY (passed) AND EXISTS (SELECT FROM public.thalamus_changes AS later
				WHERE later.id = c.id AND later.resource = c.resource AND later.version > c.version);
		state.aged := COALESCE(passed[cardinality(passed)], state.aged);
		looked := cardinality(passed);

		-- Old changes that were the newest until then.
		SELECT array_agg(f.position ORDER BY f.position), cut || array_agg(former.position) FILTER (WHERE former.position IS NOT NULL),
				seqs || array_agg(former.seq) FILTER (WHERE former.position IS NOT NULL)
			INTO passed, cut, seqs
			FROM (SELECT * FROM public.thalamus_feed WHERE position > state.superseding ORDER BY position LIMIT most) AS f
			LEFT JOIN public.thalamus_changes AS c ON c.seq = f.seq
			LEFT JOIN LATERAL (SELECT b.seq, place.position
				FROM (SELECT * FROM public.thalamus_changes AS b WHERE b.id = c.id AND b.resource = c.resource AND b.version < c.version AND b.part = 0
					ORDER BY b.version DESC LIMIT 1) AS b
				JOIN public.thalamus_feed AS place ON place.seq = b.seq AND place.position <= state.aged AND b.time < until) AS former ON true;
		state.superseding := COALESCE(passed[cardinality(passed)], state.superseding);
		looked := looked + COALESCE(cardinality(passed), 0);

		UPDATE public.thalamus_feed_state SET horizon = GREATEST(horizon, (SELECT max(p) FROM unnest(cut) AS p));
		DELETE FROM public.thalamus_feed WHERE position = ANY (cut); -- some may be in it twice
		GET DIAGNOSTICS gone = ROW_COUNT;
		DELETE FROM public.thalamus_changes WHERE seq = ANY (seqs) AND version > 1 AND NOT (resource = 'person' AND operation = 'delete');
		UPDATE public.thalamus_changes SET operation = 'cut', person = NULL, before = NULL, account = NULL, request = NULL, node = NULL, db_user = NULL
			WHERE seq = ANY (seqs);

		DELETE FROM public.thalamus_changes WHERE seq = ANY (ARRAY(
			SELECT seq FROM public.thalamus_changes WHERE part <> 0 AND time < until ORDER BY time LIMIT most));
		GET DIAGNOSTICS parts = ROW_COUNT;
		looked := looked + parts;

		UPDATE public.thalamus_retention SET until = thalamus_cut.until, aged = state.aged, superseding = state.superseding;
	END
	$$;
	REVOKE EXECUTE ON FUNCTION public.thalamus_cut(timestamptz) FROM PUBLIC;

	FOREACH role IN ARRAY COALESCE(granted, '{}') LOOP
		EXECUTE format('GRANT EXECUTE ON FUNCTION public.thalamus_cut(timestamptz) TO %s', role);
	END LOOP;
END
$migration$;
