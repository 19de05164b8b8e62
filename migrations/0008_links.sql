-- Two persons of the index may be known to be one and the same, or not to be. Nothing is merged:
-- thalamus_links has what was said, people.linked what follows from it.

CREATE TABLE thalamus_links (
	person varchar NOT NULL,
	other varchar NOT NULL,
	same boolean NOT NULL,
	account text, -- who said so,
	request text, -- in which request,
	time timestamptz NOT NULL DEFAULT clock_timestamp(), -- and when
	PRIMARY KEY (person, other),
	CHECK (person COLLATE "C" < other COLLATE "C") -- one statement on a pair
);
CREATE INDEX thalamus_links_other ON thalamus_links (other);

-- linked is the smallest id of those who are known to be the same as this person, who is one of them;
-- NULL when nobody else is.
ALTER TABLE people ADD COLUMN linked varchar;
CREATE INDEX thalamus_people_linked ON people (linked) WHERE linked IS NOT NULL;

-- thalamus_cluster gives those who are known to be the same as a person, and the person.
CREATE FUNCTION thalamus_cluster(one varchar) RETURNS varchar[]
	LANGUAGE sql STABLE
AS $$
	SELECT array_agg(id) FROM (
		SELECT one AS id UNION SELECT id FROM people WHERE linked = (SELECT linked FROM people WHERE id = one)
	) AS known
$$;

-- thalamus_apart says whether somebody of the ones is known not to be somebody of the others.
CREATE FUNCTION thalamus_apart(ones varchar[], others varchar[]) RETURNS boolean
	LANGUAGE sql STABLE
AS $$
	SELECT EXISTS (SELECT FROM thalamus_links WHERE NOT same AND person = ANY (ones) AND other = ANY (others))
		OR EXISTS (SELECT FROM thalamus_links WHERE NOT same AND person = ANY (others) AND other = ANY (ones))
$$;

-- thalamus_settled says whether two persons are known to be the same, or not to be: directly, or by
-- what follows.
CREATE FUNCTION thalamus_settled(a varchar, b varchar) RETURNS boolean
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	first varchar;
	second varchar;
BEGIN
	first := (SELECT linked FROM people WHERE id = a);
	second := (SELECT linked FROM people WHERE id = b);
	IF first IS NULL AND second IS NULL THEN -- as nearly all
		RETURN EXISTS (SELECT FROM thalamus_links WHERE person = a AND other = b)
			OR EXISTS (SELECT FROM thalamus_links WHERE person = b AND other = a);
	END IF;
	RETURN COALESCE(first = second, false) OR thalamus_apart(thalamus_cluster(a), thalamus_cluster(b));
END
$$;

-- Whoever changes links has this lock until the transaction ends. They are rare, and what follows from
-- one depends on others.
CREATE FUNCTION thalamus_lock_links() RETURNS void
	LANGUAGE sql
AS $$
	SELECT pg_advisory_xact_lock(x'7468616c'::int, 3)
$$;

-- thalamus_relink sets linked of all who are the same as a person by what was said. It touches each, so
-- that whoever changes one of them meanwhile, and saw less, does not succeed.
CREATE FUNCTION thalamus_relink(one varchar) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
	cluster varchar[];
	smallest varchar;
BEGIN
	WITH RECURSIVE known (id) AS (
		SELECT one
		UNION SELECT next.id FROM known, LATERAL (
			SELECT other FROM thalamus_links WHERE same AND person = known.id
			UNION ALL SELECT person FROM thalamus_links WHERE same AND other = known.id
		) AS next (id)
	)
	SELECT array_agg(id), CASE WHEN count(*) > 1 THEN min(id COLLATE "C") END INTO cluster, smallest FROM known;
	UPDATE people SET linked = smallest WHERE id = ANY (cluster);
END
$$;

-- thalamus_link records that two persons are the same, or are not, and says what became of it: created;
-- present, it was said before; contradiction; too many, who would be the same; or whom nobody knows: one
-- or two.
CREATE FUNCTION thalamus_link(one varchar, two varchar, are_same boolean, by_account text, in_request text,
	said_at timestamptz DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
	most CONSTANT int := 64; -- a reply names all of them in a header
	low varchar := least(one COLLATE "C", two COLLATE "C");
	high varchar := greatest(one COLLATE "C", two COLLATE "C");
	said boolean;
	ones varchar[];
	twos varchar[];
	together boolean;
BEGIN
	PERFORM thalamus_lock_links();
	-- Nobody who would not see the link deletes one of them from now on.
	UPDATE people SET linked = linked WHERE id = one AND jsonb_typeof(data) = 'object';
	IF NOT FOUND THEN
		RETURN 'one';
	END IF;
	UPDATE people SET linked = linked WHERE id = two AND jsonb_typeof(data) = 'object';
	IF NOT FOUND THEN
		RETURN 'two';
	END IF;
	said := (SELECT same FROM thalamus_links WHERE person = low AND other = high);
	IF said IS NOT NULL THEN
		RETURN CASE WHEN said = are_same THEN 'present' ELSE 'contradiction' END;
	END IF;
	ones := thalamus_cluster(one);
	twos := thalamus_cluster(two);
	together := two = ANY (ones);
	IF are_same AND thalamus_apart(ones, twos) OR together AND NOT are_same THEN
		RETURN 'contradiction';
	ELSIF are_same AND NOT together AND cardinality(ones) + cardinality(twos) > most THEN
		RETURN 'too many';
	END IF;
	INSERT INTO thalamus_links (person, other, same, account, request, time)
		VALUES (low, high, are_same, by_account, in_request, COALESCE(said_at, clock_timestamp()));
	IF are_same AND NOT together THEN
		PERFORM thalamus_relink(one);
	END IF;
	RETURN 'created';
END
$$;

-- thalamus_unlink takes back what was said of two persons, and says whether anything was.
CREATE FUNCTION thalamus_unlink(one varchar, two varchar) RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
	low varchar := least(one COLLATE "C", two COLLATE "C");
	high varchar := greatest(one COLLATE "C", two COLLATE "C");
BEGIN
	PERFORM thalamus_lock_links();
	DELETE FROM thalamus_links WHERE person = low AND other = high;
	RETURN FOUND;
END
$$;
REVOKE EXECUTE ON FUNCTION thalamus_relink, thalamus_link, thalamus_unlink FROM PUBLIC;

-- Each part of what falls apart has one of the two in it.
CREATE FUNCTION thalamus_link_removed() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
	PERFORM thalamus_lock_links();
	PERFORM thalamus_relink(OLD.person);
	PERFORM thalamus_relink(OLD.other);
	RETURN NULL;
END
$$;
CREATE TRIGGER thalamus_link_removed AFTER DELETE ON thalamus_links FOR EACH ROW
	WHEN (OLD.same) EXECUTE FUNCTION thalamus_link_removed();

-- Who is gone, or has another id, has no links. This is no foreign key, because such a one would
-- keep those from truncating people who could before.
CREATE FUNCTION thalamus_person_unlinked() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		TRUNCATE thalamus_links;
	ELSIF EXISTS (SELECT FROM thalamus_links WHERE person = OLD.id) OR EXISTS (SELECT FROM thalamus_links WHERE other = OLD.id) THEN
		PERFORM thalamus_lock_links();
		IF TG_OP = 'UPDATE' THEN
			UPDATE people SET linked = NULL WHERE id = NEW.id;
		END IF;
		DELETE FROM thalamus_links WHERE person = OLD.id OR other = OLD.id;
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER thalamus_unlinked AFTER DELETE ON people FOR EACH ROW EXECUTE FUNCTION thalamus_person_unlinked();
CREATE TRIGGER thalamus_moved_unlinked AFTER UPDATE ON people FOR EACH ROW
	WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION thalamus_person_unlinked();
CREATE TRIGGER thalamus_truncated_links AFTER TRUNCATE ON people FOR EACH STATEMENT EXECUTE FUNCTION thalamus_person_unlinked();
