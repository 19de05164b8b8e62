CREATE FUNCTION public.thalamus_access_copy(copied bytea, begins bigint, ends bigint, whole boolean, lines jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
	month timestamptz;
BEGIN
	INSERT INTO public.thalamus_access_files (file) VALUES (copied) ON CONFLICT DO NOTHING;
	UPDATE public.thalamus_access_files SET position = ends, complete = whole
		WHERE file = copied AND position = begins AND NOT complete;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	FOR month IN
		SELECT date_trunc('month', (line ->> 'time')::timestamptz) FROM jsonb_array_elements(lines) AS line
		UNION SELECT date_trunc('month', now()) + interval '1 month'
	LOOP
		PERFORM public.thalamus_access_month(month);
	END LOOP;
	INSERT INTO public.thalamus_access
			(time, seq, account, roles, method, endpoint, person, persons, everybody, page, document, status, request, address, purpose, emergency)
		SELECT time, nextval('public.thalamus_access_seq'), account, roles, method, endpoint, person, persons, everybody, page, document,
			status, request, address, purpose, emergency
		FROM jsonb_to_recordset(lines) AS line (time timestamptz, account text, roles text[], method text, endpoint text,
			person text, persons text[], everybody boolean, page text, document text, status int, request text, address text,
			purpose text, emergency text);
	RETURN true;
END
$$;

CREATE FUNCTION public.thalamus_access_month(at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    AS $$
DECLARE
	begins timestamptz := date_trunc('month', at);
	name text := to_char(begins, '"thalamus_access_"YYYYMM');
BEGIN
	IF to_regclass('public.' || name) IS NOT NULL THEN
		RETURN;
	END IF;
	LOCK TABLE ONLY public.thalamus_access IN SHARE UPDATE EXCLUSIVE MODE;
	IF to_regclass('public.' || name) IS NOT NULL THEN -- another server has made it meanwhile
		RETURN;
	END IF;
	EXECUTE format('CREATE TABLE public.%I (LIKE public.thalamus_access)', name);
	EXECUTE format('ALTER TABLE public.thalamus_access ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
		name, begins, begins + interval '1 month');
END
$$;

CREATE FUNCTION public.thalamus_account_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
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

CREATE FUNCTION public.thalamus_acting_ended() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
	UPDATE public.thalamus_consents SET ended = clock_timestamp()
		WHERE effect = 'act' AND ended IS NULL AND (person = OLD.id OR who = 'account:' || OLD.id);
	RETURN NULL;
END
$$;

CREATE FUNCTION public.thalamus_apart(ones character varying[], others character varying[]) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
	SELECT EXISTS (SELECT FROM public.thalamus_links WHERE NOT same AND person = ANY (ones) AND other = ANY (others))
		OR EXISTS (SELECT FROM public.thalamus_links WHERE NOT same AND person = ANY (others) AND other = ANY (ones))
$$;

CREATE FUNCTION public.thalamus_birth(data jsonb) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
	dob jsonb := data -> 'dob';
	d text;
BEGIN
	IF jsonb_typeof(dob) = 'string' THEN
		d := left(dob #>> '{}', 11);
	END IF;
	IF translate(d, '123456789', '000000000') NOT IN ('0000', '0000-00', '0000-00-00', '0000-00-00T', '0000-00-00 ')
		OR substr(d, 6, 2) > '12' COLLATE "C" OR substr(d, 9, 2) > '31' COLLATE "C" THEN
		RETURN NULL;
	END IF;
	RETURN rpad(replace(left(d, 10), '-', ''), 8, '0')::int;
END
$$;

CREATE FUNCTION public.thalamus_change_withheld(reader text[], owner text, resource text, record text) RETURNS boolean
    LANGUAGE plpgsql STABLE COST 1 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
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

CREATE FUNCTION public.thalamus_cluster(one character varying) RETURNS character varying[]
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
	SELECT array_agg(id) FROM (
		SELECT one AS id UNION SELECT id FROM public.people WHERE linked = (SELECT linked FROM public.people WHERE id = one)
	) AS known
$$;

CREATE FUNCTION public.thalamus_consent_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
	PERFORM pg_notify('thalamus_consent', CASE WHEN octet_length(NEW.person) <= 4000 THEN NEW.person ELSE '' END); -- '': of anybody
	RETURN NULL;
END
$$;

CREATE FUNCTION public.thalamus_cut(until timestamp with time zone, OUT looked integer, OUT gone integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
	DECLARE
		most CONSTANT int := 1000;
		state record;
		young bigint; -- the first position of a change that is not old
		passed bigint[]; -- positions
		cut bigint[]; -- positions
		seqs bigint[];
		parts int;
	BEGIN
		gone := 0;
		IF NOT pg_try_advisory_xact_lock(x'7468616c'::int, 7) THEN
			RETURN;
		END IF;

		looked := 0;
		SELECT * FROM public.thalamus_retention INTO state;
		IF state.until IS NULL OR until < state.until - interval '1 day' THEN
			state.aged := 0;
			state.superseding := (SELECT position FROM public.thalamus_feed_state);
		ELSIF until < state.until THEN
			RETURN;
		END IF;

		-- Changes that have become old. Those behind the first young one wait for it.
		SELECT min(f.position) FILTER (WHERE c.time >= until), array_agg(f.position ORDER BY f.position)
			INTO young, passed
			FROM (SELECT * FROM public.thalamus_feed WHERE position > state.aged ORDER BY position LIMIT most) AS f
			LEFT JOIN public.thalamus_changes AS c ON c.seq = f.seq;
		passed := ARRAY(SELECT p FROM unnest(passed) AS p WHERE young IS NULL OR p < young ORDER BY p);
		SELECT array_agg(f.position), array_agg(f.seq) INTO cut, seqs
			FROM public.thalamus_feed AS f JOIN public.thalamus_changes AS c ON c.seq = f.seq
			WHERE f.position = ANY (passed) AND EXISTS (SELECT FROM public.thalamus_changes AS later
				WHERE later.id = c.id AND later.resource = c.resource AND later.version > c.version);
		state.aged := COALESCE(passed[cardinality(passed)], state.aged);
		looked := cardinality(passed);

		-- Old changes that were the newest until then.
		SELECT array_agg(f.position ORDER BY f.position), cut || array_agg(former.position) FILTER (WHERE former.position IS NOT NULL),
				seqs || array_agg(former.seq) FILTER (WHERE former.position IS NOT NULL)
			INTO passed, cut, seqs
			FROM (SELECT * FROM public.thalamus_feed WHERE position > state.superseding ORDER BY position LIMIT most) AS f
			LEFT JOIN public.thalamus_changes AS c ON c.seq = f.seq
			LEFT JOIN LATERAL (SELECT b.seq, place.position
				FROM (SELECT * FROM public.thalamus_changes AS b WHERE b.id = c.id AND b.resource = c.resource AND b.version < c.version AND b.part = 0
					ORDER BY b.version DESC LIMIT 1) AS b
				JOIN public.thalamus_feed AS place ON place.seq = b.seq AND place.position <= state.aged AND b.time < until) AS former ON true;
		state.superseding := COALESCE(passed[cardinality(passed)], state.superseding);
		looked := looked + COALESCE(cardinality(passed), 0);

		UPDATE public.thalamus_feed_state SET horizon = GREATEST(horizon, (SELECT max(p) FROM unnest(cut) AS p));
		DELETE FROM public.thalamus_feed WHERE position = ANY (cut); -- some may be in it twice
		GET DIAGNOSTICS gone = ROW_COUNT;
		DELETE FROM public.thalamus_changes WHERE seq = ANY (seqs) AND version > 1 AND NOT (resource = 'person' AND operation = 'delete');
		UPDATE public.thalamus_changes SET operation = 'cut', person = NULL, before = NULL, account = NULL, request = NULL, node = NULL, db_user = NULL
			WHERE seq = ANY (seqs);

		DELETE FROM public.thalamus_changes WHERE seq = ANY (ARRAY(
			SELECT seq FROM public.thalamus_changes WHERE part <> 0 AND time < until ORDER BY time LIMIT most));
		GET DIAGNOSTICS parts = ROW_COUNT;
		looked := looked + parts;

		UPDATE public.thalamus_retention SET until = thalamus_cut.until, aged = state.aged, superseding = state.superseding;
	END
	$$;

CREATE FUNCTION public.thalamus_digest() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
	IF pg_catalog.pg_column_compression(NEW.document) IS NOT NULL THEN -- as it was packed in another table
		NEW.document := pg_catalog.substring(NEW.document, 1);
	END IF;
	NEW.digest := pg_catalog.sha512(NEW.document);
	RETURN NEW;
END
$$;

CREATE FUNCTION public.thalamus_document_changing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			NEW.version := OLD.version + 1;
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_document_created() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'document', NEW.id, NEW.fedacct, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user ON CONFLICT DO NOTHING;
			IF FOUND THEN
				RETURN NULL;
			END IF;
			IF current_setting('thalamus.recreate', true) = 'off' THEN
				RAISE EXCEPTION 'this id was deleted' USING ERRCODE = 'TH410';
			END IF;
			UPDATE public.personal_docs SET version = version + 1 WHERE id = NEW.id RETURNING version INTO NEW.version;
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'document', NEW.id, NEW.fedacct, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_document_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'document', OLD.id, OLD.fedacct, OLD.version + 1, 0, 'delete', OLD.data, OLD.document,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_document_first() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'document' ORDER BY version DESC, part DESC LIMIT 1 INTO prior;
			IF prior.operation = 'delete' AND NEW.version = prior.version + 1 THEN
				
				RETURN NEW;
			END IF;
			NEW.version := 1;
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_document_kept() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			NEW.version := COALESCE((SELECT last.version + 1 FROM (SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'document' ORDER BY version DESC, part DESC LIMIT 1) AS last WHERE last.version > OLD.version), OLD.version);
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_document_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'document', OLD.id, OLD.fedacct, OLD.version + 1, 0, 'delete', OLD.data, OLD.document,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'document', NEW.id, NEW.fedacct, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_document_moving() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			NEW.version := COALESCE((SELECT last.version + CASE WHEN OLD.id = NEW.id THEN 2 ELSE 1 END FROM (SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'document' ORDER BY version DESC, part DESC LIMIT 1) AS last), 1);
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_document_truncated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN
				RAISE EXCEPTION 'truncate in READ COMMITTED: here rows may go that this transaction does not see' USING ERRCODE = 'feature_not_supported';
			END IF;
			PERFORM pg_current_xact_id(); -- before it draws a seq; what others do first to a row needs one by itself
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'document', gone.id, gone.fedacct, gone.version + 1, 0, 'delete', gone.data, gone.document,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user FROM public.personal_docs AS gone;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_document_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'document', NEW.id, NEW.fedacct, NEW.version, 0, 'update', OLD.data, CASE WHEN OLD.document IS DISTINCT FROM NEW.document THEN OLD.document END,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN CASE WHEN OLD.data -> 'modification_info' IS DISTINCT FROM NEW.data -> 'modification_info'
				THEN public.thalamus_node(NEW.data, 'modification_info') END ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_duplicate_gone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		DELETE FROM public.thalamus_duplicates;
	ELSE
		DELETE FROM public.thalamus_duplicates WHERE person = OLD.id;
		DELETE FROM public.thalamus_duplicates WHERE other = OLD.id;
	END IF;
	RETURN NULL;
END
$$;

CREATE FUNCTION public.thalamus_emergency_opened() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
	PERFORM pg_notify('thalamus_emergency', '');
	NOTIFY thalamus_changes; -- servers look what is new
	RETURN NULL;
END
$$;

CREATE FUNCTION public.thalamus_fold(t text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
	t := replace(lower(t COLLATE "C"), '''', '');
	IF octet_length(t) > length(t) THEN -- not ASCII; these need not go the long way
		t := translate(t, 'áéíóúñüçãõäöàèêôâëïÁÉÍÓÚÑÜÇÖ´’', 'aeiounucaoaoaeeoaeiaeiounuco');
	END IF;
	IF octet_length(t) = length(t) THEN
		RETURN btrim(regexp_replace(replace(t, '`', ''), '[^0-9a-z]+', ' ', 'g'));
	END IF;
	t := normalize(t, NFKD);
	-- Accents, the points of Hebrew and Arabic, apostrophes, the tatweel, and what is not seen. The
	-- signs of Indic vowels and kana's voice marks are letters and stay.
	t := regexp_replace(t, '[`\u00AD\u02B0-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7'
		'\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF'
		'\u200B-\u200F\u2018\u201B\u202A-\u202E\u2060-\u206F\u20D0-\u20FF\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF]+', '', 'g');
	t := normalize(t, NFC); -- Hangul and kana
	-- What has two cases and what does not decompose; alef, yeh, kaf and teh marbuta of all kinds.
	t := translate(lower(t COLLATE "C"),
		'ŁØĐÐĦŦŊƏƁƊƘƔƆƐƳłøđðħŧŋəɓɗƙɣɔɛƴı'
		'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩς'
		'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄЅІЈЉЊЋЏҐҒҖҚҢҮҰҲҶҺӘӨ'
		'ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ'
		'ٱىیېکگةۀہھ',
		'loddhtnebdkgoeyloddhtnebdkgoeyi'
		'αβγδεζηθικλμνξοπρστυφχψωσ'
		'абвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџґғҗқңүұҳҷһәө'
		'աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ'
		'ايييككهههه');
	t := replace(replace(replace(replace(replace(replace(replace(replace(t,
		'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe'), 'þ', 'th'), 'Þ', 'th');
	-- Punctuation among the letters, then everything that is neither letter nor digit.
	t := translate(t, '׀׃׆׳״،؍؛؟۔।॥๏๚๛။၊჻፠፡።፣፤፥፦፧፨។៕៖᠀᠁᠂᠃՚՛՜՝՞՟։·;', repeat(' ', 60));
	t := regexp_replace(t, '[^0-9a-z\u00DF-\u00F6\u00F8-\u02AF\u0370-\u1FFF\u2C00-\u2DFF\u2E80-\u2FDF\u3005-\u3007\u3040-\u30FA'
		'\u30FC-\u31FF\u3400-\u4DBF\u4E00-\uABFF\uAC00-\uD7FF\U00010000-\U0001CFFF\U0001E000-\U0001EFFF\U00020000-\U0003FFFF]+', ' ', 'g');
	-- Scripts without spaces are set apart from the others.
	RETURN btrim(regexp_replace(t, '[\u1100-\u11FF\u2E80-\u2FDF\u3005-\u3007\u3040-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7FF'
		'\U00020000-\U0003FFFF]+', ' \& ', 'g'));
END
$$;

CREATE FUNCTION public.thalamus_institution_changing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			NEW.version := OLD.version + 1; NEW.creation := COALESCE(OLD.creation, OLD.data);
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_institution_created() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'institution', NEW.id, NULL, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user ON CONFLICT DO NOTHING;
			IF FOUND THEN
				RETURN NULL;
			END IF;
			IF current_setting('thalamus.recreate', true) = 'off' THEN
				RAISE EXCEPTION 'this id was deleted' USING ERRCODE = 'TH410';
			END IF;
			UPDATE public.institutions SET version = version + 1 WHERE id = NEW.id RETURNING version INTO NEW.version;
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'institution', NEW.id, NULL, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_institution_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'institution', OLD.id, NULL, OLD.version + 1, 0, 'delete', OLD.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_institution_first() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'institution' ORDER BY version DESC, part DESC LIMIT 1 INTO prior;
			IF prior.operation = 'delete' AND NEW.version = prior.version + 1 THEN
				
				NEW.creation := (SELECT before FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'institution' AND part = 0 AND version < prior.version
					AND version = 1 + (SELECT max(version) FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'institution' AND operation = 'create'));
				RETURN NEW;
			END IF;
			NEW.version := 1; NEW.creation := NULL;
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_institution_kept() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			NEW.version := COALESCE((SELECT last.version + 1 FROM (SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'institution' ORDER BY version DESC, part DESC LIMIT 1) AS last WHERE last.version > OLD.version), OLD.version); NEW.creation := OLD.creation;
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_institution_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'institution', OLD.id, NULL, OLD.version + 1, 0, 'delete', OLD.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'institution', NEW.id, NULL, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_institution_moving() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			NEW.version := COALESCE((SELECT last.version + CASE WHEN OLD.id = NEW.id THEN 2 ELSE 1 END FROM (SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'institution' ORDER BY version DESC, part DESC LIMIT 1) AS last), 1); NEW.creation := COALESCE(OLD.creation, OLD.data);
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_institution_truncated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN
				RAISE EXCEPTION 'truncate in READ COMMITTED: here rows may go that this transaction does not see' USING ERRCODE = 'feature_not_supported';
			END IF;
			PERFORM pg_current_xact_id(); -- before it draws a seq; what others do first to a row needs one by itself
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'institution', gone.id, NULL, gone.version + 1, 0, 'delete', gone.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user FROM public.institutions AS gone;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_institution_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'institution', NEW.id, NULL, NEW.version, 0, 'update', OLD.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN CASE WHEN OLD.data -> 'modification_info' IS DISTINCT FROM NEW.data -> 'modification_info'
				THEN public.thalamus_node(NEW.data, 'modification_info') END ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_learn() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
	most CONSTANT int := 2000;
	persons varchar[];
	ended bigint;
	looked int;
BEGIN
	PERFORM pg_advisory_xact_lock(x'7468616c'::int, 2);
	SELECT max(f.position), count(*), array_agg(DISTINCT c.id) FILTER (WHERE c.resource = 'person')
		INTO ended, looked, persons
		FROM (SELECT position, seq FROM public.thalamus_feed WHERE position > (SELECT position FROM public.thalamus_learned)
			ORDER BY position LIMIT most) AS f
		LEFT JOIN public.thalamus_changes AS c ON c.seq = f.seq;
	IF looked = 0 OR current_setting('transaction_read_only') = 'on' THEN
		RETURN false;
	END IF;
	PERFORM public.thalamus_teach(persons);
	UPDATE public.thalamus_learned SET position = ended;
	RETURN looked = most;
END
$$;

CREATE FUNCTION public.thalamus_link(one character varying, two character varying, are_same boolean, by_account text, in_request text, said_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
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
	PERFORM public.thalamus_lock_links();
	-- Nobody who would not see the link deletes one of them from now on.
	UPDATE public.people SET linked = linked WHERE id = one AND jsonb_typeof(data) = 'object';
	IF NOT FOUND THEN
		RETURN 'one';
	END IF;
	UPDATE public.people SET linked = linked WHERE id = two AND jsonb_typeof(data) = 'object';
	IF NOT FOUND THEN
		RETURN 'two';
	END IF;
	said := (SELECT same FROM public.thalamus_links WHERE person = low AND other = high);
	IF said IS NOT NULL THEN
		RETURN CASE WHEN said = are_same THEN 'present' ELSE 'contradiction' END;
	END IF;
	ones := public.thalamus_cluster(one);
	twos := public.thalamus_cluster(two);
	together := two = ANY (ones);
	IF are_same AND public.thalamus_apart(ones, twos) OR together AND NOT are_same THEN
		RETURN 'contradiction';
	ELSIF are_same AND NOT together AND cardinality(ones) + cardinality(twos) > most THEN
		RETURN 'too many';
	END IF;
	INSERT INTO public.thalamus_links (person, other, same, account, request, time)
		VALUES (low, high, are_same, by_account, in_request, COALESCE(said_at, clock_timestamp()));
	IF are_same AND NOT together THEN
		PERFORM public.thalamus_relink(one);
	END IF;
	RETURN 'created';
END
$$;

CREATE FUNCTION public.thalamus_link_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
	PERFORM public.thalamus_lock_links();
	PERFORM public.thalamus_relink(OLD.person);
	PERFORM public.thalamus_relink(OLD.other);
	RETURN NULL;
END
$$;

CREATE FUNCTION public.thalamus_lock_links() RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
	SELECT pg_advisory_xact_lock(x'7468616c'::int, 3)
$$;

CREATE FUNCTION public.thalamus_make_triggers(tbl regclass, resource text, owner text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
$_$;

CREATE FUNCTION public.thalamus_near(word text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
	start text := left(word, 8);
	less text;
	near text[] := ARRAY[start];
BEGIN
	FOR i IN 1 .. length(start) LOOP
		less := left(start, i - 1) || substr(start, i + 1);
		near := near || less;
		IF length(word) > 5 THEN
			FOR j IN i .. length(less) LOOP
				near := near || (left(less, j - 1) || substr(less, j + 1));
			END LOOP;
		END IF;
	END LOOP;
	RETURN near;
END
$$;

CREATE FUNCTION public.thalamus_node(page jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
	SELECT CASE WHEN pg_catalog.jsonb_typeof(page OPERATOR(pg_catalog.->) 'node'::pg_catalog.text) OPERATOR(pg_catalog.=) 'string'::pg_catalog.text
			AND page OPERATOR(pg_catalog.->>) 'node'::pg_catalog.text OPERATOR(pg_catalog.<>) ''::pg_catalog.text
		THEN pg_catalog.left(page OPERATOR(pg_catalog.->>) 'node'::pg_catalog.text, 255) END
$$;

CREATE FUNCTION public.thalamus_node(data jsonb, info text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
	SELECT CASE WHEN pg_catalog.jsonb_typeof(data OPERATOR(pg_catalog.->) info OPERATOR(pg_catalog.->) 'node'::pg_catalog.text) OPERATOR(pg_catalog.=) 'string'::pg_catalog.text
			AND data OPERATOR(pg_catalog.->) info OPERATOR(pg_catalog.->>) 'node'::pg_catalog.text OPERATOR(pg_catalog.<>) ''::pg_catalog.text
		THEN pg_catalog.left(data OPERATOR(pg_catalog.->) info OPERATOR(pg_catalog.->>) 'node'::pg_catalog.text, 255) END
$$;

CREATE FUNCTION public.thalamus_number_emergency() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(x'7468616c'::int, 8);
	NEW.number := 1 + COALESCE((SELECT max(number) FROM public.thalamus_emergencies), 0);
	RETURN NEW;
END
$$;

CREATE FUNCTION public.thalamus_page_changing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			NEW.version := OLD.version + 1; NEW.creation := COALESCE(OLD.creation, OLD.data);
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_page_created() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'page', NEW.id, NEW.book, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info'), public.thalamus_node(NEW.data)) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user ON CONFLICT DO NOTHING;
			IF FOUND THEN
				RETURN NULL;
			END IF;
			IF current_setting('thalamus.recreate', true) = 'off' THEN
				RAISE EXCEPTION 'this id was deleted' USING ERRCODE = 'TH410';
			END IF;
			UPDATE public.pols SET version = version + 1 WHERE id = NEW.id RETURNING version INTO NEW.version;
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'page', NEW.id, NEW.book, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info'), public.thalamus_node(NEW.data)) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_page_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'page', OLD.id, OLD.book, OLD.version + 1, 0, 'delete', OLD.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_page_first() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'page' ORDER BY version DESC, part DESC LIMIT 1 INTO prior;
			IF prior.operation = 'delete' AND NEW.version = prior.version + 1 THEN
				
				NEW.creation := (SELECT before FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'page' AND part = 0 AND version < prior.version
					AND version = 1 + (SELECT max(version) FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'page' AND operation = 'create'));
				RETURN NEW;
			END IF;
			NEW.version := 1; NEW.creation := NULL;
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_page_kept() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			NEW.version := COALESCE((SELECT last.version + 1 FROM (SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'page' ORDER BY version DESC, part DESC LIMIT 1) AS last WHERE last.version > OLD.version), OLD.version); NEW.creation := OLD.creation;
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_page_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'page', OLD.id, OLD.book, OLD.version + 1, 0, 'delete', OLD.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'page', NEW.id, NEW.book, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info'), public.thalamus_node(NEW.data)) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_page_moving() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			NEW.version := COALESCE((SELECT last.version + CASE WHEN OLD.id = NEW.id THEN 2 ELSE 1 END FROM (SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'page' ORDER BY version DESC, part DESC LIMIT 1) AS last), 1); NEW.creation := COALESCE(OLD.creation, OLD.data);
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_page_private() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
	INSERT INTO public.thalamus_private (person) VALUES (NEW.book) ON CONFLICT DO NOTHING;
	IF FOUND THEN
		PERFORM pg_notify('thalamus_private', CASE WHEN octet_length(NEW.book) <= 4000 THEN NEW.book ELSE '' END); -- '': of anybody
	END IF;
	RETURN NULL;
END
$$;

CREATE FUNCTION public.thalamus_page_time(data jsonb) RETURNS timestamp without time zone
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
	t text COLLATE "C" := left(btrim(data ->> 'page_date', E' \t'), 36);
BEGIN
	IF t ~ '^[12]\d{3}-((0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?)?$' THEN
		RETURN t::timestamp;
	END IF;
	t := translate(t, 'tz', 'TZ');
	IF t !~ '^\d{4}-((0[1-9]|1[0-2])-(0[1-9]|[12]\d)|(0[13-9]|1[0-2])-30|(0[13578]|1[02])-31)([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)? ?(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)?)?$'
		OR t ~ '^0000' THEN
		RETURN NULL;
	END IF;
	IF substr(t, 6, 5) = '02-29' AND extract(day FROM make_date(left(t, 4)::int, 3, 1) - 1) = 28 THEN
		RETURN NULL;
	END IF;
	t := regexp_replace(t, '(\.\d{6})\d+', '\1');
	IF substr(t, 17) ~ '[-+Z]' THEN
		RETURN replace(t, 'Z', '+00')::timestamptz AT TIME ZONE 'UTC';
	END IF;
	RETURN t::timestamp;
END
$_$;

CREATE FUNCTION public.thalamus_page_truncated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN
				RAISE EXCEPTION 'truncate in READ COMMITTED: here rows may go that this transaction does not see' USING ERRCODE = 'feature_not_supported';
			END IF;
			PERFORM pg_current_xact_id(); -- before it draws a seq; what others do first to a row needs one by itself
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'page', gone.id, gone.book, gone.version + 1, 0, 'delete', gone.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user FROM public.pols AS gone;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_page_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'page', NEW.id, NEW.book, NEW.version, 0, 'update', OLD.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(CASE WHEN OLD.data -> 'modification_info' IS DISTINCT FROM NEW.data -> 'modification_info'
				THEN public.thalamus_node(NEW.data, 'modification_info') END, CASE WHEN OLD.data -> 'node' IS DISTINCT FROM NEW.data -> 'node' THEN public.thalamus_node(NEW.data) END) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_password_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'person', NEW.id, NEW.id, NEW.version, (SELECT COALESCE(max(part), 0) + 1 FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'person' AND version = NEW.version), CASE WHEN current_setting('thalamus.upgrade', true) = 'on' THEN 'upgrade' ELSE 'password' END, NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN CASE WHEN OLD.data -> 'modification_info' IS DISTINCT FROM NEW.data -> 'modification_info'
				THEN public.thalamus_node(NEW.data, 'modification_info') END ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_person_changing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			NEW.version := OLD.version + 1; NEW.creation := COALESCE(OLD.creation, CASE WHEN jsonb_typeof(OLD.data) = 'object' THEN OLD.data - 'password' END);
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_person_created() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'person', NEW.id, NEW.id, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user ON CONFLICT DO NOTHING;
			IF FOUND THEN
				RETURN NULL;
			END IF;
			IF current_setting('thalamus.recreate', true) = 'off' THEN
				RAISE EXCEPTION 'this id was deleted' USING ERRCODE = 'TH410';
			END IF;
			UPDATE public.people SET version = version + 1 WHERE id = NEW.id RETURNING version INTO NEW.version;
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'person', NEW.id, NEW.id, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_person_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'person', OLD.id, OLD.id, OLD.version + 1, 0, 'delete', CASE WHEN jsonb_typeof(OLD.data) = 'object' THEN OLD.data - 'password' END, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_person_first() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'person' ORDER BY version DESC, part DESC LIMIT 1 INTO prior;
			IF prior.operation = 'delete' AND NEW.version = prior.version + 1 THEN
				
				NEW.creation := (SELECT before FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'person' AND part = 0 AND version < prior.version
					AND version = 1 + (SELECT max(version) FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'person' AND operation = 'create'));
				RETURN NEW;
			END IF;
			NEW.version := 1; NEW.creation := NULL;
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_person_kept() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			NEW.version := COALESCE((SELECT last.version + 1 FROM (SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'person' ORDER BY version DESC, part DESC LIMIT 1) AS last WHERE last.version > OLD.version), OLD.version); NEW.creation := OLD.creation;
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_person_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'person', OLD.id, OLD.id, OLD.version + 1, 0, 'delete', CASE WHEN jsonb_typeof(OLD.data) = 'object' THEN OLD.data - 'password' END, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'person', NEW.id, NEW.id, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_person_moving() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			NEW.version := COALESCE((SELECT last.version + CASE WHEN OLD.id = NEW.id THEN 2 ELSE 1 END FROM (SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'person' ORDER BY version DESC, part DESC LIMIT 1) AS last), 1); NEW.creation := COALESCE(OLD.creation, CASE WHEN jsonb_typeof(OLD.data) = 'object' THEN OLD.data - 'password' END);
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_person_truncated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN
				RAISE EXCEPTION 'truncate in READ COMMITTED: here rows may go that this transaction does not see' USING ERRCODE = 'feature_not_supported';
			END IF;
			PERFORM pg_current_xact_id(); -- before it draws a seq; what others do first to a row needs one by itself
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'person', gone.id, gone.id, gone.version + 1, 0, 'delete', CASE WHEN jsonb_typeof(gone.data) = 'object' THEN gone.data - 'password' END, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user FROM public.people AS gone;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_person_unlinked() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		TRUNCATE public.thalamus_links;
	ELSIF EXISTS (SELECT FROM public.thalamus_links WHERE person = OLD.id) OR EXISTS (SELECT FROM public.thalamus_links WHERE other = OLD.id) THEN
		PERFORM public.thalamus_lock_links();
		IF TG_OP = 'UPDATE' THEN
			UPDATE public.people SET linked = NULL WHERE id = NEW.id;
		END IF;
		DELETE FROM public.thalamus_links WHERE person = OLD.id OR other = OLD.id;
	END IF;
	RETURN NULL;
END
$$;

CREATE FUNCTION public.thalamus_person_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'person', NEW.id, NEW.id, NEW.version, 0, 'update', CASE WHEN jsonb_typeof(OLD.data) = 'object' THEN OLD.data - 'password' END, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN CASE WHEN OLD.data -> 'modification_info' IS DISTINCT FROM NEW.data -> 'modification_info'
				THEN public.thalamus_node(NEW.data, 'modification_info') END ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_publish() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
	most CONSTANT int := 10000;
	unnumbered CONSTANT boolean := pg_current_xact_id_if_assigned() IS NULL;
	state record;
	running xid8[]; -- transactions before mark
	old int8multirange; -- NULL: nothing is new there
	seen bigint[];
	top bigint;
	drawn bigint; -- the last seq
	many int; -- bytes of gaps (not compressed) that are too many to be looked for each time
	next_tag int := (random() * 2147483647)::int;
	published int;
BEGIN
	PERFORM pg_advisory_xact_lock(x'7468616c'::int, 1); -- as a row's lock would, but without a transaction id yet
	SELECT position, tag, high, gaps + int8multirange() AS gaps, mark, open, pg_column_size(old_gaps) AS old_size INTO state FROM public.thalamus_feed_state;
	-- All in one statement, that is, one snapshot: if a transaction's later changes were seen and its
	-- earlier ones not looked for, their order would be lost. A mark to come is another cluster's.
	WITH now AS MATERIALIZED (
		SELECT ARRAY(SELECT x FROM pg_snapshot_xip(pg_current_snapshot()) AS x
			WHERE x < state.mark AND state.mark < pg_snapshot_xmax(pg_current_snapshot()) ORDER BY x) AS xids
	), look AS MATERIALIZED (
		SELECT xids, CASE WHEN xids = state.open THEN NULL ELSE (SELECT old_gaps FROM public.thalamus_feed_state) END AS gaps FROM now
	)
	SELECT xids, look.gaps, ARRAY(SELECT fresh.seq FROM (
			SELECT c.seq FROM unnest(state.gaps + COALESCE(look.gaps, '{}')) AS gap
				CROSS JOIN LATERAL (SELECT seq FROM public.thalamus_changes WHERE seq >= lower(gap) AND seq < upper(gap) ORDER BY seq LIMIT most) AS c
			UNION ALL
			(SELECT seq FROM public.thalamus_changes WHERE seq > state.high ORDER BY seq LIMIT most)
		) AS fresh ORDER BY fresh.seq LIMIT most)
		INTO running, old, seen FROM look;
	SELECT last_value INTO drawn FROM public.thalamus_changes_seq_seq;
	many := 50000 + state.old_size / 8;
	IF seen = '{}' AND (current_setting('transaction_read_only') = 'on'
			OR drawn <= state.high + most AND (old IS NULL AND pg_column_size(state.gaps) <= many OR state.gaps + old = '{}')) THEN
		RETURN 0;
	END IF;

	INSERT INTO public.thalamus_feed (position, seq, tag, person)
		SELECT state.position + row_number() OVER (ORDER BY c.seq), c.seq, next_tag, c.person
		FROM public.thalamus_changes AS c WHERE c.seq = ANY (seen) AND c.part = 0;
	GET DIAGNOSTICS published = ROW_COUNT;
	IF published > 0 THEN
		state.position := state.position + published;
		state.tag := next_tag;
		NOTIFY thalamus_changes;
	END IF;

	top := GREATEST(state.high, seen[cardinality(seen)]);
	IF cardinality(seen) < most AND drawn > top + most THEN
		top := drawn; -- a large transaction is open: it, too, is not to be gone through each time
	END IF;
	state.gaps := state.gaps + int8multirange(int8range(state.high, top, '(]'))
		- COALESCE((SELECT range_agg(int8range(s, s, '[]')) FROM unnest(seen) AS s), '{}');
	old := old - COALESCE((SELECT range_agg(int8range(s, s, '[]')) FROM unnest(seen) AS s), '{}');
	-- All who drew a seq below high had a transaction id before this one has its own, if that is
	-- only now; they are those before the new mark.
	IF unnumbered AND cardinality(seen) < most THEN
		IF running = '{}' OR old IS NULL AND pg_column_size(state.gaps) > many THEN -- all have ended, or some take long
			old := state.gaps + CASE WHEN running = '{}' THEN '{}' ELSE (SELECT old_gaps FROM public.thalamus_feed_state) END;
			state.gaps := '{}';
			state.mark := pg_current_xact_id();
			state.open := NULL;
		ELSE
			state.open := running;
		END IF;
	END IF;
	UPDATE public.thalamus_feed_state SET position = state.position, tag = state.tag, high = top, gaps = state.gaps,
		old_gaps = COALESCE(NULLIF(old, old_gaps), old_gaps), mark = state.mark, open = state.open; -- old_gaps may be large
	RETURN cardinality(seen);
END
$$;

CREATE FUNCTION public.thalamus_relink(one character varying) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
	cluster varchar[];
	smallest varchar;
BEGIN
	WITH RECURSIVE known (id) AS (
		SELECT one
		UNION SELECT next.id FROM known, LATERAL (
			SELECT other FROM public.thalamus_links WHERE same AND person = known.id
			UNION ALL SELECT person FROM public.thalamus_links WHERE same AND other = known.id
		) AS next (id)
	)
	SELECT array_agg(id), CASE WHEN count(*) > 1 THEN min(id COLLATE "C") END INTO cluster, smallest FROM known;
	UPDATE public.people SET linked = smallest WHERE id = ANY (cluster);
END
$$;

CREATE FUNCTION public.thalamus_reset_ended() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
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

CREATE FUNCTION public.thalamus_runs(word text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
	SELECT pg_catalog.ascii(word) OPERATOR(pg_catalog.>=) 4352 AND word OPERATOR(pg_catalog.~)
		'^[\u1100-\u11FF\u2E80-\u2FDF\u3005-\u3007\u3040-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7FF\U00020000-\U0003FFFF]'
$$;

CREATE FUNCTION public.thalamus_settled(a character varying, b character varying) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
	first varchar;
	second varchar;
BEGIN
	first := (SELECT linked FROM public.people WHERE id = a);
	second := (SELECT linked FROM public.people WHERE id = b);
	IF first IS NULL AND second IS NULL THEN -- as nearly all
		RETURN EXISTS (SELECT FROM public.thalamus_links WHERE person = a AND other = b)
			OR EXISTS (SELECT FROM public.thalamus_links WHERE person = b AND other = a);
	END IF;
	RETURN COALESCE(first = second, false) OR public.thalamus_apart(public.thalamus_cluster(a), public.thalamus_cluster(b));
END
$$;

CREATE FUNCTION public.thalamus_teach(persons character varying[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
	INSERT INTO public.thalamus_name_words (word)
	SELECT DISTINCT words.word FROM public.people, unnest(people.words) AS words (word)
	WHERE people.id = ANY (persons) AND length(words.word) > 2 AND NOT public.thalamus_runs(words.word)
		AND NOT EXISTS (SELECT FROM public.thalamus_name_words AS known WHERE known.word = words.word)
	ORDER BY words.word
	ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION public.thalamus_unit_changing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			NEW.version := OLD.version + 1; NEW.creation := COALESCE(OLD.creation, OLD.data);
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_unit_created() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'unit', NEW.id, NULL, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user ON CONFLICT DO NOTHING;
			IF FOUND THEN
				RETURN NULL;
			END IF;
			IF current_setting('thalamus.recreate', true) = 'off' THEN
				RAISE EXCEPTION 'this id was deleted' USING ERRCODE = 'TH410';
			END IF;
			UPDATE public.dus SET version = version + 1 WHERE id = NEW.id RETURNING version INTO NEW.version;
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'unit', NEW.id, NULL, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_unit_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'unit', OLD.id, NULL, OLD.version + 1, 0, 'delete', OLD.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_unit_first() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'unit' ORDER BY version DESC, part DESC LIMIT 1 INTO prior;
			IF prior.operation = 'delete' AND NEW.version = prior.version + 1 THEN
				
				NEW.creation := (SELECT before FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'unit' AND part = 0 AND version < prior.version
					AND version = 1 + (SELECT max(version) FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'unit' AND operation = 'create'));
				RETURN NEW;
			END IF;
			NEW.version := 1; NEW.creation := NULL;
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_unit_kept() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			NEW.version := COALESCE((SELECT last.version + 1 FROM (SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'unit' ORDER BY version DESC, part DESC LIMIT 1) AS last WHERE last.version > OLD.version), OLD.version); NEW.creation := OLD.creation;
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_unit_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'unit', OLD.id, NULL, OLD.version + 1, 0, 'delete', OLD.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'unit', NEW.id, NULL, NEW.version, 0, 'create', NULL, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN COALESCE(public.thalamus_node(NEW.data, 'creation_info'), public.thalamus_node(NEW.data, 'modification_info')) ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_unit_moving() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			NEW.version := COALESCE((SELECT last.version + CASE WHEN OLD.id = NEW.id THEN 2 ELSE 1 END FROM (SELECT version, part, operation FROM public.thalamus_changes WHERE id = NEW.id AND resource = 'unit' ORDER BY version DESC, part DESC LIMIT 1) AS last), 1); NEW.creation := COALESCE(OLD.creation, OLD.data);
			RETURN NEW;
		END $$;

CREATE FUNCTION public.thalamus_unit_truncated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			
			IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN
				RAISE EXCEPTION 'truncate in READ COMMITTED: here rows may go that this transaction does not see' USING ERRCODE = 'feature_not_supported';
			END IF;
			PERFORM pg_current_xact_id(); -- before it draws a seq; what others do first to a row needs one by itself
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'unit', gone.id, NULL, gone.version + 1, 0, 'delete', gone.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN NULL ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user FROM public.dus AS gone;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_unit_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
		DECLARE
			request text := NULLIF(current_setting('thalamus.request', true), '');
			prior record;
		BEGIN
			INSERT INTO public.thalamus_changes (resource, id, person, version, part, operation, before, document, account, request, node, db_user)
		SELECT 'unit', NEW.id, NULL, NEW.version, 0, 'update', OLD.data, NULL,
			NULLIF(current_setting('thalamus.account', true), ''), request,
			CASE WHEN request IS NULL THEN CASE WHEN OLD.data -> 'modification_info' IS DISTINCT FROM NEW.data -> 'modification_info'
				THEN public.thalamus_node(NEW.data, 'modification_info') END ELSE NULLIF(current_setting('thalamus.node', true), '') END, session_user;
			RETURN NULL;
		END $$;

CREATE FUNCTION public.thalamus_unlink(one character varying, two character varying) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
	low varchar := least(one COLLATE "C", two COLLATE "C");
	high varchar := greatest(one COLLATE "C", two COLLATE "C");
BEGIN
	PERFORM public.thalamus_lock_links();
	DELETE FROM public.thalamus_links WHERE person = low AND other = high;
	RETURN FOUND;
END
$$;

CREATE FUNCTION public.thalamus_withheld(reader text[], owner text, page text) RETURNS boolean
    LANGUAGE plpgsql STABLE COST 1 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
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

CREATE FUNCTION public.thalamus_words(data jsonb) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
	most CONSTANT int := 32;
	name jsonb := data -> 'name';
	lastname jsonb := data -> 'lastname';
	t text;
	word text;
	words text[] := '{}';
BEGIN
	t := public.thalamus_fold(concat_ws(' ',
		CASE WHEN jsonb_typeof(name) = 'string' THEN left(name #>> '{}', 300) END,
		CASE WHEN jsonb_typeof(lastname) = 'string' THEN left(lastname #>> '{}', 300) END));
	IF length(t) <= 60 AND octet_length(t) = length(t) THEN
		RETURN string_to_array(t, ' '); -- as nearly all names
	END IF;
	FOREACH word IN ARRAY string_to_array(t, ' ') LOOP
		IF word = '' OR word = ANY (words) THEN
			CONTINUE;
		END IF;
		IF public.thalamus_runs(word) THEN
			FOR i IN 1 .. least(length(word), most) LOOP
				words := words || substr(word, i, 1);
				IF i > 1 THEN
					words := words || substr(word, i - 1, 2);
				END IF;
			END LOOP;
		ELSE
			words := words || left(word, 60);
		END IF;
		EXIT WHEN cardinality(words) >= most;
	END LOOP;
	RETURN words[1:most];
END
$$;

CREATE TABLE public.dus (
    id character varying NOT NULL,
    data jsonb,
    creation jsonb,
    version bigint DEFAULT 1 NOT NULL
);

CREATE TABLE public.institutions (
    id character varying NOT NULL,
    data jsonb,
    creation jsonb,
    version bigint DEFAULT 1 NOT NULL
);

CREATE TABLE public.people (
    id character varying NOT NULL,
    data jsonb,
    creation jsonb,
    version bigint DEFAULT 1 NOT NULL,
    words text[] GENERATED ALWAYS AS (public.thalamus_words(data)) STORED COLLATE pg_catalog."C",
    birth integer GENERATED ALWAYS AS (public.thalamus_birth(data)) STORED,
    linked character varying
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_insert_scale_factor='0.02', autovacuum_analyze_scale_factor='0.02');

CREATE TABLE public.personal_docs (
    id character varying NOT NULL,
    fedacct character varying,
    pol character varying,
    document bytea,
    data jsonb,
    version bigint DEFAULT 1 NOT NULL,
    digest bytea
);
ALTER TABLE ONLY public.personal_docs ALTER COLUMN document SET STORAGE EXTERNAL;

CREATE TABLE public.pols (
    id character varying NOT NULL,
    book character varying,
    data jsonb,
    creation jsonb,
    version bigint DEFAULT 1 NOT NULL,
    page_time timestamp without time zone GENERATED ALWAYS AS (public.thalamus_page_time(data)) STORED
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_insert_scale_factor='0.02', autovacuum_analyze_scale_factor='0.02');

CREATE TABLE public.thalamus_access (
    "time" timestamp with time zone NOT NULL,
    seq bigint NOT NULL,
    account text NOT NULL,
    roles text[] NOT NULL,
    method text NOT NULL,
    endpoint text NOT NULL,
    person text,
    persons text[],
    everybody boolean NOT NULL,
    page text,
    document text,
    status integer NOT NULL,
    request text,
    address text,
    purpose text,
    emergency text
)
PARTITION BY RANGE ("time");

CREATE TABLE public.thalamus_access_files (
    file bytea NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL,
    complete boolean DEFAULT false NOT NULL
);

CREATE SEQUENCE public.thalamus_access_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.thalamus_access_seq OWNED BY public.thalamus_access.seq;

CREATE TABLE public.thalamus_changes (
    seq bigint NOT NULL,
    resource text NOT NULL,
    id character varying NOT NULL,
    version bigint NOT NULL,
    part bigint DEFAULT 0 NOT NULL,
    operation text NOT NULL,
    person character varying,
    before jsonb,
    document bytea,
    account text,
    request text,
    node text,
    db_user text,
    "time" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_insert_scale_factor='0.02', autovacuum_analyze_scale_factor='0.02');
ALTER TABLE ONLY public.thalamus_changes ALTER COLUMN document SET STORAGE EXTERNAL;

COMMENT ON COLUMN public.thalamus_changes.db_user IS 'the database user whose connection wrote; a server''s own, if one was asked';

ALTER TABLE public.thalamus_changes ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.thalamus_changes_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.thalamus_consents (
    id text NOT NULL,
    person character varying NOT NULL,
    scope text NOT NULL,
    who text NOT NULL,
    effect text NOT NULL,
    until timestamp with time zone,
    account text,
    request text,
    "time" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended timestamp with time zone,
    ended_by text,
    CONSTRAINT thalamus_consents_effect_check CHECK ((effect = ANY (ARRAY['deny'::text, 'permit'::text, 'act'::text]))),
    CONSTRAINT thalamus_consents_scope_check CHECK (((scope = '*'::text) OR (scope ~ '^(page|domain|type):.'::text))),
    CONSTRAINT thalamus_consents_who_check CHECK (((who = '*'::text) OR (who ~ '^(account|institution):.'::text)))
);

CREATE TABLE public.thalamus_duplicates (
    person character varying NOT NULL,
    other character varying NOT NULL,
    doubt double precision NOT NULL,
    found timestamp with time zone NOT NULL,
    postponed bigint DEFAULT 0 NOT NULL,
    decided text,
    account text,
    "time" timestamp with time zone,
    CONSTRAINT thalamus_duplicates_check CHECK ((((person)::text COLLATE "C") < ((other)::text COLLATE "C")))
);

CREATE TABLE public.thalamus_emergencies (
    id text NOT NULL,
    person character varying NOT NULL,
    account character varying NOT NULL,
    purpose text NOT NULL,
    reason text NOT NULL,
    until timestamp with time zone NOT NULL,
    request text,
    "time" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    reviewed timestamp with time zone,
    reviewer text,
    finding text,
    number bigint,
    acknowledged timestamp with time zone
);

CREATE TABLE public.thalamus_feed (
    "position" bigint NOT NULL,
    seq bigint NOT NULL,
    tag integer NOT NULL,
    person character varying
);

CREATE TABLE public.thalamus_feed_state (
    one boolean DEFAULT true NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL,
    tag integer DEFAULT 0 NOT NULL,
    horizon bigint DEFAULT 0 NOT NULL,
    high bigint DEFAULT 0 NOT NULL,
    gaps int8multirange DEFAULT '{}'::int8multirange NOT NULL,
    old_gaps int8multirange DEFAULT '{}'::int8multirange NOT NULL,
    mark xid8 DEFAULT '0'::xid8 NOT NULL,
    open xid8[],
    CONSTRAINT thalamus_feed_state_one_check CHECK (one)
);

CREATE TABLE public.thalamus_followers (
    account character varying NOT NULL,
    "position" bigint NOT NULL,
    read timestamp with time zone NOT NULL
);

CREATE TABLE public.thalamus_learned (
    one boolean DEFAULT true NOT NULL,
    "position" bigint NOT NULL,
    CONSTRAINT thalamus_learned_one_check CHECK (one)
);

CREATE TABLE public.thalamus_links (
    person character varying NOT NULL,
    other character varying NOT NULL,
    same boolean NOT NULL,
    account text,
    request text,
    "time" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    db_user text DEFAULT SESSION_USER,
    CONSTRAINT thalamus_links_check CHECK ((((person)::text COLLATE "C") < ((other)::text COLLATE "C")))
);

CREATE TABLE public.thalamus_migrations (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.thalamus_name_words (
    word text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.thalamus_private (
    person character varying NOT NULL
);

CREATE TABLE public.thalamus_reset (
    key bytea NOT NULL,
    account character varying NOT NULL,
    started_by character varying NOT NULL,
    started timestamp with time zone DEFAULT now() NOT NULL,
    used timestamp with time zone,
    request text
);

CREATE TABLE public.thalamus_retention (
    one boolean DEFAULT true NOT NULL,
    until timestamp with time zone,
    aged bigint DEFAULT 0 NOT NULL,
    superseding bigint DEFAULT 0 NOT NULL,
    CONSTRAINT thalamus_retention_one_check CHECK (one)
);

CREATE TABLE public.thalamus_session (
    key bytea NOT NULL,
    account character varying NOT NULL,
    proof bytea NOT NULL,
    begun timestamp with time zone DEFAULT now() NOT NULL,
    seen timestamp with time zone DEFAULT now() NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    drafted timestamp with time zone,
    draft bytea,
    visited timestamp with time zone,
    known bigint
);

CREATE TABLE public.thalamus_statistics (
    subject text NOT NULL,
    institution text NOT NULL COLLATE pg_catalog."C",
    month date,
    kind text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    persons bigint NOT NULL
);

CREATE TABLE public.thalamus_statistics_state (
    one boolean DEFAULT true NOT NULL,
    counted timestamp with time zone,
    took interval DEFAULT '00:00:00'::interval NOT NULL,
    seq bigint,
    CONSTRAINT thalamus_statistics_state_one_check CHECK (one)
);

CREATE TABLE public.thalamus_visit (
    account character varying NOT NULL,
    at timestamp with time zone NOT NULL,
    "position" bigint NOT NULL
);

ALTER TABLE ONLY public.dus
    ADD CONSTRAINT dus_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.institutions
    ADD CONSTRAINT institutions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.personal_docs
    ADD CONSTRAINT personal_docs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pols
    ADD CONSTRAINT pols_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.thalamus_access_files
    ADD CONSTRAINT thalamus_access_files_pkey PRIMARY KEY (file);

ALTER TABLE ONLY public.thalamus_changes
    ADD CONSTRAINT thalamus_changes_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.thalamus_consents
    ADD CONSTRAINT thalamus_consents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.thalamus_duplicates
    ADD CONSTRAINT thalamus_duplicates_pkey PRIMARY KEY (person, other);

ALTER TABLE ONLY public.thalamus_emergencies
    ADD CONSTRAINT thalamus_emergencies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.thalamus_feed
    ADD CONSTRAINT thalamus_feed_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.thalamus_feed_state
    ADD CONSTRAINT thalamus_feed_state_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.thalamus_followers
    ADD CONSTRAINT thalamus_followers_pkey PRIMARY KEY (account);

ALTER TABLE ONLY public.thalamus_learned
    ADD CONSTRAINT thalamus_learned_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.thalamus_links
    ADD CONSTRAINT thalamus_links_pkey PRIMARY KEY (person, other);

ALTER TABLE ONLY public.thalamus_migrations
    ADD CONSTRAINT thalamus_migrations_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.thalamus_name_words
    ADD CONSTRAINT thalamus_name_words_pkey PRIMARY KEY (word);

ALTER TABLE ONLY public.thalamus_private
    ADD CONSTRAINT thalamus_private_pkey PRIMARY KEY (person);

ALTER TABLE ONLY public.thalamus_reset
    ADD CONSTRAINT thalamus_reset_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.thalamus_retention
    ADD CONSTRAINT thalamus_retention_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.thalamus_session
    ADD CONSTRAINT thalamus_session_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.thalamus_statistics_state
    ADD CONSTRAINT thalamus_statistics_state_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.thalamus_visit
    ADD CONSTRAINT thalamus_visit_pkey PRIMARY KEY (account);

CREATE INDEX thalamus_access_account ON ONLY public.thalamus_access USING btree (account, "time", seq);

CREATE INDEX thalamus_access_everybody ON ONLY public.thalamus_access USING btree ("time", seq) WHERE everybody;

CREATE INDEX thalamus_access_person ON ONLY public.thalamus_access USING btree (person, "time", seq) WHERE (person IS NOT NULL);

CREATE INDEX thalamus_access_persons ON ONLY public.thalamus_access USING gin (persons) WITH (gin_pending_list_limit='512') WHERE (persons IS NOT NULL);

CREATE INDEX thalamus_changes_deletions ON public.thalamus_changes USING btree (id, resource, version) WHERE ((operation = ANY (ARRAY['delete'::text, 'cut'::text])) AND (version > 1));

CREATE INDEX thalamus_changes_parts ON public.thalamus_changes USING btree ("time") WHERE (part <> 0);

CREATE UNIQUE INDEX thalamus_changes_version ON public.thalamus_changes USING btree (id, resource, version, part);

CREATE INDEX thalamus_consents_acted ON public.thalamus_consents USING btree (person) WHERE (effect = 'act'::text);

CREATE INDEX thalamus_consents_acts ON public.thalamus_consents USING btree (who, person) WHERE (effect = 'act'::text);

CREATE INDEX thalamus_consents_person ON public.thalamus_consents USING btree (person, "time", id);

CREATE INDEX thalamus_duplicates_decided ON public.thalamus_duplicates USING btree ("time", person, other) WHERE (decided IS NOT NULL);

CREATE INDEX thalamus_duplicates_open ON public.thalamus_duplicates USING btree (postponed, doubt, person, other) WHERE (decided IS NULL);

CREATE INDEX thalamus_duplicates_other ON public.thalamus_duplicates USING btree (other);

CREATE INDEX thalamus_dus_long ON public.dus USING btree (md5((id)::text)) WHERE ((octet_length((id)::text) + (2 * octet_length(translate((id)::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-'::text, ''::text)))) > 64);

CREATE UNIQUE INDEX thalamus_emergencies_number ON public.thalamus_emergencies USING btree (number);

CREATE INDEX thalamus_emergencies_person ON public.thalamus_emergencies USING btree (person, account, until);

CREATE INDEX thalamus_emergencies_time ON public.thalamus_emergencies USING btree ("time", id);

CREATE INDEX thalamus_emergencies_until ON public.thalamus_emergencies USING btree (until);

CREATE INDEX thalamus_feed_person ON public.thalamus_feed USING btree (person, "position");

CREATE INDEX thalamus_feed_seq ON public.thalamus_feed USING btree (seq);

CREATE INDEX thalamus_institutions_long ON public.institutions USING btree (md5((id)::text)) WHERE ((octet_length((id)::text) + (2 * octet_length(translate((id)::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-'::text, ''::text)))) > 64);

CREATE INDEX thalamus_links_other ON public.thalamus_links USING btree (other);

CREATE INDEX thalamus_name_words_near ON public.thalamus_name_words USING gin (public.thalamus_near(word));

CREATE INDEX thalamus_people_birth ON public.people USING btree (birth);

CREATE INDEX thalamus_people_linked ON public.people USING btree (linked) WHERE (linked IS NOT NULL);

CREATE INDEX thalamus_people_long ON public.people USING btree (md5((id)::text)) WHERE ((octet_length((id)::text) + (2 * octet_length(translate((id)::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-'::text, ''::text)))) > 64);

CREATE INDEX thalamus_people_words ON public.people USING gin (words) WITH (fastupdate='on', gin_pending_list_limit='512');

CREATE INDEX thalamus_personal_docs_fedacct ON public.personal_docs USING btree (fedacct);

CREATE INDEX thalamus_personal_docs_long ON public.personal_docs USING btree (md5((id)::text)) WHERE ((octet_length((id)::text) + (2 * octet_length(translate((id)::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-'::text, ''::text)))) > 64);

CREATE INDEX thalamus_personal_docs_pol ON public.personal_docs USING btree (pol);

CREATE INDEX thalamus_pols_long ON public.pols USING btree (md5((id)::text)) WHERE ((octet_length((id)::text) + (2 * octet_length(translate((id)::text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-'::text, ''::text)))) > 36);

CREATE INDEX thalamus_pols_time ON public.pols USING btree (book, page_time, (
CASE
    WHEN ((octet_length((book)::text) + octet_length((id)::text)) <= 2000) THEN (id)::text
    ELSE md5((id)::text)
END));

CREATE UNIQUE INDEX thalamus_reset_open ON public.thalamus_reset USING btree (account) WHERE (used IS NULL);

CREATE INDEX thalamus_session_account ON public.thalamus_session USING btree (account);

CREATE INDEX thalamus_staff ON public.people USING btree (id) WHERE (COALESCE(NULLIF((data -> 'roles'::text), 'null'::jsonb), '[]'::jsonb) <> ALL (ARRAY['[]'::jsonb, '["end_user"]'::jsonb]));

CREATE TRIGGER thalamus_account_changed AFTER UPDATE ON public.people FOR EACH ROW WHEN ((((old.data -> 'password'::text) IS NOT NULL) AND (((old.id)::text IS DISTINCT FROM (new.id)::text) OR ((old.data -> 'password'::text) IS DISTINCT FROM (new.data -> 'password'::text)) OR ((old.data -> 'roles'::text) IS DISTINCT FROM (new.data -> 'roles'::text)) OR ((old.data -> 'active'::text) IS DISTINCT FROM (new.data -> 'active'::text))))) EXECUTE FUNCTION public.thalamus_account_changed();

ALTER TABLE public.people ENABLE ALWAYS TRIGGER thalamus_account_changed;

CREATE TRIGGER thalamus_account_deleted AFTER DELETE ON public.people FOR EACH ROW WHEN (((old.data -> 'password'::text) IS NOT NULL)) EXECUTE FUNCTION public.thalamus_account_changed();

ALTER TABLE public.people ENABLE ALWAYS TRIGGER thalamus_account_deleted;

CREATE TRIGGER thalamus_accounts_truncated AFTER TRUNCATE ON public.people FOR EACH STATEMENT EXECUTE FUNCTION public.thalamus_account_changed();

ALTER TABLE public.people ENABLE ALWAYS TRIGGER thalamus_accounts_truncated;

CREATE TRIGGER thalamus_acting_ended AFTER DELETE ON public.people FOR EACH ROW EXECUTE FUNCTION public.thalamus_acting_ended();

CREATE TRIGGER thalamus_acting_moved AFTER UPDATE ON public.people FOR EACH ROW WHEN (((old.id)::text <> (new.id)::text)) EXECUTE FUNCTION public.thalamus_acting_ended();

CREATE TRIGGER thalamus_consent_changed AFTER INSERT OR UPDATE ON public.thalamus_consents FOR EACH ROW EXECUTE FUNCTION public.thalamus_consent_changed();

ALTER TABLE public.thalamus_consents ENABLE ALWAYS TRIGGER thalamus_consent_changed;

CREATE TRIGGER thalamus_created AFTER INSERT ON public.dus FOR EACH ROW EXECUTE FUNCTION public.thalamus_unit_created();

CREATE TRIGGER thalamus_created AFTER INSERT ON public.institutions FOR EACH ROW EXECUTE FUNCTION public.thalamus_institution_created();

CREATE TRIGGER thalamus_created AFTER INSERT ON public.people FOR EACH ROW EXECUTE FUNCTION public.thalamus_person_created();

CREATE TRIGGER thalamus_created AFTER INSERT ON public.personal_docs FOR EACH ROW EXECUTE FUNCTION public.thalamus_document_created();

CREATE TRIGGER thalamus_created AFTER INSERT ON public.pols FOR EACH ROW EXECUTE FUNCTION public.thalamus_page_created();

CREATE TRIGGER thalamus_deleted AFTER DELETE ON public.dus FOR EACH ROW EXECUTE FUNCTION public.thalamus_unit_deleted();

CREATE TRIGGER thalamus_deleted AFTER DELETE ON public.institutions FOR EACH ROW EXECUTE FUNCTION public.thalamus_institution_deleted();

CREATE TRIGGER thalamus_deleted AFTER DELETE ON public.people FOR EACH ROW EXECUTE FUNCTION public.thalamus_person_deleted();

CREATE TRIGGER thalamus_deleted AFTER DELETE ON public.personal_docs FOR EACH ROW EXECUTE FUNCTION public.thalamus_document_deleted();

CREATE TRIGGER thalamus_deleted AFTER DELETE ON public.pols FOR EACH ROW EXECUTE FUNCTION public.thalamus_page_deleted();

CREATE TRIGGER thalamus_duplicate_gone AFTER DELETE ON public.people FOR EACH ROW EXECUTE FUNCTION public.thalamus_duplicate_gone();

CREATE TRIGGER thalamus_duplicate_moved AFTER UPDATE ON public.people FOR EACH ROW WHEN (((old.id)::text <> (new.id)::text)) EXECUTE FUNCTION public.thalamus_duplicate_gone();

CREATE TRIGGER thalamus_duplicates_truncated AFTER TRUNCATE ON public.people FOR EACH STATEMENT EXECUTE FUNCTION public.thalamus_duplicate_gone();

CREATE TRIGGER thalamus_emergency_opened AFTER INSERT OR UPDATE OF until ON public.thalamus_emergencies FOR EACH STATEMENT EXECUTE FUNCTION public.thalamus_emergency_opened();

ALTER TABLE public.thalamus_emergencies ENABLE ALWAYS TRIGGER thalamus_emergency_opened;

CREATE TRIGGER thalamus_link_removed AFTER DELETE ON public.thalamus_links FOR EACH ROW WHEN (old.same) EXECUTE FUNCTION public.thalamus_link_removed();

CREATE TRIGGER thalamus_moved AFTER UPDATE ON public.dus FOR EACH ROW WHEN (((old.id)::text <> (new.id)::text)) EXECUTE FUNCTION public.thalamus_unit_moved();

CREATE TRIGGER thalamus_moved AFTER UPDATE ON public.institutions FOR EACH ROW WHEN (((old.id)::text <> (new.id)::text)) EXECUTE FUNCTION public.thalamus_institution_moved();

CREATE TRIGGER thalamus_moved AFTER UPDATE ON public.people FOR EACH ROW WHEN (((old.id)::text <> (new.id)::text)) EXECUTE FUNCTION public.thalamus_person_moved();

CREATE TRIGGER thalamus_moved AFTER UPDATE ON public.personal_docs FOR EACH ROW WHEN ((((old.id)::text <> (new.id)::text) OR ((old.fedacct)::text IS DISTINCT FROM (new.fedacct)::text))) EXECUTE FUNCTION public.thalamus_document_moved();

CREATE TRIGGER thalamus_moved AFTER UPDATE ON public.pols FOR EACH ROW WHEN ((((old.id)::text <> (new.id)::text) OR ((old.book)::text IS DISTINCT FROM (new.book)::text))) EXECUTE FUNCTION public.thalamus_page_moved();

CREATE TRIGGER thalamus_moved_unlinked AFTER UPDATE ON public.people FOR EACH ROW WHEN (((old.id)::text <> (new.id)::text)) EXECUTE FUNCTION public.thalamus_person_unlinked();

CREATE TRIGGER thalamus_number_emergency BEFORE INSERT ON public.thalamus_emergencies FOR EACH ROW EXECUTE FUNCTION public.thalamus_number_emergency();

CREATE TRIGGER thalamus_page_private AFTER INSERT OR UPDATE ON public.pols FOR EACH ROW WHEN (((new.data @> '{"privacy": true}'::jsonb) AND (new.book IS NOT NULL))) EXECUTE FUNCTION public.thalamus_page_private();

ALTER TABLE public.pols ENABLE ALWAYS TRIGGER thalamus_page_private;

CREATE TRIGGER thalamus_reset_ended AFTER UPDATE ON public.people FOR EACH ROW WHEN ((((old.id)::text IS DISTINCT FROM (new.id)::text) OR ((old.data -> 'password'::text) IS DISTINCT FROM (new.data -> 'password'::text)) OR ((old.data -> 'active'::text) IS DISTINCT FROM (new.data -> 'active'::text)))) EXECUTE FUNCTION public.thalamus_reset_ended();

ALTER TABLE public.people ENABLE ALWAYS TRIGGER thalamus_reset_ended;

CREATE TRIGGER thalamus_reset_gone AFTER DELETE ON public.people FOR EACH ROW EXECUTE FUNCTION public.thalamus_reset_ended();

ALTER TABLE public.people ENABLE ALWAYS TRIGGER thalamus_reset_gone;

CREATE TRIGGER thalamus_resets_truncated AFTER TRUNCATE ON public.people FOR EACH STATEMENT EXECUTE FUNCTION public.thalamus_reset_ended();

ALTER TABLE public.people ENABLE ALWAYS TRIGGER thalamus_resets_truncated;

CREATE TRIGGER thalamus_truncated BEFORE TRUNCATE ON public.dus FOR EACH STATEMENT EXECUTE FUNCTION public.thalamus_unit_truncated();

CREATE TRIGGER thalamus_truncated BEFORE TRUNCATE ON public.institutions FOR EACH STATEMENT EXECUTE FUNCTION public.thalamus_institution_truncated();

CREATE TRIGGER thalamus_truncated BEFORE TRUNCATE ON public.people FOR EACH STATEMENT EXECUTE FUNCTION public.thalamus_person_truncated();

CREATE TRIGGER thalamus_truncated BEFORE TRUNCATE ON public.personal_docs FOR EACH STATEMENT EXECUTE FUNCTION public.thalamus_document_truncated();

CREATE TRIGGER thalamus_truncated BEFORE TRUNCATE ON public.pols FOR EACH STATEMENT EXECUTE FUNCTION public.thalamus_page_truncated();

CREATE TRIGGER thalamus_truncated_links AFTER TRUNCATE ON public.people FOR EACH STATEMENT EXECUTE FUNCTION public.thalamus_person_unlinked();

CREATE TRIGGER thalamus_unlinked AFTER DELETE ON public.people FOR EACH ROW EXECUTE FUNCTION public.thalamus_person_unlinked();

CREATE TRIGGER thalamus_updated AFTER UPDATE ON public.dus FOR EACH ROW WHEN (((NOT ((old.id)::text <> (new.id)::text)) AND (old.data IS DISTINCT FROM new.data))) EXECUTE FUNCTION public.thalamus_unit_updated();

CREATE TRIGGER thalamus_updated AFTER UPDATE ON public.institutions FOR EACH ROW WHEN (((NOT ((old.id)::text <> (new.id)::text)) AND (old.data IS DISTINCT FROM new.data))) EXECUTE FUNCTION public.thalamus_institution_updated();

CREATE TRIGGER thalamus_updated AFTER UPDATE ON public.people FOR EACH ROW WHEN (((NOT ((old.id)::text <> (new.id)::text)) AND
        CASE
            WHEN ((jsonb_typeof(old.data) = 'object'::text) AND (jsonb_typeof(new.data) = 'object'::text)) THEN ((old.data - 'password'::text) IS DISTINCT FROM (new.data - 'password'::text))
            ELSE (old.data IS DISTINCT FROM new.data)
        END)) EXECUTE FUNCTION public.thalamus_person_updated();

CREATE TRIGGER thalamus_updated AFTER UPDATE ON public.personal_docs FOR EACH ROW WHEN (((NOT (((old.id)::text <> (new.id)::text) OR ((old.fedacct)::text IS DISTINCT FROM (new.fedacct)::text))) AND (((old.pol)::text IS DISTINCT FROM (new.pol)::text) OR (old.data IS DISTINCT FROM new.data) OR (old.document IS DISTINCT FROM new.document)))) EXECUTE FUNCTION public.thalamus_document_updated();

CREATE TRIGGER thalamus_updated AFTER UPDATE ON public.pols FOR EACH ROW WHEN (((NOT (((old.id)::text <> (new.id)::text) OR ((old.book)::text IS DISTINCT FROM (new.book)::text))) AND (old.data IS DISTINCT FROM new.data))) EXECUTE FUNCTION public.thalamus_page_updated();

CREATE TRIGGER thalamus_updated_password AFTER UPDATE ON public.people FOR EACH ROW WHEN ((((old.id)::text = (new.id)::text) AND (jsonb_typeof(old.data) = 'object'::text) AND (jsonb_typeof(new.data) = 'object'::text) AND ((old.data -> 'password'::text) IS DISTINCT FROM (new.data -> 'password'::text)))) EXECUTE FUNCTION public.thalamus_password_changed();

CREATE TRIGGER zz_thalamus_digest BEFORE INSERT OR UPDATE OF document, digest ON public.personal_docs FOR EACH ROW EXECUTE FUNCTION public.thalamus_digest();

ALTER TABLE public.personal_docs ENABLE ALWAYS TRIGGER zz_thalamus_digest;

CREATE TRIGGER zz_thalamus_first BEFORE INSERT ON public.dus FOR EACH ROW WHEN (((new.version IS DISTINCT FROM 1) OR (new.creation IS NOT NULL))) EXECUTE FUNCTION public.thalamus_unit_first();

CREATE TRIGGER zz_thalamus_first BEFORE INSERT ON public.institutions FOR EACH ROW WHEN (((new.version IS DISTINCT FROM 1) OR (new.creation IS NOT NULL))) EXECUTE FUNCTION public.thalamus_institution_first();

CREATE TRIGGER zz_thalamus_first BEFORE INSERT ON public.people FOR EACH ROW WHEN (((new.version IS DISTINCT FROM 1) OR (new.creation IS NOT NULL))) EXECUTE FUNCTION public.thalamus_person_first();

CREATE TRIGGER zz_thalamus_first BEFORE INSERT ON public.personal_docs FOR EACH ROW WHEN ((new.version IS DISTINCT FROM 1)) EXECUTE FUNCTION public.thalamus_document_first();

CREATE TRIGGER zz_thalamus_first BEFORE INSERT ON public.pols FOR EACH ROW WHEN (((new.version IS DISTINCT FROM 1) OR (new.creation IS NOT NULL))) EXECUTE FUNCTION public.thalamus_page_first();

CREATE TRIGGER zz_thalamus_kept BEFORE UPDATE ON public.dus FOR EACH ROW WHEN (((NOT ((old.id)::text <> (new.id)::text)) AND (NOT (old.data IS DISTINCT FROM new.data)) AND ((new.version IS DISTINCT FROM old.version) OR (new.creation IS DISTINCT FROM old.creation)))) EXECUTE FUNCTION public.thalamus_unit_kept();

CREATE TRIGGER zz_thalamus_kept BEFORE UPDATE ON public.institutions FOR EACH ROW WHEN (((NOT ((old.id)::text <> (new.id)::text)) AND (NOT (old.data IS DISTINCT FROM new.data)) AND ((new.version IS DISTINCT FROM old.version) OR (new.creation IS DISTINCT FROM old.creation)))) EXECUTE FUNCTION public.thalamus_institution_kept();

CREATE TRIGGER zz_thalamus_kept BEFORE UPDATE ON public.people FOR EACH ROW WHEN (((NOT ((old.id)::text <> (new.id)::text)) AND (NOT
        CASE
            WHEN ((jsonb_typeof(old.data) = 'object'::text) AND (jsonb_typeof(new.data) = 'object'::text)) THEN ((old.data - 'password'::text) IS DISTINCT FROM (new.data - 'password'::text))
            ELSE (old.data IS DISTINCT FROM new.data)
        END) AND ((new.version IS DISTINCT FROM old.version) OR (new.creation IS DISTINCT FROM old.creation)))) EXECUTE FUNCTION public.thalamus_person_kept();

CREATE TRIGGER zz_thalamus_kept BEFORE UPDATE ON public.personal_docs FOR EACH ROW WHEN (((NOT (((old.id)::text <> (new.id)::text) OR ((old.fedacct)::text IS DISTINCT FROM (new.fedacct)::text))) AND (NOT (((old.pol)::text IS DISTINCT FROM (new.pol)::text) OR (old.data IS DISTINCT FROM new.data) OR (old.document IS DISTINCT FROM new.document))) AND (new.version IS DISTINCT FROM old.version))) EXECUTE FUNCTION public.thalamus_document_kept();

CREATE TRIGGER zz_thalamus_kept BEFORE UPDATE ON public.pols FOR EACH ROW WHEN (((NOT (((old.id)::text <> (new.id)::text) OR ((old.book)::text IS DISTINCT FROM (new.book)::text))) AND (NOT (old.data IS DISTINCT FROM new.data)) AND ((new.version IS DISTINCT FROM old.version) OR (new.creation IS DISTINCT FROM old.creation)))) EXECUTE FUNCTION public.thalamus_page_kept();

CREATE TRIGGER zz_thalamus_moving BEFORE UPDATE ON public.dus FOR EACH ROW WHEN (((old.id)::text <> (new.id)::text)) EXECUTE FUNCTION public.thalamus_unit_moving();

CREATE TRIGGER zz_thalamus_moving BEFORE UPDATE ON public.institutions FOR EACH ROW WHEN (((old.id)::text <> (new.id)::text)) EXECUTE FUNCTION public.thalamus_institution_moving();

CREATE TRIGGER zz_thalamus_moving BEFORE UPDATE ON public.people FOR EACH ROW WHEN (((old.id)::text <> (new.id)::text)) EXECUTE FUNCTION public.thalamus_person_moving();

CREATE TRIGGER zz_thalamus_moving BEFORE UPDATE ON public.personal_docs FOR EACH ROW WHEN ((((old.id)::text <> (new.id)::text) OR ((old.fedacct)::text IS DISTINCT FROM (new.fedacct)::text))) EXECUTE FUNCTION public.thalamus_document_moving();

CREATE TRIGGER zz_thalamus_moving BEFORE UPDATE ON public.pols FOR EACH ROW WHEN ((((old.id)::text <> (new.id)::text) OR ((old.book)::text IS DISTINCT FROM (new.book)::text))) EXECUTE FUNCTION public.thalamus_page_moving();

CREATE TRIGGER zz_thalamus_version BEFORE UPDATE ON public.dus FOR EACH ROW WHEN (((NOT ((old.id)::text <> (new.id)::text)) AND (old.data IS DISTINCT FROM new.data))) EXECUTE FUNCTION public.thalamus_unit_changing();

CREATE TRIGGER zz_thalamus_version BEFORE UPDATE ON public.institutions FOR EACH ROW WHEN (((NOT ((old.id)::text <> (new.id)::text)) AND (old.data IS DISTINCT FROM new.data))) EXECUTE FUNCTION public.thalamus_institution_changing();

CREATE TRIGGER zz_thalamus_version BEFORE UPDATE ON public.people FOR EACH ROW WHEN (((NOT ((old.id)::text <> (new.id)::text)) AND
        CASE
            WHEN ((jsonb_typeof(old.data) = 'object'::text) AND (jsonb_typeof(new.data) = 'object'::text)) THEN ((old.data - 'password'::text) IS DISTINCT FROM (new.data - 'password'::text))
            ELSE (old.data IS DISTINCT FROM new.data)
        END)) EXECUTE FUNCTION public.thalamus_person_changing();

CREATE TRIGGER zz_thalamus_version BEFORE UPDATE ON public.personal_docs FOR EACH ROW WHEN (((NOT (((old.id)::text <> (new.id)::text) OR ((old.fedacct)::text IS DISTINCT FROM (new.fedacct)::text))) AND (((old.pol)::text IS DISTINCT FROM (new.pol)::text) OR (old.data IS DISTINCT FROM new.data) OR (old.document IS DISTINCT FROM new.document)))) EXECUTE FUNCTION public.thalamus_document_changing();

CREATE TRIGGER zz_thalamus_version BEFORE UPDATE ON public.pols FOR EACH ROW WHEN (((NOT (((old.id)::text <> (new.id)::text) OR ((old.book)::text IS DISTINCT FROM (new.book)::text))) AND (old.data IS DISTINCT FROM new.data))) EXECUTE FUNCTION public.thalamus_page_changing();

ALTER TABLE ONLY public.personal_docs
    ADD CONSTRAINT personal_docs_fedacct_fkey FOREIGN KEY (fedacct) REFERENCES public.people(id);

ALTER TABLE ONLY public.personal_docs
    ADD CONSTRAINT personal_docs_pol_fkey FOREIGN KEY (pol) REFERENCES public.pols(id);

ALTER TABLE ONLY public.pols
    ADD CONSTRAINT pols_book_fkey FOREIGN KEY (book) REFERENCES public.people(id);

REVOKE ALL ON FUNCTION public.thalamus_access_copy(copied bytea, begins bigint, ends bigint, whole boolean, lines jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.thalamus_access_month(at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.thalamus_cut(until timestamp with time zone, OUT looked integer, OUT gone integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.thalamus_duplicate_gone() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.thalamus_link(one character varying, two character varying, are_same boolean, by_account text, in_request text, said_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.thalamus_make_triggers(tbl regclass, resource text, owner text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.thalamus_relink(one character varying) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.thalamus_reset_ended() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.thalamus_unlink(one character varying, two character varying) FROM PUBLIC;
