-- thalamus_followers has the accounts that follow the changes of everybody, as servers note it now and then:
-- how far each has read, and when it did so last.
CREATE TABLE thalamus_followers (
	account varchar PRIMARY KEY,
	position bigint NOT NULL, -- of the feed, the furthest that it has come to
	read timestamptz NOT NULL
);
