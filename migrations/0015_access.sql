-- The access index: the lines of the access record, as the persons whom they are about find them. The
-- files of the record stay the truth; a server copies them here, and can neither change nor remove
-- what was copied.

-- thalamus_access has a row for each line, partitioned by month.
CREATE TABLE thalamus_access (
	time timestamptz NOT NULL,
	seq bigint NOT NULL, -- tells lines of one time apart
	account text NOT NULL,
	roles text[] NOT NULL, -- that granted the access; of a refusal, all of the account
	method text NOT NULL,
	endpoint text NOT NULL,
	person text, -- whom the request named
	persons text[], -- whom a list gave besides
	everybody boolean NOT NULL, -- a list that may have given anybody
	page text,
	document text,
	status int NOT NULL,
	request text,
	address text
) PARTITION BY RANGE (time);
CREATE INDEX thalamus_access_person ON thalamus_access (person, time, seq) WHERE person IS NOT NULL;
CREATE INDEX thalamus_access_persons ON thalamus_access USING gin (persons) WITH (gin_pending_list_limit = 512) WHERE persons IS NOT NULL;
CREATE INDEX thalamus_access_everybody ON thalamus_access (time, seq) WHERE everybody;
CREATE SEQUENCE thalamus_access_seq OWNED BY thalamus_access.seq;

-- thalamus_access_files says how far the files are copied. A file is known by its first line, whose
-- time and request no other file has, under whatever name and on whatever machine it lies.
CREATE TABLE thalamus_access_files (
	file bytea PRIMARY KEY, -- SHA-256 of the first line
	position bigint NOT NULL DEFAULT 0, -- bytes of the file, uncompressed
	complete boolean NOT NULL DEFAULT false -- it is compressed, and was copied to its end
);

-- thalamus_access_month makes the partition of a month that has none yet. It does not wait for those
-- who read other months, nor they for it.
CREATE FUNCTION thalamus_access_month(at timestamptz) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO'
AS $$
DECLARE
	begins timestamptz := date_trunc('month', at);
	name text := to_char(begins, '"thalamus_access_"YYYYMM');
BEGIN
	IF to_regclass('public.' || name) IS NOT NULL THEN
		RETURN;
	END IF;
	LOCK TABLE ONLY public.thalamus_access IN SHARE UPDATE EXCLUSIVE MODE;
	IF to_regclass('public.' || name) IS NOT NULL THEN -- another server has made it meanwhile
		RETURN;
	END IF;
	EXECUTE format('CREATE TABLE public.%I (LIKE public.thalamus_access)', name);
	EXECUTE format('ALTER TABLE public.thalamus_access ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
		name, begins, begins + interval '1 month');
END
$$;

-- thalamus_access_copy takes over lines that stand in a file from begins to ends, and notes that; it does
-- neither, and says so, if the file was copied up to another position. The partition of the next month
-- is made ahead.
CREATE FUNCTION thalamus_access_copy(copied bytea, begins bigint, ends bigint, whole boolean, lines jsonb) RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
	month timestamptz;
BEGIN
	INSERT INTO public.thalamus_access_files (file) VALUES (copied) ON CONFLICT DO NOTHING;
	UPDATE public.thalamus_access_files SET position = ends, complete = whole
		WHERE file = copied AND position = begins AND NOT complete;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	FOR month IN
		SELECT date_trunc('month', (line ->> 'time')::timestamptz) FROM jsonb_array_elements(lines) AS line
		UNION SELECT date_trunc('month', now()) + interval '1 month'
	LOOP
		PERFORM public.thalamus_access_month(month);
	END LOOP;
	INSERT INTO public.thalamus_access
			(time, seq, account, roles, method, endpoint, person, persons, everybody, page, document, status, request, address)
		SELECT time, nextval('public.thalamus_access_seq'), account, roles, method, endpoint, person, persons, everybody, page, document,
			status, request, address
		FROM jsonb_to_recordset(lines) AS line (time timestamptz, account text, roles text[], method text, endpoint text,
			person text, persons text[], everybody boolean, page text, document text, status int, request text, address text);
	RETURN true;
END
$$;

REVOKE EXECUTE ON FUNCTION thalamus_access_month, thalamus_access_copy FROM PUBLIC;
