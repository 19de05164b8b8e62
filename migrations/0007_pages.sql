-- A book is read from any place in it on, by the dates of its pages. The date is a generated
-- column: it is right for whoever writes, and a change of anything else need not touch the index.

-- thalamus_page_time gives the time of a page in UTC; a local time that names no zone is taken as
-- it stands. NULL when there is none that can be read. The form is checked before the cast, which
-- then fails on nothing and depends on no setting. Every insertion waits for this: what most
-- pages have is looked at first.
CREATE FUNCTION thalamus_page_time(data jsonb) RETURNS timestamp
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	t text COLLATE "C" := left(data ->> 'page_date', 36);
BEGIN
	IF t ~ '^[12]\d{3}-((0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?)?$' THEN
		RETURN t::timestamp;
	END IF;
	IF t !~ '^\d{4}-((0[1-9]|1[0-2])-(0[1-9]|[12]\d)|(0[13-9]|1[0-2])-30|(0[13578]|1[02])-31)([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)? ?(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)?)?$'
		OR t ~ '^0000' THEN
		RETURN NULL;
	END IF;
	IF substr(t, 6, 5) = '02-29' AND extract(day FROM make_date(left(t, 4)::int, 3, 1) - 1) = 28 THEN
		RETURN NULL;
	END IF;
	IF substr(t, 17) ~ '[-+Z]' THEN
		RETURN replace(t, 'Z', '+00')::timestamptz AT TIME ZONE 'UTC';
	END IF;
	RETURN t::timestamp;
END
$$;

-- The new index finds the pages of a book as the old one did.
DROP INDEX thalamus_pols_book;

ALTER TABLE pols ADD COLUMN page_time timestamp GENERATED ALWAYS AS (thalamus_page_time(data)) STORED;

-- An id stands for itself, unless it is so long that both together are no entry of an index.
CREATE INDEX thalamus_pols_time ON pols (book, page_time,
	(CASE WHEN octet_length(book) + octet_length(id) <= 2000 THEN id ELSE md5(id) END));
