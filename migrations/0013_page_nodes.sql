-- A page that was written on a phone names its node itself, and in no info object. An empty name is
-- none. Changes that were made before keep the node that they have: what is history stays as it is.

-- thalamus_node reads the node that wrote a record from one of its objects, or from a page itself.
-- It is planned into its callers' statements, wherever those look for operators.
CREATE OR REPLACE FUNCTION thalamus_node(data jsonb, info text) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $$
	SELECT CASE WHEN pg_catalog.jsonb_typeof(data OPERATOR(pg_catalog.->) info OPERATOR(pg_catalog.->) 'node'::pg_catalog.text) OPERATOR(pg_catalog.=) 'string'::pg_catalog.text
			AND data OPERATOR(pg_catalog.->) info OPERATOR(pg_catalog.->>) 'node'::pg_catalog.text OPERATOR(pg_catalog.<>) ''::pg_catalog.text
		THEN pg_catalog.left(data OPERATOR(pg_catalog.->) info OPERATOR(pg_catalog.->>) 'node'::pg_catalog.text, 255) END
$$;
CREATE FUNCTION thalamus_node(page jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $$
	SELECT CASE WHEN pg_catalog.jsonb_typeof(page OPERATOR(pg_catalog.->) 'node'::pg_catalog.text) OPERATOR(pg_catalog.=) 'string'::pg_catalog.text
			AND page OPERATOR(pg_catalog.->>) 'node'::pg_catalog.text OPERATOR(pg_catalog.<>) ''::pg_catalog.text
		THEN pg_catalog.left(page OPERATOR(pg_catalog.->>) 'node'::pg_catalog.text, 255) END
$$;

-- thalamus_make_triggers makes the triggers by which every change of a table leaves a row in
-- thalamus_changes, and their functions, or replaces them. owner is the column of the person a record
-- is about. The functions are alike but for the resource and that column; they are made from the
-- texts here, each for its own table, because every write waits for them. @ is the table's schema.
-- A server tells by settings of its transaction which account asks for the change (thalamus.account), in
-- which request, and which node the request's body names. Other writers' node is read from what they write.
CREATE OR REPLACE FUNCTION thalamus_make_triggers(tbl regclass, resource text, owner text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $make$
DECLARE
	schema text := (SELECT quote_ident(nspname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = tbl);
	kept boolean := resource <> 'document'; -- what the record was created with
	person text := CASE WHEN owner IS NULL THEN 'NULL' ELSE '%s.' || quote_ident(owner) END;
	moved text := 'OLD.id <> NEW.id' || CASE WHEN owner IS NULL OR owner = 'id' THEN '' ELSE format(' OR OLD.%1$I IS DISTINCT FROM NEW.%1$I', owner) END;
	changed text := CASE resource
		WHEN 'person' THEN $$CASE WHEN jsonb_typeof(OLD.data) = 'object' AND jsonb_typeof(NEW.data) = 'object'
			THEN OLD.data - 'password' IS DISTINCT FROM NEW.data - 'password' ELSE OLD.data IS DISTINCT FROM NEW.data END$$
		WHEN 'document' THEN 'OLD.pol IS DISTINCT FROM NEW.pol OR OLD.data IS DISTINCT FROM NEW.data OR OLD.document IS DISTINCT FROM NEW.document'
		ELSE 'OLD.data IS DISTINCT FROM NEW.data' END;
	data text := CASE resource WHEN 'person' THEN $$CASE WHEN jsonb_typeof(OLD.data) = 'object' THEN OLD.data - 'password' END$$ ELSE 'OLD.data' END;
	bytes text := CASE resource WHEN 'document' THEN 'OLD.document' ELSE 'NULL' END;
	note text := $$INSERT INTO @.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT $$ || quote_literal(resource) || $$, %s, %s, %s, %s, %s, %s, %s,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN %s ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user$$;
	here text := format(person, 'NEW');
	gone text := format(person, 'OLD');
	created_node text := $$COALESCE(@.thalamus_node(NEW.data, 'creation_info'), @.thalamus_node(NEW.data, 'modification_info')$$
		|| CASE resource WHEN 'page' THEN $$, @.thalamus_node(NEW.data)$$ ELSE '' END || ')';
	updated_node text := $$COALESCE(CASE WHEN OLD.data -> 'modification_info' IS DISTINCT FROM NEW.data -> 'modification_info'
				THEN @.thalamus_node(NEW.data, 'modification_info') END$$
		|| CASE resource WHEN 'page' THEN $$, CASE WHEN OLD.data -> 'node' IS DISTINCT FROM NEW.data -> 'node' THEN @.thalamus_node(NEW.data) END$$ ELSE '' END || ')';
	created text := format(note, 'NEW.id', here, 'NEW.version', 0, $$'create'$$, 'NULL', 'NULL', created_node);
	updated text := format(note, 'NEW.id', here, 'NEW.version', 0, $$'update'$$, data, replace(bytes, 'OLD.document',
		'CASE WHEN OLD.document IS DISTINCT FROM NEW.document THEN OLD.document END'), updated_node);
	deleted text := format(note, 'OLD.id', gone, 'OLD.version + 1', 0, $$'delete'$$, data, bytes, 'NULL');
	changes text := format('@.thalamus_changes WHERE id = NEW.id AND resource = %L', resource);
	last text := 'SELECT version, part, operation FROM ' || changes || ' ORDER BY version DESC, part DESC LIMIT 1';
	body text := $$CREATE OR REPLACE FUNCTION @.thalamus_%s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			%s;
			RETURN %s;
		END $body$;$$;
	ddl text := '';
BEGIN
	-- The first version of an id that had it before finds that row: the id was deleted since. It
	-- goes on from its last version then, which zz_thalamus_kept knows, unless a server wants to
	-- know first.
	ddl := ddl || format(body, resource || '_created', format($f$
			%1$s ON CONFLICT DO NOTHING;
			IF FOUND THEN
				RETURN NULL;
			END IF;
			IF current_setting('thalamus.recreate', true) = 'off' THEN
				RAISE EXCEPTION 'this id was deleted' USING ERRCODE = 'TH410';
			END IF;
			UPDATE %2$s SET version = version + 1 WHERE id = NEW.id RETURNING version INTO NEW.version;
			%1$s$f$, created, tbl), 'NULL');
	ddl := ddl || format(body, resource || '_updated', updated, 'NULL');
	ddl := ddl || format(body, resource || '_deleted', deleted, 'NULL');

	-- A record with another id or of another person has gone there, and come here.
	ddl := ddl || format(body, resource || '_moved', deleted || ';' || created, 'NULL');
	ddl := ddl || format(body, resource || '_moving', format($f$
			NEW.version := COALESCE((SELECT last.version + CASE WHEN OLD.id = NEW.id THEN 2 ELSE 1 END FROM (%s) AS last), 1)$f$, last)
		|| CASE WHEN kept THEN '; NEW.creation := COALESCE(OLD.creation, ' || data || ')' ELSE '' END, 'NEW');

	ddl := ddl || format(body, resource || '_truncated', $f$
			IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN
				RAISE EXCEPTION 'truncate in READ COMMITTED: here rows may go that this transaction does not see' USING ERRCODE = 'feature_not_supported';
			END IF;
			PERFORM pg_current_xact_id(); -- before it draws a seq; what others do first to a row needs one by itself
			$f$ || replace(deleted, 'OLD.', 'gone.') || ' FROM ' || tbl || ' AS gone', 'NULL');

	-- What changes nothing raises no version and leaves no row. What a record held when it was created
	-- is kept from its first change on: a node that repeats its POST is told that it succeeded, as it did.
	ddl := ddl || format(body, resource || '_changing', 'NEW.version := OLD.version + 1'
		|| CASE WHEN kept THEN '; NEW.creation := COALESCE(OLD.creation, ' || data || ')' ELSE '' END, 'NEW');

	-- What nobody but a trigger may change stays, or follows from what the history has.
	ddl := ddl || format(body, resource || '_kept', format($f$
			NEW.version := COALESCE((SELECT last.version + 1 FROM (%s) AS last WHERE last.version > OLD.version), OLD.version)$f$, last)
		|| CASE WHEN kept THEN '; NEW.creation := OLD.creation' ELSE '' END, 'NEW');

	-- A row that comes with a version has it only if it is the next after a deletion: it is put back.
	ddl := ddl || format(body, resource || '_first', format($f$
			%1$s INTO prior;
			IF prior.operation = 'delete' AND NEW.version = prior.version + 1 THEN
				%2$s
				RETURN NEW;
			END IF;
			NEW.version := 1%3$s$f$, last, CASE WHEN kept THEN format($f$
				NEW.creation := (SELECT before FROM %1$s AND part = 0 AND version < prior.version
					AND version = 1 + (SELECT max(version) FROM %1$s AND operation = 'create'));$f$, changes) ELSE '' END,
		CASE WHEN kept THEN '; NEW.creation := NULL' ELSE '' END), 'NEW');

	-- Triggers go by their names: zz is for those that must see what others have made of the row.
	ddl := ddl || format($f$
CREATE OR REPLACE TRIGGER zz_thalamus_first BEFORE INSERT ON %2$s FOR EACH ROW
	WHEN (NEW.version IS DISTINCT FROM 1 %5$s) EXECUTE FUNCTION @.thalamus_%1$s_first();
CREATE OR REPLACE TRIGGER zz_thalamus_moving BEFORE UPDATE ON %2$s FOR EACH ROW WHEN (%3$s) EXECUTE FUNCTION @.thalamus_%1$s_moving();
CREATE OR REPLACE TRIGGER zz_thalamus_version BEFORE UPDATE ON %2$s FOR EACH ROW
	WHEN (NOT (%3$s) AND (%4$s)) EXECUTE FUNCTION @.thalamus_%1$s_changing();
CREATE OR REPLACE TRIGGER zz_thalamus_kept BEFORE UPDATE ON %2$s FOR EACH ROW
	WHEN (NOT (%3$s) AND NOT (%4$s) AND (NEW.version IS DISTINCT FROM OLD.version %6$s)) EXECUTE FUNCTION @.thalamus_%1$s_kept();
CREATE OR REPLACE TRIGGER thalamus_created AFTER INSERT ON %2$s FOR EACH ROW EXECUTE FUNCTION @.thalamus_%1$s_created();
CREATE OR REPLACE TRIGGER thalamus_updated AFTER UPDATE ON %2$s FOR EACH ROW
	WHEN (NOT (%3$s) AND (%4$s)) EXECUTE FUNCTION @.thalamus_%1$s_updated();
CREATE OR REPLACE TRIGGER thalamus_moved AFTER UPDATE ON %2$s FOR EACH ROW WHEN (%3$s) EXECUTE FUNCTION @.thalamus_%1$s_moved();
CREATE OR REPLACE TRIGGER thalamus_deleted AFTER DELETE ON %2$s FOR EACH ROW EXECUTE FUNCTION @.thalamus_%1$s_deleted();
CREATE OR REPLACE TRIGGER thalamus_truncated BEFORE TRUNCATE ON %2$s FOR EACH STATEMENT EXECUTE FUNCTION @.thalamus_%1$s_truncated();
$f$, resource, tbl, moved, changed,
		CASE WHEN kept THEN 'OR NEW.creation IS NOT NULL' ELSE '' END,
		CASE WHEN kept THEN 'OR NEW.creation IS DISTINCT FROM OLD.creation' ELSE '' END);

	-- A changed password raises no version, and its hash is kept nowhere. A server that only replaces a
	-- hash by a stronger one of the same password says so. Nobody could tell that this is true: it leaves
	-- a row, too.
	IF resource = 'person' THEN
		ddl := ddl || format(body, 'password_changed', format(note, 'NEW.id', 'NEW.id', 'NEW.version',
			format('(SELECT COALESCE(max(part), 0) + 1 FROM %s AND version = NEW.version)', changes),
			$$CASE WHEN current_setting('thalamus.upgrade', true) = 'on' THEN 'upgrade' ELSE 'password' END$$, 'NULL', 'NULL', updated_node), 'NULL');
		ddl := ddl || format($f$
CREATE OR REPLACE TRIGGER thalamus_updated_password AFTER UPDATE ON %s FOR EACH ROW
	WHEN (OLD.id = NEW.id AND jsonb_typeof(OLD.data) = 'object' AND jsonb_typeof(NEW.data) = 'object'
		AND OLD.data -> 'password' IS DISTINCT FROM NEW.data -> 'password')
	EXECUTE FUNCTION @.thalamus_password_changed();
$f$, tbl);
	END IF;
	EXECUTE replace(ddl, '@.', schema || '.');
END
$make$;
SELECT thalamus_make_triggers('pols', 'page', 'book');
