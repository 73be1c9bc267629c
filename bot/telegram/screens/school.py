"""The MIP check (ux.md T7, S1 to S11): one question a message, no name, the same rules as the web."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.front.office import act
from bot.mip_text import (
    as_text,
    change_sentence,
    footer,
    heading,
    is_for_parent,
    next_route,
    outcome_says,
    reasons,
    safety_lines,
)
from bot.telegram.buttons import press
from bot.telegram.caller import Caller, Flow, Told, told
from bot.telegram.markup import Block, bold, escape, line, split
from bot.telegram.parts import Part, Parts, Say
from bot.telegram.screens.pressed import Press
from bot.telegram.steps import asks, new_flow, number_of, page_of, stepped
from bot.web.senco.answers import read_carried
from handoff.database import reading
from handoff.saved_checks import DAYS, new_code, save_check, saved_check
from knowledge.rules.asking import answered, choose, chosen, next_question, pages, without
from knowledge.rules.decide import Verdict, decide
from knowledge.rules.judge import judge
from knowledge.rules.table import Answers, Outcome, Question, Table, table_on

router = Router(name="school")
RESULT, CHANGE, SAVE = "result", "change", "save"


@router.message(Command("school"))
def school(message: Message, command: CommandObject, caller: Caller) -> Told:
    """The check from its beginning, or where it was put down under a code."""
    code = (command.args or "").strip()[:40]
    if not code or not caller.house.pack.mip:
        return begin(caller)
    with reading(caller.house.front.office.engine) as session:
        found = saved_check(session, caller.house.desk, code)
    if found is None:
        return told(caller.screen(caller.html("saved_none", days=str(DAYS))))
    carried = read_carried(_table(caller), parse_qsl(found), _today(caller))
    return show(caller, new_flow(caller, "school", {"answers": dict(carried.answers)}))


@router.callback_query(Press("school"))
def pressed_school(query: CallbackQuery, caller: Caller) -> Told:
    """The check from its beginning."""
    return begin(caller)


def begin(caller: Caller) -> Told:
    """What the check does, and its first question."""
    if not caller.house.pack.mip:
        return told(caller.screen(caller.html("tg_no_check")))
    table = _table(caller)
    words = table.words
    lead = "\n".join([bold(words["title"]), *(escape(words[key]) for key in ("start", "ready", "view"))])
    first = show(caller, new_flow(caller, "school", {"answers": dict(read_carried(table, (), _today(caller)).answers)}))
    return Told((Say(f"{lead}\n{caller.html('tg_no_names')}"), *_as_new(first.parts)), first.flow, keep=False)


def show(caller: Caller, flow: Flow, before: tuple[Part, ...] = ()) -> Told:
    """The question to answer now, or what was answered, to be checked."""
    table, answers = _table(caller), flow.data["answers"]
    if flow.data.get("mode") == CHANGE:
        return _change(caller, flow, table, answers)
    question = _question(table, flow)
    if question is None:
        return _check(caller, flow, table, answers, before)
    every = [one for page in pages(table, answers) for one in page.questions]
    done = sum(answered(one, answers) for one in every if one.id != question.id)
    about = caller.html("tg_question_of", number=str(done + 1), about=str(max(done + 1, len(every))))
    hint = [escape(question.hint)] if question.hint else []
    text = "\n".join([about, bold(question.label), *hint])
    labels = tuple(choice.label for choice in question.choices)
    more = ((caller.plain("tg_save"), SAVE),) if done > 0 else ()
    return asks(caller, flow, text, labels, more=more, page=flow.data.get("page", 0), before=before, back=done > 0)


def answer(caller: Caller, flow: Flow, given: str) -> Told:
    """A choice, the result, another answer to change, or a code to come back with."""
    table, answers = _table(caller), flow.data["answers"]
    page = page_of(given)
    if page is not None:
        return show(caller, stepped(caller, flow, {**flow.data, "page": page}))
    if given == SAVE:
        return _saved(caller, flow)
    if flow.data.get("mode") == CHANGE:
        asked = _asked(table, answers)
        at = number_of(given, len(asked))
        now = {} if at is None else {"now": asked[at].id}
        return show(caller, stepped(caller, flow, {"answers": answers, **now}))
    question = _question(table, flow)
    return _checked(caller, flow, table, given) if question is None else _chosen(caller, flow, table, question, given)


def back(caller: Caller, flow: Flow) -> Told:
    """The question before, asked again."""
    table, answers = _table(caller), flow.data["answers"]
    if flow.data.get("mode") == CHANGE or flow.data.get("now"):
        return show(caller, stepped(caller, flow, {"answers": answers}))
    asked = _asked(table, answers)
    answers = without(answers, asked[-1]) if asked else answers
    return show(caller, stepped(caller, flow, {"answers": answers}))


def result_parts(caller: Caller, verdict: Verdict) -> Parts:
    """The view with its working, as on the web; each rule in full is on the page behind "Open on the web"."""
    pack, today = caller.house.pack, _today(caller)
    blocks = _for_parent(verdict, caller) if is_for_parent(verdict) else _for_school(verdict, caller)
    texts = split([*blocks, line(escape(footer(verdict, pack, today)))])
    again = ((press(caller.plain("tg_school_again"), "school"), caller.person()),)
    rows = (*again, *caller.way_back("school"))
    return tuple(Say(text, rows if at == len(texts) else ()) for at, text in enumerate(texts, 1))


def _for_parent(verdict: Verdict, caller: Caller) -> list[Block]:
    first, *rest = as_text(verdict, caller.house.pack, _today(caller)).split("\n\n")
    return [line(bold(first)), *(Block(tuple(map(escape, part.split("\n"))), "\n") for part in rest)]


def _for_school(verdict: Verdict, caller: Caller) -> list[Block]:
    pack, today = caller.house.pack, _today(caller)
    change = change_sentence(verdict)
    safety = [safety_lines(pack, parent=False)] if verdict.once_safe is not None else []
    listed = [
        ("why", reasons(verdict)),
        ("next", [next_route(verdict, pack, today)]),
        ("change", [change] if change else []),
        ("missing", [verdict.say(text) for text in verdict.missing]),
        ("ask", [verdict.say(text) for text in verdict.questions]),
        ("evidence", list(verdict.table.evidence) if verdict.outcome is not Outcome.NOT_ELIGIBLE else []),
    ]
    return [
        *(Block(tuple(map(escape, text.split("\n"))), "\n") for text in safety),
        line(f"{bold(heading(verdict))}\n{escape(outcome_says(verdict))}\n{escape(verdict.word('view'))}"),
        *(
            Block((bold(verdict.word(title)), *(f"• {escape(text)}" for text in lines)), "\n")
            for title, lines in listed
            if lines
        ),
        line(escape(f"{verdict.word('not_a_route')} {verdict.word('disagree')}")),
    ]


def _chosen(caller: Caller, flow: Flow, table: Table, question: Question, given: str) -> Told:
    at = number_of(given, len(question.choices))
    if at is None:
        return show(caller, flow)
    answers = choose(flow.data["answers"], question, question.choices[at])
    moved = stepped(caller, flow, {"answers": answers})
    return show(caller, moved, _safety(caller, table, question, answers))


def _checked(caller: Caller, flow: Flow, table: Table, given: str) -> Told:
    answers = flow.data["answers"]
    if given == CHANGE:
        return show(caller, stepped(caller, flow, {"answers": answers, "mode": CHANGE}))
    return _result(caller, table, answers) if given == RESULT else show(caller, flow)


def _result(caller: Caller, table: Table, answers: Answers) -> Told:
    verdict = decide(table, answers)
    # The answers stay with the conversation, so that "Open on the web" shows the same result.
    kept = new_flow(caller, "school", {"answers": dict(answers), "done": True})
    return Told(result_parts(caller, verdict), kept, keep=False)


def _check(caller: Caller, flow: Flow, table: Table, answers: Answers, before: tuple[Part, ...]) -> Told:
    given = [
        f"{at}. {escape(question.label)} {bold(choice.label)}"
        for at, question in enumerate(_asked(table, answers), 1)
        if (choice := chosen(question, answers))
    ]
    text = "\n".join([bold(caller.plain("tg_check_answers")), caller.html("tg_nothing_sent"), *given])
    more = ((caller.plain("tg_see_result"), RESULT), (caller.plain("tg_change_answer"), CHANGE))
    return asks(caller, flow, text, (), more=more, before=before)


def _change(caller: Caller, flow: Flow, table: Table, answers: Answers) -> Told:
    labels = tuple(one.label for one in _asked(table, answers))
    return asks(caller, flow, bold(caller.plain("tg_which_answer")), labels, page=flow.data.get("page", 0))


def _saved(caller: Caller, flow: Flow) -> Told:
    """A code is made anew at each press; one press is one code, however often the update comes."""
    desk = caller.house.desk
    code = flow.data.get("code") or new_code(desk)
    kept = urlencode(flow.data["answers"])
    if not flow.data.get("code"):
        act(caller.house.front.office, lambda session: save_check(session, desk, kept, code))
    text = caller.html("tg_saved", code=code, days=str(DAYS))
    carry = ((press(caller.plain("tg_carry_on"), "carry", flow.id),), *caller.way_back("school"))
    return Told((Say(text, carry),), flow, keep=True)


def _safety(caller: Caller, table: Table, question: Question, answers: Answers) -> tuple[Part, ...]:
    """Who to ring, the moment somebody says that a child may not be safe."""
    judged = judge(table, answers)
    about = any(key in one.row.keys for one in judged.decisive for key in question.keys)
    if judged.once_safe is None or not about:
        return ()
    return (Say(escape(safety_lines(caller.house.pack, parent=answers.get("asker") == "parent"))),)


def _question(table: Table, flow: Flow) -> Question | None:
    """The question that is open: the one to be changed, or the next."""
    every = [one for page in pages(table, flow.data["answers"]) for one in page.questions]
    now = next((one for one in every if one.id == flow.data.get("now")), None)
    return now or next_question(table, flow.data["answers"])


def _asked(table: Table, answers: Answers) -> list[Question]:
    return [one for page in pages(table, answers) for one in page.questions if answered(one, answers)]


def _as_new(parts: Parts) -> Parts:
    """The screens as new messages: they stand below what was said before them."""
    return tuple(Say(part.text, part.rows) if part.kind == "edit" else part for part in parts)


def _table(caller: Caller) -> Table:
    return table_on(caller.house.pack.mip, _today(caller))


def _today(caller: Caller) -> Any:
    return caller.house.front.office.assistant.engine.today()
