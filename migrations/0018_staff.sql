-- thalamus_staff has those who hold other roles than everybody's: few among all persons, so that a list
-- of them reads nobody else.
CREATE INDEX thalamus_staff ON people (id)
	WHERE COALESCE(NULLIF(data -> 'roles', 'null'), '[]') NOT IN ('[]', '["end_user"]');
