-- thalamus_consents has what persons, or registrars for them, have said about who may read their books. A
-- statement that was taken back, or has ended, stays: these rows are their own history.
CREATE TABLE thalamus_consents (
	id text PRIMARY KEY,
	person varchar NOT NULL, -- whose book it is about
	scope text NOT NULL CHECK (scope = '*' OR scope ~ '^(page|domain|type):.'),
	who text NOT NULL CHECK (who = '*' OR who ~ '^(account|institution):.'),
	effect text NOT NULL CHECK (effect IN ('deny', 'permit')),
	until timestamptz, -- NULL: for good
	account text, -- who said so,
	request text, -- in which request,
	time timestamptz NOT NULL DEFAULT clock_timestamp(), -- and when
	ended timestamptz, -- taken back then,
	ended_by text -- by this account
);
CREATE INDEX thalamus_consents_person ON thalamus_consents (person, time, id);

-- thalamus_emergencies has who has opened whose book in an emergency: until then the account reads what
-- statements withhold from it.
CREATE TABLE thalamus_emergencies (
	id text PRIMARY KEY,
	person varchar NOT NULL,
	account varchar NOT NULL,
	purpose text NOT NULL,
	reason text NOT NULL,
	until timestamptz NOT NULL,
	request text,
	time timestamptz NOT NULL DEFAULT clock_timestamp(),
	reviewed timestamptz, -- by the privacy officer; NULL: not yet
	reviewer text,
	finding text
);
CREATE INDEX thalamus_emergencies_person ON thalamus_emergencies (person, account, until);
CREATE INDEX thalamus_emergencies_time ON thalamus_emergencies (time, id);

-- thalamus_withheld says whether a page of a person's book is withheld from a reader: a page as it is, or as
-- it was last. page is NULL where nobody knows on which page a document hung. In this order:
--   the owner reads everything;
--   who has an open emergency does;
--   the author does, as the creation of the page has it: the account that created it, its author_acct, or
--   the institution whose id or name is its node. What a later change says makes nobody an author;
--   the most specific statement decides: a page before a domain or type before all, an account before
--   an institution before everybody, and of two alike the one that denies;
--   without any the page is read.
CREATE FUNCTION thalamus_withheld(reader text, owner text, page text) RETURNS boolean
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 SET search_path = pg_catalog, pg_temp -- in a condition it is rarely called
AS $$
DECLARE
	at CONSTANT timestamptz := statement_timestamp();
	house text;
	content jsonb;
	first jsonb;
BEGIN
	reader := NULLIF(reader, ''); -- nobody is the author of what names none
	IF reader = owner OR NOT EXISTS (SELECT FROM public.thalamus_consents AS c
			WHERE c.person = owner AND c.effect = 'deny' AND c.ended IS NULL AND (c.until IS NULL OR c.until > at)) THEN
		RETURN false;
	END IF;
	IF EXISTS (SELECT FROM public.thalamus_emergencies AS e WHERE e.person = owner AND e.account = reader AND e.until > at) THEN
		RETURN false;
	END IF;

	house := (SELECT NULLIF(data ->> 'institution', '') FROM public.people
		WHERE id = reader AND jsonb_typeof(data -> 'institution') = 'string');
	SELECT data, COALESCE(creation, data) INTO content, first FROM public.pols WHERE id = page;
	IF NOT FOUND THEN
		content := (SELECT before FROM public.thalamus_changes
			WHERE id = page AND resource = 'page' AND operation = 'delete' ORDER BY version DESC LIMIT 1);
	END IF;

	IF reader IN (first ->> 'author_acct', upper(first ->> 'author_acct'))
			OR COALESCE(public.thalamus_node(first, 'creation_info'), public.thalamus_node(first, 'modification_info'), public.thalamus_node(first))
				IN (house, (SELECT NULLIF(data ->> 'name', '') FROM public.institutions WHERE id = house))
			OR reader = (SELECT account FROM public.thalamus_changes
				WHERE id = page AND resource = 'page' AND operation = 'create' ORDER BY version DESC LIMIT 1) THEN
		RETURN false;
	END IF;

	RETURN COALESCE((SELECT effect = 'deny' FROM public.thalamus_consents AS c
		WHERE c.person = owner AND c.ended IS NULL AND (c.until IS NULL OR c.until > at)
			AND c.who IN ('*', 'account:' || reader, 'institution:' || house)
			AND CASE WHEN page IS NULL THEN c.effect = 'deny' ELSE c.scope IN ('*', 'page:' || page,
				'domain:' || (content ->> 'domain'), 'domain:' || (content ->> 'page_type'), 'type:' || (content ->> 'page_type'),
				'type:' || (content ->> 'context'), 'type:' || (content ->> 'medical_context'), 'type:' || (content ->> 'social_context')) END
		ORDER BY CASE WHEN c.scope = '*' THEN 2 WHEN c.scope LIKE 'page:%' THEN 0 ELSE 1 END,
			CASE WHEN c.who = '*' THEN 2 WHEN c.who LIKE 'account:%' THEN 0 ELSE 1 END, c.effect
		LIMIT 1), false);
END
$$;

-- thalamus_change_withheld says the same of a change of the history: of the page's, or of a document's by the
-- page on which it hangs, or hung last. Whatever is about no page is withheld from nobody.
CREATE FUNCTION thalamus_change_withheld(reader text, owner text, resource text, record text) RETURNS boolean
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 SET search_path = pg_catalog, pg_temp -- in a condition it is rarely called
AS $$
BEGIN
	CASE resource
	WHEN 'page' THEN
		RETURN public.thalamus_withheld(reader, owner, record);
	WHEN 'document' THEN
		RETURN public.thalamus_withheld(reader, owner, COALESCE(
			(SELECT pol FROM public.personal_docs WHERE id = record),
			(SELECT before ->> 'pol' FROM public.thalamus_changes AS c
				WHERE c.id = record AND c.resource = 'document' AND c.operation = 'delete' ORDER BY version DESC LIMIT 1)));
	ELSE
		RETURN false;
	END CASE;
END
$$;

-- Servers keep in memory about whom there are statements. They are told of a new one, whoever writes it.
CREATE FUNCTION thalamus_consent_changed() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM pg_notify('thalamus_consent', CASE WHEN octet_length(NEW.person) <= 4000 THEN NEW.person ELSE '' END); -- '': of anybody
	RETURN NULL;
END
$$;
CREATE TRIGGER thalamus_consent_changed AFTER INSERT OR UPDATE ON thalamus_consents FOR EACH ROW
	EXECUTE FUNCTION thalamus_consent_changed();
ALTER TABLE thalamus_consents ENABLE ALWAYS TRIGGER thalamus_consent_changed; -- also for rows that replication brings
