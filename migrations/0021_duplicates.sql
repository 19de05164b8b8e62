-- thalamus_duplicates is the queue of pairs who are probably one person, for somebody to decide. It can be
-- filled anew at any time: what was decided stands in thalamus_links.
CREATE TABLE thalamus_duplicates (
	person varchar NOT NULL,
	other varchar NOT NULL,
	doubt float8 NOT NULL,               -- the probability that they are two
	found timestamptz NOT NULL,          -- when the search began that has found them last
	postponed bigint NOT NULL DEFAULT 0, -- when somebody put them off, in microseconds since 1970; 0: nobody has
	decided text,                        -- same or apart; NULL: nobody has decided
	account text,                        -- of the one who did,
	time timestamptz,                    -- and when
	PRIMARY KEY (person, other),
	CHECK (person COLLATE "C" < other COLLATE "C")
);
CREATE INDEX thalamus_duplicates_other ON thalamus_duplicates (other);

-- Those that were put off come last, and the most probable first.
CREATE INDEX thalamus_duplicates_open ON thalamus_duplicates (postponed, doubt, person, other) WHERE decided IS NULL;
CREATE INDEX thalamus_duplicates_decided ON thalamus_duplicates (time, person, other) WHERE decided IS NOT NULL;

-- Who is gone, or has another id, is in no pair.
CREATE FUNCTION thalamus_duplicate_gone() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		DELETE FROM public.thalamus_duplicates;
	ELSE
		DELETE FROM public.thalamus_duplicates WHERE person = OLD.id;
		DELETE FROM public.thalamus_duplicates WHERE other = OLD.id;
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER thalamus_duplicate_gone AFTER DELETE ON people FOR EACH ROW EXECUTE FUNCTION thalamus_duplicate_gone();
CREATE TRIGGER thalamus_duplicate_moved AFTER UPDATE ON people FOR EACH ROW
	WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION thalamus_duplicate_gone();
CREATE TRIGGER thalamus_duplicates_truncated AFTER TRUNCATE ON people FOR EACH STATEMENT EXECUTE FUNCTION thalamus_duplicate_gone();

REVOKE EXECUTE ON FUNCTION thalamus_duplicate_gone FROM PUBLIC;
