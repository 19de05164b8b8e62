-- What an account has read, for those who ask whether somebody was curious. On a large index of the access
-- record this takes minutes; nothing waits for it but the copying of new lines, which catches up.
CREATE INDEX thalamus_access_account ON thalamus_access (account, time, seq);
