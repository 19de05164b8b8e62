-- Counts of persons and pages, for those who plan a health service and may read no record. A server
-- counts now and again, so that neither a write nor a question waits for it.
CREATE TABLE thalamus_statistics (
	subject text NOT NULL, -- person or page
	institution text NOT NULL COLLATE "C", -- where the record came from; '': from none that is registered here
	month date, -- its first day; NULL: not known
	kind text NOT NULL COLLATE "C",
	count bigint NOT NULL,
	persons bigint NOT NULL -- whom the counted records are about; there may be more
);

CREATE TABLE thalamus_statistics_state (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	counted timestamptz, -- when the counts began to be made; NULL: there are none yet
	took interval NOT NULL DEFAULT '0',
	seq bigint -- of the last change that was counted
);
INSERT INTO thalamus_statistics_state DEFAULT VALUES;
