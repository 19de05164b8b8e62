-- The last sign-in of an account outlives its session, so that the next session tells what is new
-- since then. A position of the feed says what was known: changes come into the feed when they are
-- committed, however long ago they were made.
CREATE TABLE thalamus_visit (
	account varchar PRIMARY KEY,
	at timestamptz NOT NULL,
	position bigint NOT NULL -- the end of the feed at that time
);

-- The visit before the one that a session is; NULL: that is the first.
ALTER TABLE thalamus_session ADD COLUMN visited timestamptz, ADD COLUMN known bigint;
