-- What a record held when it was created, kept from its first change on: a node that repeats
-- its POST after somebody changed the record is told that it succeeded, as it did.

ALTER TABLE people ADD COLUMN creation jsonb;
ALTER TABLE pols ADD COLUMN creation jsonb;
ALTER TABLE dus ADD COLUMN creation jsonb;
ALTER TABLE institutions ADD COLUMN creation jsonb;

CREATE FUNCTION thalamus_keep_creation() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
	NEW.creation := OLD.data;
	RETURN NEW;
END
$$;

-- Of a person without the password: no hash is kept beyond its time.
CREATE FUNCTION thalamus_keep_person() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
	NEW.creation := OLD.data - 'password';
	RETURN NEW;
END
$$;

CREATE TRIGGER thalamus_keep_creation BEFORE UPDATE ON people FOR EACH ROW
	WHEN (OLD.creation IS NULL AND CASE WHEN jsonb_typeof(OLD.data) = 'object' AND jsonb_typeof(NEW.data) = 'object'
		THEN OLD.data - 'password' IS DISTINCT FROM NEW.data - 'password'
		ELSE jsonb_typeof(OLD.data) = 'object' END)
	EXECUTE FUNCTION thalamus_keep_person();

CREATE TRIGGER thalamus_keep_creation BEFORE UPDATE ON pols FOR EACH ROW
	WHEN (OLD.creation IS NULL AND OLD.data IS DISTINCT FROM NEW.data)
	EXECUTE FUNCTION thalamus_keep_creation();

CREATE TRIGGER thalamus_keep_creation BEFORE UPDATE ON dus FOR EACH ROW
	WHEN (OLD.creation IS NULL AND OLD.data IS DISTINCT FROM NEW.data)
	EXECUTE FUNCTION thalamus_keep_creation();

CREATE TRIGGER thalamus_keep_creation BEFORE UPDATE ON institutions FOR EACH ROW
	WHEN (OLD.creation IS NULL AND OLD.data IS DISTINCT FROM NEW.data)
	EXECUTE FUNCTION thalamus_keep_creation();
