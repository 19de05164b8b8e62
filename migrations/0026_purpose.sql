-- The lines of the access record say for which purpose somebody read, and in which emergency. Both are NULL
-- where nothing was said, as in all earlier lines.
ALTER TABLE thalamus_access ADD COLUMN purpose text, ADD COLUMN emergency text;

CREATE OR REPLACE FUNCTION thalamus_access_copy(copied bytea, begins bigint, ends bigint, whole boolean, lines jsonb) RETURNS boolean
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
			(time, seq, account, roles, method, endpoint, person, persons, everybody, page, document, status, request, address, purpose, emergency)
		SELECT time, nextval('public.thalamus_access_seq'), account, roles, method, endpoint, person, persons, everybody, page, document,
			status, request, address, purpose, emergency
		FROM jsonb_to_recordset(lines) AS line (time timestamptz, account text, roles text[], method text, endpoint text,
			person text, persons text[], everybody boolean, page text, document text, status int, request text, address text,
			purpose text, emergency text);
	RETURN true;
END
$$;

-- Servers keep in memory which books are open in an emergency, and are told of a new one.
CREATE INDEX thalamus_emergencies_until ON thalamus_emergencies (until);
CREATE FUNCTION thalamus_emergency_opened() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM pg_notify('thalamus_emergency', '');
	RETURN NULL;
END
$$;
CREATE TRIGGER thalamus_emergency_opened AFTER INSERT OR UPDATE OF until ON thalamus_emergencies FOR EACH STATEMENT
	EXECUTE FUNCTION thalamus_emergency_opened();
ALTER TABLE thalamus_emergencies ENABLE ALWAYS TRIGGER thalamus_emergency_opened;
