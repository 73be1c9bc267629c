"""Search in the AP Directory: the providers' passages in the same index, with the same ranking, as the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.directory.provider import Provider, passage_of
from knowledge.directory.store import Directory
from retrieval.index import Index, build_index
from retrieval.search import Encoders, search
from retrieval.spelling import Speller

MOST = 50
# Providers further below the best than this share of its score have little to do with the words.
NEAR = 0.35


@dataclass(frozen=True)
class DirectorySearch:
    """The providers, indexed. Made anew when a file is imported; a hundred take a second or two."""

    providers: tuple[Provider, ...]
    index: Index
    encoders: Encoders

    def find(self, words: str, among: Sequence[Provider], speller: Speller | None = None) -> tuple[Provider, ...]:
        """Those of `among` that `words` are about, best first; all of them, by name, when nothing is asked."""
        if not words.strip():
            return tuple(sorted(among, key=lambda provider: provider.name.lower()))
        asked = speller.repair(words) if speller else words
        also = speller.expand(asked) if speller else ""
        allowed = {provider.id: provider for provider in among}
        hidden = [row for row, id in enumerate(self.index.ids) if id not in allowed]
        results = search(self.index, self.encoders, asked, also=also, leave_out=hidden, limit=MOST)
        hits = [hit for hit in results.hits if any(score > 0 for score in hit.found_by.values())]
        if not hits:
            return ()
        least = hits[0].score * NEAR if hits[0].score > 0 else hits[0].score
        return tuple(allowed[hit.passage.id] for hit in hits if hit.score >= least)


@lru_cache(maxsize=4)
def search_of(directory: Directory, encoders: Encoders) -> DirectorySearch:
    """The search of a directory as it is kept, made once."""
    return directory_search(directory.providers, encoders)


def directory_search(providers: Sequence[Provider], encoders: Encoders) -> DirectorySearch:
    """An index of `providers` by words, and by meaning when an English encoder is loaded."""
    index = build_index([passage_of(provider) for provider in providers], encoders.english)
    return DirectorySearch(tuple(providers), index, encoders)
