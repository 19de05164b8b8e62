-- A time stays on its day, however many decimals it is written with: those behind microseconds are
-- cut, where they were rounded. Blanks at the ends, and a small t or z, are no reason not to read it.

-- Nobody writes a page by the old rule meanwhile.
LOCK TABLE public.pols IN SHARE ROW EXCLUSIVE MODE;

CREATE OR REPLACE FUNCTION public.thalamus_page_time(data jsonb) RETURNS timestamp
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	t text COLLATE "C" := left(btrim(data ->> 'page_date', E' \t'), 36);
BEGIN
	IF t ~ '^[12]\d{3}-((0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?)?$' THEN
		RETURN t::timestamp;
	END IF;
	t := translate(t, 'tz', 'TZ');
	IF t !~ '^\d{4}-((0[1-9]|1[0-2])-(0[1-9]|[12]\d)|(0[13-9]|1[0-2])-30|(0[13578]|1[02])-31)([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)? ?(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)?)?$'
		OR t ~ '^0000' THEN
		RETURN NULL;
	END IF;
	IF substr(t, 6, 5) = '02-29' AND extract(day FROM make_date(left(t, 4)::int, 3, 1) - 1) = 28 THEN
		RETURN NULL;
	END IF;
	t := regexp_replace(t, '(\.\d{6})\d+', '\1');
	IF substr(t, 17) ~ '[-+Z]' THEN
		RETURN replace(t, 'Z', '+00')::timestamptz AT TIME ZONE 'UTC';
	END IF;
	RETURN t::timestamp;
END
$$;

-- The column is generated anew where it differs. What changes nothing of a record raises no version.
UPDATE public.pols SET data = data WHERE page_time IS DISTINCT FROM public.thalamus_page_time(data);
