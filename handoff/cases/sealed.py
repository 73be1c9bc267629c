"""Where a case's sealed words are kept: what each is bound to, so that it opens in no other place."""

SUMMARY = "case.sealed_summary"
SHARED = "case.sealed_shared"
CONTACT = "case.sealed_contact"
