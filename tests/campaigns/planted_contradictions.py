"""100 contradictions planted over web pages, PDF and DOCX, and the same papers without any.

`python -m tests.campaigns.planted_contradictions --full` prints how many were found, how many cards a clean corpus
gives, and how many were merged into one answer. The control compares nothing but whole sentences, and finds none.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from little_council import write_pack
from papers import pdf, web_page, word

from knowledge.disagreeing.finding import Disagreement
from knowledge.pack import Pack, load_pack
from knowledge.sources.holding import Held, as_text, path_of
from knowledge.sources.reader import Reader
from knowledge.sources.showing import contacts_in

PLACES = "harbour meadow paddock quarry lighthouse windmill viaduct cloister brewery granary".split()
THINGS = ["music club", "sensory room", "travel scheme", "transition project", "short break", "saturday group"]
THINGS += ["parents evening", "hydro pool", "toy library", "advice line"]
WRITERS: tuple[tuple[str, Callable[..., bytes]], ...] = (("html", web_page), ("pdf", pdf), ("docx", word))


@dataclass(frozen=True)
class Fact:
    """One fact in two wordings; `other` is the value that contradicts it, in the second wording."""

    kind: str
    first: str
    second: str
    value: str
    same: str
    other: str


def facts(name: str, number: int) -> list[Fact]:
    """What two pages say of one service, a fact of each kind."""
    month = ("March", "April", "June", "September", "October")[number % 5]
    numbers = {"March": 3, "April": 4, "June": 6, "September": 9, "October": 10}
    day, fee, age, places = 1 + number % 27, 3 + number % 60, 4 + number % 7, 8 + number % 20
    phone = f"01632 960{number % 900 + 100}"
    return [
        Fact("fee", f"A session at the {name} costs {{}}.", f"The {name} charges {{}} for each session.",
             f"£{fee}", f"£{fee}.00", f"£{fee + 2}.50"),
        Fact("date", f"The {name} opens again on {{}}.", f"From {{}} the {name} is open again.",
             f"{day} {month} 2026", f"{day:02d}/{numbers[month]:02d}/2026", f"{day + 1:02d}/{numbers[month]:02d}/2026"),
        Fact("age", f"The {name} is for children aged {{}}.", f"Children aged {{}} can come to the {name}.",
             f"{age} to {age + 6}", f"{age} to {age + 6}", f"{age + 1} to {age + 6}"),
        Fact("length", f"The {name} answers a request within {{}}.", f"A request to the {name} is answered within {{}}.",
             "two weeks", "14 days", "21 days"),
        Fact("phone", f"Ring the {name} on {{}}.", f"The phone number of the {name} is {{}}.",
             phone, f"+44 1632 {phone[6:]}", f"01632 961{number % 900 + 100}"),
        Fact("number", f"The {name} has {{}} places each term.", f"There are {{}} places each term at the {name}.",
             str(places), str(places), str(places + 4)),
        Fact("address", f"The {name} meets at Mill Lane, Littleham, {{}}.", f"You find the {name} in Mill Lane, Littleham, {{}}.",
             f"LT{number % 9 + 1} 4AB", f"LT{number % 9 + 1}4AB", f"LT{number % 9 + 1} 4AD"),
        Fact("name", f"The {name} is run by {{}}.", f"The {name} is provided by {{}}.",
             "Acorn Families Trust", "the Acorn Families Trust", "Bridge Youth Charity"),
    ]  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """A contradiction that was put in: its kind, and the two documents that it is between."""

    kind: str
    pages: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What a run found."""

    planted: int
    found: int
    false: int
    cards_on_clean: int
    statements: int
    merged: int


def corpus(folder: Path, count: int, every: int) -> tuple[Pack, list[Planted]]:
    """Two papers on each of `count` services in turn as page, PDF and DOCX; every `every`-th fact contradicts."""
    planted: list[Planted] = []
    manifest = "defaults: {owner: clubs, generation: G4}\n"
    write_pack(folder, **{"documents.yaml": manifest})
    turn = 0
    with Reader() as reader:
        for number in range(count):
            name = f"{PLACES[number % 10]} {THINGS[number // 10 % 10]}"
            told = facts(name, number)
            ids = (f"doc-{number:03d}-a", f"doc-{number:03d}-b")
            second = []
            for fact in told:
                turn += 1
                contradicts = bool(every) and turn % every == 0
                second.append(fact.second.format(fact.other if contradicts else fact.same))
                if contradicts:
                    planted.append(Planted(fact.kind, frozenset(ids)))
            _hold(folder, reader, ids[0], name, [one.first.format(one.value) for one in told], number)
            _hold(folder, reader, ids[1], name, second, number + 1)
    return load_pack(folder), planted


def _hold(folder: Path, reader: Reader, id: str, name: str, texts: Sequence[str], number: int) -> None:
    kind, write = WRITERS[number % 3]
    document = reader.read(write(f"About the {name}", [(f"The {name}", texts)]), f"paper.{kind}")
    url = f"https://littleham.example/{id}"
    day = date(2026, 11, 1)
    held = Held(id, document, day, date(2027, 5, 1), "clubs", "G4", "", url, allowed=_all_numbers(texts))
    file = folder / path_of(id)
    file.parent.mkdir(exist_ok=True)
    file.write_text(as_text(held), encoding="utf-8")


def _all_numbers(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text[slice(*span)] for text in texts for span, _ in contacts_in(text))


def pages_of(found: Disagreement) -> frozenset[str]:
    return frozenset(id.partition("#")[0] for id in found.sections)


def carded(pack: Pack) -> list[Disagreement]:
    """What the pack shows as a card."""
    return [one.disagreement for one in pack.found.values()]


def run(folder: Path, count: int, every: int, find: Callable[[Pack], list[Disagreement]] = carded) -> Outcome:
    """Plant, look, and look again in the same papers without any contradiction."""
    pack, planted = corpus(folder / "planted", count, every)
    found = find(pack)
    hits = [one for one in planted if any(each.kind == one.kind and pages_of(each) == one.pages for each in found)]
    known = {(one.kind, one.pages) for one in planted}
    false = [one for one in found if (one.kind, pages_of(one)) not in known]
    clean, _ = corpus(folder / "clean", count, 0)
    facts_told = sum(len(section.claims) for id, section in clean.sections.items() if id.startswith("doc-"))
    return Outcome(len(planted), len(hits), len(false), len(find(clean)), facts_told, len(merged_in(pack)))


def merged_in(pack: Pack) -> list[str]:
    """Statements of a disagreement that are still said outside the card."""
    said = []
    for found in pack.found.values():
        for one in (found.disagreement.one, found.disagreement.other):
            blocks = [block.text for block in pack.sections[one.section].blocks]
            said += [text for text in blocks if one.words.rstrip(".") in text and "Page date" not in text]
    return said


def word_for_word(pack: Pack) -> list[Disagreement]:
    """The control: sentences are the same subject only when they are the same words."""
    return [one for one in carded(pack) if replace(one.one, section="").about == one.other.words]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    given = parser.parse_args()
    count, every = (100, 8) if given.full else (10, 8)
    with tempfile.TemporaryDirectory() as folder:
        told = run(Path(folder), count, every)
    print(f"planted {told.planted}, found {told.found}, false beside them {told.false}, merged {told.merged}")
    print(f"clean corpus: {told.cards_on_clean} cards over {told.statements} statements")
    return (
        0
        if told.merged == 0 and told.found >= 0.95 * told.planted and told.cards_on_clean <= 0.02 * told.statements
        else 1
    )


if __name__ == "__main__":
    sys.exit(main())
