-- The large tables are vacuumed when a fiftieth of their rows has come or gone, not a fifth: among a thousand million
-- pages that would be once in years, and then all of it in one go. Rows that only come cost no visit of the indexes.
-- Where pols has partitions, each of them has the settings: a table that is divided takes none.
DO $$
DECLARE
	big regclass[] := '{public.people,public.pols,public.thalamus_changes}';
	part regclass;
BEGIN
	FOR part IN SELECT oid FROM pg_class WHERE relkind = 'r' AND (oid = ANY (big) OR oid IN (SELECT relid FROM pg_partition_tree('public.pols')))
	LOOP
		EXECUTE format('ALTER TABLE %s SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)', part);
	END LOOP;
END $$;
