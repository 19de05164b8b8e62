-- Sessions of people who have signed in with a browser. Their cookies cannot be made from these
-- rows, and no password can.
CREATE TABLE thalamus_session (
	key bytea PRIMARY KEY,                      -- SHA-256 of the secret in the cookie
	account varchar NOT NULL,
	proof bytea NOT NULL,                       -- SHA-256 of the account's stored hash; a changed one ends the session
	begun timestamptz NOT NULL DEFAULT now(),
	seen timestamptz NOT NULL DEFAULT now(),    -- the last request, to a minute
	address text NOT NULL,                      -- where the sign-in came from
	agent text NOT NULL,                        -- the browser, as it names itself
	language text NOT NULL DEFAULT '',          -- that the person chose; '': what the browser asks for
	drafted timestamptz,                        -- when a form came after the end of the session
	draft bytea                                 -- that form, sealed with a key that only the cookie gives
);

CREATE INDEX thalamus_session_account ON thalamus_session (account);
