"""`askwell demo telegram`: a chat on the terminal, without a token."""

from __future__ import annotations

from small_surgeries import Surgeries

from bot.front_desk import FrontDesk
from bot.settings import Settings
from bot.telegram_demo import chatting


def test_a_chat_on_the_terminal_asks_presses_by_number_and_ends_at_an_empty_line(
    council: FrontDesk, surgeries: Surgeries
) -> None:
    surgeries.session("feltham")
    typed = iter(["/start", "2", "What is an EHC plan?", "", "never read"])
    shown: list[str] = []
    with chatting(council, Settings()) as terminal:
        terminal.talk(lambda: next(typed), shown.append)
        assert len(terminal.human.state.presses) == 1
    start, pressed, answer = shown
    assert "[1] Ask a question\n  [2] Book a SEND Surgery" in start
    assert "Which date?" in pressed and pressed.rstrip().endswith("Open on the web")
    assert "education, health and care plan" in answer and "Where this comes from" in answer
    assert next(typed) == "never read"


def test_a_number_without_such_a_button_is_a_message(council: FrontDesk) -> None:
    with chatting(council, Settings()) as terminal:
        terminal.send("/start")
        assert "[1]" in terminal.news()
        terminal.send("99")
        assert terminal.news() and terminal.human.state.presses == {}
