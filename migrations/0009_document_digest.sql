-- A document is read in pieces. Of a packed one PostgreSQL unpacks all that comes before a piece, too; so
-- it keeps documents as they are, also those of the history. Pictures and PDF would not pack anyhow.

ALTER TABLE personal_docs ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE thalamus_changes ALTER COLUMN document SET STORAGE EXTERNAL;

-- The SHA-512 of the bytes, whoever writes them, so that nobody need read a document to know it. What
-- data says of it may be wrong.

ALTER TABLE personal_docs ADD COLUMN digest bytea;

CREATE FUNCTION thalamus_digest() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF pg_catalog.pg_column_compression(NEW.document) IS NOT NULL THEN -- as it was packed in another table
		NEW.document := pg_catalog.substring(NEW.document, 1);
	END IF;
	NEW.digest := pg_catalog.sha512(NEW.document);
	RETURN NEW;
END
$$;

-- The name makes it see what other triggers have made of the row.
CREATE TRIGGER zz_thalamus_digest BEFORE INSERT OR UPDATE OF document, digest ON personal_docs
	FOR EACH ROW EXECUTE FUNCTION thalamus_digest();

-- Also for rows that replication brings.
ALTER TABLE personal_docs ENABLE ALWAYS TRIGGER zz_thalamus_digest;

UPDATE personal_docs SET digest = NULL WHERE document IS NOT NULL;
