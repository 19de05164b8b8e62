-- Persons are found by the words of their names. people.words has them in one spelling, under an
-- index; thalamus_name_words has each of them once, so that a misspelt word leads to those that
-- exist. Generated columns are right for whoever writes, without a trigger, and a change of
-- anything but the names need not touch the index.

-- thalamus_fold gives the words of a text with single spaces between them: without accents, in
-- lower case, the same whatever the locale. Only functions are used that never change, and code
-- points are written out, because an index stands on the result.
CREATE FUNCTION thalamus_fold(t text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
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

-- thalamus_runs says whether a folded word is a run of Han, kana or Hangul. There are no spaces
-- between its words, so that it is looked up by its characters and pairs of them.
CREATE FUNCTION thalamus_runs(word text) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
	SELECT pg_catalog.ascii(word) >= 4352 AND word OPERATOR(pg_catalog.~)
		'^[\u1100-\u11FF\u2E80-\u2FDF\u3005-\u3007\u3040-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7FF\U00020000-\U0003FFFF]'
$$;

-- thalamus_words gives the words of a person's name and lastname. Of a very long name the
-- beginning counts; what is no text has no words.
CREATE FUNCTION thalamus_words(data jsonb) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
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

-- thalamus_birth gives the birth date as a number, 19901004; what is not known of it is zero:
-- 19901000, 19900000. NULL when there is none that can be read.
CREATE FUNCTION thalamus_birth(data jsonb) RETURNS int
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
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

ALTER TABLE people
	ADD COLUMN words text[] COLLATE "C" GENERATED ALWAYS AS (thalamus_words(data)) STORED,
	ADD COLUMN birth int GENERATED ALWAYS AS (thalamus_birth(data)) STORED;

-- Every search reads the list of what the index has not taken in yet: it is kept short.
CREATE INDEX thalamus_people_words ON people USING gin (words) WITH (fastupdate = on, gin_pending_list_limit = 512);
CREATE INDEX thalamus_people_birth ON people (birth);

-- thalamus_near gives what a word leaves when up to two of its first letters are left out, of a
-- short word one. Two words that are an error or two apart have one of these in common; so have
-- some that are not.
CREATE FUNCTION thalamus_near(word text) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
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

-- Words that nobody has any more stay, and do no harm.
CREATE TABLE thalamus_name_words (
	word text COLLATE "C" PRIMARY KEY
);

CREATE TABLE thalamus_learned (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	position bigint NOT NULL -- of thalamus_feed
);

-- thalamus_teach takes the words of some persons into thalamus_name_words. Words of one or two
-- letters and runs are always looked up as they are.
CREATE FUNCTION thalamus_teach(persons varchar[]) RETURNS void
	LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
	INSERT INTO thalamus_name_words (word)
	SELECT DISTINCT words.word FROM people, unnest(people.words) AS words (word)
	WHERE people.id = ANY (persons) AND length(words.word) > 2 AND NOT thalamus_runs(words.word)
		AND NOT EXISTS (SELECT FROM thalamus_name_words AS known WHERE known.word = words.word)
	ORDER BY words.word
	ON CONFLICT DO NOTHING
$$;

-- thalamus_learn does so for persons who changed since it was called last, some thousands at once,
-- and says whether there may be more. It reads the feed, so that no writer of persons waits.
CREATE FUNCTION thalamus_learn() RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
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
		FROM (SELECT position, seq FROM thalamus_feed WHERE position > (SELECT position FROM thalamus_learned)
			ORDER BY position LIMIT most) AS f
		LEFT JOIN thalamus_changes AS c ON c.seq = f.seq;
	IF looked = 0 OR current_setting('transaction_read_only') = 'on' THEN
		RETURN false;
	END IF;
	PERFORM thalamus_teach(persons);
	UPDATE thalamus_learned SET position = ended;
	RETURN looked = most;
END
$$;

-- Who is there already.
INSERT INTO thalamus_name_words (word)
	SELECT DISTINCT words.word FROM people, unnest(people.words) AS words (word) WHERE length(words.word) > 2 AND NOT thalamus_runs(words.word);
INSERT INTO thalamus_learned (position) SELECT position FROM thalamus_feed_state;
CREATE INDEX thalamus_name_words_near ON thalamus_name_words USING gin (thalamus_near(word));
ANALYZE thalamus_name_words;
