-- A person has seen that the own book was opened in an emergency, and is told of it no more.
ALTER TABLE thalamus_emergencies ADD COLUMN acknowledged timestamptz; -- NULL: not yet
