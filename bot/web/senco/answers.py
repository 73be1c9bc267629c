"""Answers to a check as a page's address carries them: codes alone, no words, no name. Nothing is kept here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from knowledge.rules.asking import answered, choose, pages
from knowledge.rules.given import read_value
from knowledge.rules.table import UNKNOWN, Page, Table

# What stays when a SENCO goes on to the next child.
SETTING = ("asker", "setting", "setting_in_hounslow", "date")
MOST_CHILDREN = 30


@dataclass(frozen=True)
class Carried:
    """The answers so far, and those of children checked before in the same sitting."""

    answers: Mapping[str, str]
    before: tuple[str, ...] = ()

    @property
    def fields(self) -> list[tuple[str, str]]:
        """As hidden fields, or a query."""
        return [*self.answers.items(), *(("child", one) for one in self.before)]

    @property
    def query(self) -> str:
        return urlencode(self.fields)

    def of_next_child(self) -> Carried:
        """The setting kept, this child put with those before."""
        kept = {key: value for key, value in self.answers.items() if key in SETTING}
        return Carried(kept, (*self.before, urlencode(list(self.answers.items())))[-MOST_CHILDREN:])


def read_carried(table: Table, fields: Iterable[tuple[str, str]], today: date) -> Carried:
    """What an address carries; what the table does not know is left out."""
    given = list(fields)
    before = tuple(value for key, value in given if key == "child")[-MOST_CHILDREN:]
    answers = {key: value for key, value in given if _fits(table, key, value)}
    if "date" in table.inputs and "date" not in answers:
        # The day of the check is known: it is today.
        answers["date"] = read_value(table.inputs["date"], today)
    return Carried(answers, before)


def read_child(table: Table, text: str) -> dict[str, str]:
    """The answers of a child checked before."""
    return {key: value for key, value in parse_qsl(text[:2000]) if _fits(table, key, value)}


def answer_page(
    table: Table, page: Page, carried: Carried, picked: Mapping[str, str]
) -> tuple[Carried, tuple[str, ...]]:
    """The answers with what was picked on `page` (a choice's number for each question), and the questions left open."""
    answers, left = dict(carried.answers), []
    for question in page.questions:
        number = picked.get(question.id, "")
        if number.isdecimal() and len(number) < 3 and int(number) < len(question.choices):
            answers = choose(answers, question, question.choices[int(number)])
        else:
            left.append(question.id)
    return Carried(answers, carried.before), tuple(left)


def answered_pages(table: Table, carried: Carried) -> list[Page]:
    """The pages answered so far, in order: the rows of "check your answers"."""
    return [
        page for page in pages(table, carried.answers) if all(answered(one, carried.answers) for one in page.questions)
    ]


def _fits(table: Table, key: str, value: str) -> bool:
    return key in table.inputs and (value == UNKNOWN or value in table.inputs[key].values)
