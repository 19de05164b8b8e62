-- One-time links by which somebody gives an account a new password. The links cannot be made from
-- these rows, and no password can.
CREATE TABLE thalamus_reset (
	key bytea PRIMARY KEY,                      -- SHA-256 of the token in the link
	account varchar NOT NULL,
	started_by varchar NOT NULL,                -- the administrator's account
	started timestamptz NOT NULL DEFAULT now(), -- the link is good for a day from then on
	used timestamptz,                           -- NULL: not yet
	request text                                -- by which it was
);

-- An account has one open link: a newer one takes the place of the older.
CREATE UNIQUE INDEX thalamus_reset_open ON thalamus_reset (account) WHERE used IS NULL;

-- thalamus_reset_ended ends the open link of an account that has another password, was closed or opened,
-- has another id or is gone, whoever did that.
CREATE FUNCTION thalamus_reset_ended() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		DELETE FROM public.thalamus_reset WHERE used IS NULL;
	ELSE
		DELETE FROM public.thalamus_reset WHERE account = OLD.id AND used IS NULL;
	END IF;
	RETURN NULL;
END
$$;

CREATE TRIGGER thalamus_reset_ended AFTER UPDATE ON people FOR EACH ROW
	WHEN (OLD.id IS DISTINCT FROM NEW.id
		OR OLD.data -> 'password' IS DISTINCT FROM NEW.data -> 'password'
		OR OLD.data -> 'active' IS DISTINCT FROM NEW.data -> 'active')
	EXECUTE FUNCTION thalamus_reset_ended();
CREATE TRIGGER thalamus_reset_gone AFTER DELETE ON people FOR EACH ROW EXECUTE FUNCTION thalamus_reset_ended();
CREATE TRIGGER thalamus_resets_truncated AFTER TRUNCATE ON people FOR EACH STATEMENT EXECUTE FUNCTION thalamus_reset_ended();

-- Also for rows that replication brings.
ALTER TABLE people ENABLE ALWAYS TRIGGER thalamus_reset_ended;
ALTER TABLE people ENABLE ALWAYS TRIGGER thalamus_reset_gone;
ALTER TABLE people ENABLE ALWAYS TRIGGER thalamus_resets_truncated;

REVOKE EXECUTE ON FUNCTION thalamus_reset_ended FROM PUBLIC;
