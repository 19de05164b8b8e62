-- Openings of books have a place in a feed of their own, in the order of their commits: readers of the other changes
-- do not know of them, and their cursors are not to move for them.
ALTER TABLE thalamus_emergencies ADD COLUMN number bigint; -- from 1 on
UPDATE thalamus_emergencies AS e SET number = n.number
	FROM (SELECT id, row_number() OVER (ORDER BY time, id) AS number FROM thalamus_emergencies) AS n WHERE n.id = e.id;
CREATE UNIQUE INDEX thalamus_emergencies_number ON thalamus_emergencies (number);

-- One is numbered after the other: they are few, and a lock until the commit keeps a reader from missing one.
CREATE FUNCTION thalamus_number_emergency() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(x'7468616c'::int, 8);
	NEW.number := 1 + COALESCE((SELECT max(number) FROM public.thalamus_emergencies), 0);
	RETURN NEW;
END
$$;
CREATE TRIGGER thalamus_number_emergency BEFORE INSERT ON thalamus_emergencies FOR EACH ROW
	EXECUTE FUNCTION thalamus_number_emergency();

CREATE OR REPLACE FUNCTION thalamus_emergency_opened() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM pg_notify('thalamus_emergency', '');
	NOTIFY thalamus_changes; -- servers look what is new
	RETURN NULL;
END
$$;
