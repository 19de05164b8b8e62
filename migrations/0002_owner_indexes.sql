-- A book and its documents are found by their owner, and deleting looks for what still refers.

CREATE INDEX thalamus_pols_book ON pols (book);
CREATE INDEX thalamus_personal_docs_fedacct ON personal_docs (fedacct);
CREATE INDEX thalamus_personal_docs_pol ON personal_docs (pol);
