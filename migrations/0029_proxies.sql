-- A statement may also say who acts for the person: an account reads, until then, as if it were the owner.
ALTER TABLE thalamus_consents DROP CONSTRAINT thalamus_consents_effect_check,
	ADD CONSTRAINT thalamus_consents_effect_check CHECK (effect IN ('deny', 'permit', 'act'));
CREATE INDEX thalamus_consents_acts ON thalamus_consents (who, person) WHERE effect = 'act';
CREATE INDEX thalamus_consents_acted ON thalamus_consents (person) WHERE effect = 'act';

-- Whoever gets the id of a person who is gone acts for nobody by it, and nobody for that person.
CREATE FUNCTION thalamus_acting_ended() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE public.thalamus_consents SET ended = clock_timestamp()
		WHERE effect = 'act' AND ended IS NULL AND (person = OLD.id OR who = 'account:' || OLD.id);
	RETURN NULL;
END
$$;
CREATE TRIGGER thalamus_acting_ended AFTER DELETE ON people FOR EACH ROW EXECUTE FUNCTION thalamus_acting_ended();
CREATE TRIGGER thalamus_acting_moved AFTER UPDATE ON people FOR EACH ROW WHEN (OLD.id <> NEW.id)
	EXECUTE FUNCTION thalamus_acting_ended();

-- thalamus_private has the persons who have, or had, a page with "privacy": true, so that servers need not
-- look through all pages to know them.
CREATE TABLE thalamus_private (person varchar PRIMARY KEY);
INSERT INTO thalamus_private
	SELECT book FROM pols WHERE data @> '{"privacy": true}' AND book IS NOT NULL
	UNION SELECT person FROM thalamus_changes WHERE resource = 'page' AND operation = 'delete' AND before @> '{"privacy": true}' AND person IS NOT NULL;

-- Servers are told of a person's first private page, whoever writes it.
CREATE FUNCTION thalamus_page_private() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO public.thalamus_private (person) VALUES (NEW.book) ON CONFLICT DO NOTHING;
	IF FOUND THEN
		PERFORM pg_notify('thalamus_private', CASE WHEN octet_length(NEW.book) <= 4000 THEN NEW.book ELSE '' END); -- '': of anybody
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER thalamus_page_private AFTER INSERT OR UPDATE ON pols FOR EACH ROW
	WHEN (NEW.data @> '{"privacy": true}' AND NEW.book IS NOT NULL)
	EXECUTE FUNCTION thalamus_page_private();
ALTER TABLE pols ENABLE ALWAYS TRIGGER thalamus_page_private; -- also for rows that replication brings

-- thalamus_withheld says whether a page of a person's book is withheld from a reader: a page as it is, or as
-- it was last. page is NULL where nobody knows on which page a document hung. reader is the account, and
-- 'private' where "privacy": true in a page counts. In this order:
--   the owner reads everything, and so does who acts for her, but for pages that are private, or that she
--   denies herself;
--   who has an open emergency does;
--   the author does, as the creation of the page has it: the account that created it, its author_acct, or
--   the institution whose id or name is its node. What a later change says makes nobody an author;
--   the most specific statement decides: a page before a domain or type before all, an account before
--   an institution before everybody, and of two alike the one that denies. A private page is one that
--   is denied to everybody;
--   without any the page is read.
DROP FUNCTION thalamus_change_withheld(text, text, text, text);
DROP FUNCTION thalamus_withheld(text, text, text);
CREATE FUNCTION thalamus_withheld(reader text[], owner text, page text) RETURNS boolean
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 SET search_path = pg_catalog, pg_temp -- in a condition it is rarely called
AS $$
DECLARE
	at CONSTANT timestamptz := statement_timestamp();
	asker CONSTANT text := NULLIF(reader[1], ''); -- nobody is the author of what names none
	denied boolean;
	private boolean := false;
	house text;
	content jsonb;
	first jsonb;
BEGIN
	IF asker = owner THEN
		RETURN false;
	END IF;

	denied := EXISTS (SELECT FROM public.thalamus_consents AS c
		WHERE c.person = owner AND c.effect = 'deny' AND c.ended IS NULL AND (c.until IS NULL OR c.until > at));
	IF NOT denied AND NOT 'private' = ANY (reader[2:]) THEN
		RETURN false;
	END IF;

	SELECT p.data, COALESCE(p.creation, p.data) INTO content, first FROM public.pols AS p WHERE p.id = page;
	IF NOT FOUND THEN
		content := (SELECT c.before FROM public.thalamus_changes AS c
			WHERE c.id = page AND c.resource = 'page' AND c.operation = 'delete' ORDER BY c.version DESC LIMIT 1);
	END IF;
	private := COALESCE('private' = ANY (reader[2:]) AND content @> '{"privacy": true}', false);
	IF NOT denied AND NOT private THEN
		RETURN false;
	END IF;

	house := (SELECT NULLIF(p.data ->> 'institution', '') FROM public.people AS p
		WHERE p.id = asker AND jsonb_typeof(p.data -> 'institution') = 'string');
	IF NOT private
			AND EXISTS (SELECT FROM public.thalamus_consents AS c WHERE c.person = owner AND c.effect = 'act'
				AND c.who = 'account:' || asker AND c.ended IS NULL AND (c.until IS NULL OR c.until > at))
			AND NOT EXISTS (SELECT FROM public.thalamus_consents AS c WHERE c.person = owner AND c.effect = 'deny'
				AND c.account = owner AND c.scope = 'page:' || page AND c.who IN ('*', 'account:' || asker, 'institution:' || house)
				AND c.ended IS NULL AND (c.until IS NULL OR c.until > at)) THEN
		RETURN false;
	END IF;
	IF EXISTS (SELECT FROM public.thalamus_emergencies AS e WHERE e.person = owner AND e.account = asker AND e.until > at) THEN
		RETURN false;
	END IF;

	IF asker IN (first ->> 'author_acct', upper(first ->> 'author_acct'))
			OR COALESCE(public.thalamus_node(first, 'creation_info'), public.thalamus_node(first, 'modification_info'), public.thalamus_node(first))
				IN (house, (SELECT NULLIF(i.data ->> 'name', '') FROM public.institutions AS i WHERE i.id = house))
			OR asker = (SELECT c.account FROM public.thalamus_changes AS c
				WHERE c.id = page AND c.resource = 'page' AND c.operation = 'create' ORDER BY c.version DESC LIMIT 1) THEN
		RETURN false;
	END IF;

	RETURN COALESCE((SELECT s.effect = 'deny' FROM (
			SELECT c.scope, c.who, c.effect FROM public.thalamus_consents AS c
			WHERE c.person = owner AND c.effect <> 'act' AND c.ended IS NULL AND (c.until IS NULL OR c.until > at)
				AND c.who IN ('*', 'account:' || asker, 'institution:' || house)
				AND CASE WHEN page IS NULL THEN c.effect = 'deny' ELSE c.scope IN ('*', 'page:' || page,
					'domain:' || (content ->> 'domain'), 'domain:' || (content ->> 'page_type'), 'type:' || (content ->> 'page_type'),
					'type:' || (content ->> 'context'), 'type:' || (content ->> 'medical_context'), 'type:' || (content ->> 'social_context')) END
			UNION ALL SELECT 'page:', '*', 'deny' WHERE private
		) AS s
		ORDER BY CASE WHEN s.scope = '*' THEN 2 WHEN s.scope LIKE 'page:%' THEN 0 ELSE 1 END,
			CASE WHEN s.who = '*' THEN 2 WHEN s.who LIKE 'account:%' THEN 0 ELSE 1 END, s.effect
		LIMIT 1), false);
END
$$;

-- thalamus_change_withheld says the same of a change of the history: of the page's, or of a document's by the
-- page on which it hangs, or hung last. Whatever is about no page is withheld from nobody.
CREATE FUNCTION thalamus_change_withheld(reader text[], owner text, resource text, record text) RETURNS boolean
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
