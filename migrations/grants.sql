GRANT SELECT, INSERT, UPDATE, DELETE ON people, pols, personal_docs, dus, institutions, thalamus_session, thalamus_visit, thalamus_reset,
    thalamus_duplicates, thalamus_followers, thalamus_statistics, thalamus_statistics_state TO thalamus;
GRANT SELECT, INSERT, UPDATE ON thalamus_consents, thalamus_emergencies TO thalamus;
GRANT SELECT ON thalamus_migrations, thalamus_changes, thalamus_feed, thalamus_feed_state, thalamus_name_words,
    thalamus_links, thalamus_access, thalamus_access_files, thalamus_private TO thalamus;
GRANT EXECUTE ON FUNCTION thalamus_link, thalamus_unlink, thalamus_access_copy TO thalamus;
GRANT EXECUTE ON FUNCTION thalamus_cut TO thalamus;      -- only for feed.retention
