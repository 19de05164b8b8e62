-- Servers keep the accounts that logged in in memory. They are told, whoever writes, when one
-- of them changes in what matters for logging in. A notification makes commits wait for each
-- other, so that only such changes send one.

CREATE FUNCTION thalamus_account_changed() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
	IF TG_OP = 'TRUNCATE' OR octet_length(OLD.id) > 4000 THEN
		PERFORM pg_notify('thalamus_account', ''); -- all; a payload has at most 8000 bytes
	ELSE
		PERFORM pg_notify('thalamus_account', OLD.id);
	END IF;
	RETURN NULL;
END
$$;

CREATE TRIGGER thalamus_account_changed AFTER UPDATE ON people FOR EACH ROW
	WHEN (OLD.data -> 'password' IS NOT NULL AND (
		OLD.id IS DISTINCT FROM NEW.id
		OR OLD.data -> 'password' IS DISTINCT FROM NEW.data -> 'password'
		OR OLD.data -> 'roles' IS DISTINCT FROM NEW.data -> 'roles'
		OR OLD.data -> 'active' IS DISTINCT FROM NEW.data -> 'active'))
	EXECUTE FUNCTION thalamus_account_changed();

CREATE TRIGGER thalamus_account_deleted AFTER DELETE ON people FOR EACH ROW
	WHEN (OLD.data -> 'password' IS NOT NULL)
	EXECUTE FUNCTION thalamus_account_changed();

CREATE TRIGGER thalamus_accounts_truncated AFTER TRUNCATE ON people FOR EACH STATEMENT
	EXECUTE FUNCTION thalamus_account_changed();

-- Also for rows that replication brings.
ALTER TABLE people ENABLE ALWAYS TRIGGER thalamus_account_changed;
ALTER TABLE people ENABLE ALWAYS TRIGGER thalamus_account_deleted;
ALTER TABLE people ENABLE ALWAYS TRIGGER thalamus_accounts_truncated;
