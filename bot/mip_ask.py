"""The MIP check asked question by question on a terminal. What is read and written is passed in, so tests can play."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.mip_text import safety_lines
from knowledge.pack import Pack
from knowledge.rules.asking import answered, choose, chosen, next_question, pages, without
from knowledge.rules.given import read_value
from knowledge.rules.judge import judge
from knowledge.rules.table import Answers, Question, Table

# A line of what was typed, or none at the end of input; and how a line is shown.
Read = Callable[[], str | None]
Tell = Callable[[str], None]
BACK = ("b", "back")


def ask_all(table: Table, pack: Pack, today: date, read: Read, tell: Tell) -> dict[str, str] | None:
    """The answers to every question that matters, checked by the person; none when the input ends first."""
    answers = _start(table, today)
    tell(f"{table.words['title']}\n{table.words['start']}\n{table.words['ready']}\n{table.words['view']}")
    tell("Write the number of your answer, or b to go back.\n")
    asked: list[Question] = []
    while True:
        question = next_question(table, answers)
        if question is None:
            again = _check(asked, answers, read, tell)
            if again is None:
                return None
            if again == "done":
                return answers
            question = asked[int(again) - 1]
        typed = _ask(table, question, answers, read, tell)
        if typed is None:
            return None
        if typed == "back":
            answers = without(answers, asked.pop()) if asked else answers
            continue
        answers = choose(answers, question, question.choices[int(typed) - 1])
        asked = [*(one for one in asked if one.id != question.id), question]
        _safety(table, pack, question, answers, tell)


def _start(table: Table, today: date) -> dict[str, str]:
    """The day of the check is known: it is today."""
    return {"date": read_value(table.inputs["date"], today)} if "date" in table.inputs else {}


def _ask(table: Table, question: Question, answers: Answers, read: Read, tell: Tell) -> str | None:
    """The number of a choice, `back`, or none when the input ends. Asks again until it is one of them."""
    open_now = sum(not answered(one, answers) for page in pages(table, answers) for one in page.questions)
    done = sum(answered(one, answers) for one in table.questions.values())
    about = f"Question {done + 1} of about {done + max(open_now, 1)}"
    choices = [f"  {number}. {choice.label}" for number, choice in enumerate(question.choices, start=1)]
    tell("\n".join([about, question.label, *([question.hint] if question.hint else []), *choices]))
    while True:
        typed = read()
        if typed is None:
            return None
        meant = _meant(question, typed)
        if meant:
            return meant
        tell(f"Write a number from 1 to {len(question.choices)}, or b to go back.")


def _meant(question: Question, typed: str) -> str | None:
    words = typed.strip().casefold()
    if words in BACK:
        return "back"
    for number, choice in enumerate(question.choices, start=1):
        if words in (str(number), choice.label.casefold()):
            return str(number)
    return None


def _check(asked: list[Question], answers: Answers, read: Read, tell: Tell) -> str | None:
    """`done`, `back`, the number of an answer to change, or none when the input ends."""
    given = [(question, chosen(question, answers)) for question in asked]
    lines = [f"  {n}. {question.label} {choice.label}" for n, (question, choice) in enumerate(given, start=1) if choice]
    tell("\n".join(["Check your answers. Nothing has been sent.", *lines]))
    tell("Press Enter to see the result, or write a number to change that answer.")
    while True:
        typed = read()
        words = "" if typed is None else typed.strip().casefold()
        if typed is None:
            return None
        if not words:
            return "done"
        if words in BACK:
            return str(len(asked))
        if words.isdecimal() and 1 <= int(words) <= len(asked):
            return words
        tell(f"Press Enter to see the result, or write a number from 1 to {len(asked)}.")


def _safety(table: Table, pack: Pack, question: Question, answers: Answers, tell: Tell) -> None:
    """Who to ring, the moment someone says a child may not be safe."""
    judged = judge(table, answers)
    if judged.once_safe is not None and set(question.keys) & {key for one in judged.decisive for key in one.row.keys}:
        tell("\n" + safety_lines(pack, parent=answers.get("asker") == "parent") + "\n")
