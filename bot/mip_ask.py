"""The MIP check asked question by question on a terminal. What is read and written is passed in, so tests can play."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum, auto

from bot.mip_text import safety_lines
from knowledge.pack import Pack
from knowledge.rules.asking import answered, choose, chosen, next_question, pages, without
from knowledge.rules.given import read_value
from knowledge.rules.judge import judge
from knowledge.rules.table import Answers, Choice, Question, Table

# A line of what was typed, or none at the end of input; and how a line is shown.
Read = Callable[[], str | None]
Tell = Callable[[str], None]


class Move(Enum):
    """What a person may do besides answering."""

    BACK = auto()
    DONE = auto()


def ask_all(table: Table, pack: Pack, today: date, read: Read, tell: Tell) -> dict[str, str] | None:
    """The answers to every question that matters, checked by the person; none when the input ends first."""
    # The day of the check is known: it is today.
    answers = {"date": read_value(table.inputs["date"], today)} if "date" in table.inputs else {}
    asked: list[Question] = []
    tell(f"{table.words['title']}\n{table.words['start']}\n{table.words['ready']}\n{table.words['view']}")
    tell("Write the number of your answer, or b to go back.\n")
    while True:
        wanted = next_question(table, answers) or _check(asked, answers, read, tell)
        if wanted is None:
            return None
        if wanted is Move.DONE:
            return answers
        reply = _ask(table, wanted, answers, read, tell) if isinstance(wanted, Question) else Move.BACK
        if reply is None:
            return None
        if isinstance(wanted, Question) and isinstance(reply, Choice):
            answers = choose(answers, wanted, reply)
            asked = [*(one for one in asked if one.id != wanted.id), wanted]
            _safety(table, pack, wanted, answers, tell)
        elif asked and not (isinstance(wanted, Question) and answered(wanted, answers)):
            # Back from an answer that was about to be changed leaves it as it was.
            answers = without(answers, asked.pop())


def _ask(table: Table, question: Question, answers: Answers, read: Read, tell: Tell) -> Choice | Move | None:
    """The choice made, or back, or none when the input ends. Asks again until it is one of them."""
    every = [one for page in pages(table, answers) for one in page.questions]
    done = sum(answered(one, answers) for one in every if one.id != question.id)
    choices = [f"  {number}. {choice.label}" for number, choice in enumerate(question.choices, start=1)]
    hint = [question.hint] if question.hint else []
    tell("\n".join([f"Question {done + 1} of about {len(every)}", question.label, *hint, *choices]))
    while True:
        typed = read()
        if typed is None:
            return None
        words = typed.strip().casefold()
        if words in ("b", "back"):
            return Move.BACK
        for number, choice in enumerate(question.choices, start=1):
            if words in (str(number), choice.label.casefold()):
                return choice
        tell(f"Write a number from 1 to {len(question.choices)}, or b to go back.")


def _check(asked: list[Question], answers: Answers, read: Read, tell: Tell) -> Question | Move | None:
    """Done, back, the question to answer again, or none when the input ends."""
    given = [(question, chosen(question, answers)) for question in asked]
    lines = [f"  {n}. {question.label} {choice.label}" for n, (question, choice) in enumerate(given, start=1) if choice]
    tell("\n".join(["Check your answers. Nothing has been sent.", *lines]))
    tell("Press Enter to see the result, or write a number to change that answer.")
    while True:
        typed = read()
        if typed is None:
            return None
        words = typed.strip().casefold()
        if not words:
            return Move.DONE
        if words in ("b", "back"):
            return Move.BACK
        if words in {str(number) for number in range(1, len(asked) + 1)}:
            return asked[int(words) - 1]
        tell(f"Press Enter to see the result, or write a number from 1 to {len(asked)}.")


def _safety(table: Table, pack: Pack, question: Question, answers: Answers, tell: Tell) -> None:
    """Who to ring, the moment someone says a child may not be safe."""
    judged = judge(table, answers)
    if judged.once_safe is not None and any(key in one.row.keys for one in judged.decisive for key in question.keys):
        tell("\n" + safety_lines(pack, parent=answers.get("asker") == "parent") + "\n")
