"""Why a page or file was not read, in words: what is kept of it is a code."""

from __future__ import annotations

WORDS = {
    "bomb": "it unpacks to far more than a document holds",
    "coding": "its server packs it in a way that cannot be unpacked",
    "crashed": "it ended the process that reads files",
    "damaged": "it is damaged",
    "downgrade": "it leads from a safe address to one that is not",
    "empty": "there are no words in it",
    "entities": "it defines words of its own, as no document needs to",
    "gone": "the page is not there any more",
    "host": "its host is not spelt as one",
    "locked": "it opens with a password alone",
    "macros": "there are macros in it",
    "nested": "there is another file in it",
    "no_answer": "its server gave no answer",
    "not_listed": "its site is not on the list",
    "old_office": "it is an Office file of before 2007",
    "private": "it leads inside a network",
    "robots": "its site asks machines to stay away",
    "scheme": "it is no web page",
    "spelling": "its address is not spelt as one",
    "too_big": "it is too large",
    "too_long": "it takes too long to read",
    "too_many_hops": "it leads from page to page without an end",
    "too_much": "it takes more of the machine than a document needs",
    "too_slow": "its server takes too long to send it",
    "traversal": "names in it lead out of it",
    "unknown_host": "its site is not found",
    "unreadable": "it cannot be read",
    "user": "there is a name or a password in its address",
    "wrong_type": "it is not what it says it is",
}


def said(fault: str) -> str:
    """The code in words; one that is not known here, such as the number a server gave, as it is."""
    return WORDS.get(fault, fault.replace("_", " "))
