"""Amina asks, follows up, asks for a person, reads the reply and forgets: with no script, by keyboard, and with a reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from real_server import served
from seeing import WIDE, without_script
from web_states import AGES, World, little_app, priya_replies, world_of

WATCH = """() => {
  window.said = []; window.focused = [];
  new MutationObserver(() => { const t = document.querySelector("#chat-status").textContent; if (t) window.said.push(t); })
    .observe(document.querySelector("#chat-status"), { childList: true, characterData: true, subtree: true });
  document.addEventListener("focusin", (event) => window.focused.push(event.target.id));
}"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        app = little_app(tmp_path_factory.mktemp("journeys"))
        app.state.site.arrivals.seconds = 0.1
        address = stack.enter_context(served(app))
        yield stack.enter_context(world_of(app, address))


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(**WIDE)
    yield context.new_page()
    context.close()


def test_with_no_script_all_the_way(browser: Any, world: World):
    context = browser.new_context(java_script_enabled=False, **WIDE)
    page = context.new_page()
    page.goto(world.address)
    page.fill("#question", AGES)
    page.click("#ask button.main")
    assert "aged 8 to 12" in page.inner_text("li.card") and page.url.endswith("#a1")
    page.fill("#question", "and what does it cost")
    page.click("#ask button.main")
    assert page.locator("li.asked").count() == 2
    page.click("a.person")
    page.check("input[name=queue][value=clubs]")
    page.fill("#message", "Please tell me the price.")
    page.click("button[value=check]")
    assert "Clubs replies by" in page.inner_text("main")
    page.click("button[value=send]")
    assert "We have your message" in page.inner_text(".panel")
    priya_replies(world.app, "It is free this year. Priya")
    page.click("text=Open the page of your request")
    assert "It is free this year. Priya" in page.inner_text(".officer")
    page.goto(world.address)
    assert "It is free this year. Priya" in page.inner_text("li.officer")
    page.fill("#question", "/forget")
    page.click("#ask button.main")
    page.fill("#question", "erase")
    page.click("#ask button.main")
    assert "Your receipt is" in page.inner_text("main") and "free this year" not in page.inner_text("main")
    context.close()


def to(page: Any, id: str, presses: int = 60) -> None:
    """Tab until the element with this id has the focus."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        if (
            page.evaluate(
                "document.activeElement.type === 'radio' || !document.activeElement.id ? document.activeElement.value || '' : document.activeElement.id"
            )
            == id
        ):
            return
    raise AssertionError(f"{id} cannot be reached by Tab")


def test_by_keyboard_alone_all_the_way(page: Any, world: World):
    page.goto(world.address)
    to(page, "question")
    page.keyboard.type(AGES)
    page.keyboard.press("Enter")
    page.wait_for_selector("#a1:focus")
    to(page, "question")
    page.keyboard.type("child fare on the 65 bus")
    page.keyboard.press("Enter")
    page.wait_for_selector("#a2:focus")
    page.goto(f"{world.address}/person")
    to(page, "local_offer")
    page.keyboard.press("ArrowUp")
    assert page.locator("input[name=queue][value=clubs]").is_checked()
    to(page, "check", 80)
    page.keyboard.press("Enter")
    page.wait_for_selector("dl.check")
    to(page, "send")
    page.keyboard.press("Enter")
    page.wait_for_selector(".ref")
    page.goto(f"{world.address}/forget")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Yes, delete it":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Your data is deleted")


def test_one_status_and_one_focus_move_an_answer(page: Any, world: World):
    page.goto(world.address)
    page.fill("#question", AGES)
    page.evaluate(WATCH)
    page.click("#ask button.main")
    page.wait_for_selector("#a1:focus")
    page.wait_for_timeout(400)
    said = page.evaluate("window.said")
    assert said[0] == "Question sent" and said[-1] == "Answer 1 is ready, 1 sources" and len(set(said)) == 2
    assert [id for id in page.evaluate("window.focused") if id.startswith("a")] == ["a1"]
    assert page.input_value("#question") == ""


def test_nothing_is_said_and_no_focus_moves_while_somebody_types(page: Any, world: World):
    page.goto(world.address)
    page.fill("#question", "")
    page.evaluate(WATCH)
    page.keyboard.type("a long question of mine", delay=5)
    assert page.evaluate("window.said") == [] and set(page.evaluate("window.focused")) <= {"question"}
    page.route(
        "**/",
        lambda route: (
            (page.wait_for_timeout(300), route.continue_())[1] if route.request.method == "POST" else route.continue_()
        ),
    )
    page.click("#ask button.main")
    page.evaluate("() => { const box = document.querySelector('#question'); box.readOnly = false; box.focus(); }")
    page.keyboard.type(" and more")
    page.wait_for_selector("li.card")
    page.wait_for_timeout(500)
    assert page.evaluate("document.activeElement.id") == "question"
    assert "and more" in page.input_value("#question")


def test_the_draft_is_kept_through_a_reload_and_through_a_failure(page: Any, world: World):
    page.goto(world.address)
    page.locator("#question").press_sequentially("my words")
    page.reload()
    assert page.input_value("#question") == "my words"
    page.route("**/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.click("#ask button.main")
    page.wait_for_selector("#problem")
    assert page.input_value("#question") == "my words" and page.evaluate("document.activeElement.id") == "problem"
    assert "Talk to a person" in page.inner_text("#problem") and page.title().startswith("There is a problem")


def test_after_twenty_seconds_with_no_answer_a_card_says_so_and_the_words_stay(page: Any, world: World):
    page.clock.install()
    page.goto(world.address)
    page.route("**/", lambda route: None if route.request.method == "POST" else route.continue_())
    page.fill("#question", "my words")
    page.click("#ask button.main")
    page.clock.run_for(4500)
    assert page.inner_text("#wait-card") == "Still looking" and page.inner_text("#chat-status") == "Still looking"
    page.clock.run_for(16000)
    page.wait_for_selector("#problem")
    assert page.input_value("#question") == "my words" and page.locator("#wait-card").count() == 0


def test_the_officers_reply_arrives_on_the_open_page_and_on_a_press_when_news_fail(browser: Any, world: World):
    for news in (True, False):
        context = browser.new_context(**WIDE)
        if not news:
            context.route("**/events", lambda route: route.abort())
        page = context.new_page()
        page.goto(world.address)
        page.fill("#question", AGES)
        page.click("#ask button.main")
        page.wait_for_selector("li.card")
        page.goto(f"{world.address}/person")
        page.check("input[name=queue][value=clubs]")
        page.click("button[value=check]")
        page.click("button[value=send]")
        page.wait_for_selector(".ref")
        page.goto(world.address)
        page.wait_for_selector("[data-refresh]")
        if news:
            page.wait_for_timeout(500)
        priya_replies(world.app, "Come on Monday. Priya")
        if not news:
            page.click("[data-refresh]")
        page.wait_for_selector("li.officer:has-text('Come on Monday. Priya')")
        assert page.inner_text("#chat-status") == "There is a reply from the council"
        context.close()


def test_the_launcher_opens_a_panel_answers_in_it_and_gives_the_focus_back(page: Any, world: World):
    page.goto(f"{world.address}/demo")
    assert page.context.cookies() == []
    go = page.get_by_role("button", name="Ask about SEND")
    assert go.get_attribute("aria-expanded") == "false" and page.locator("iframe").count() == 0
    go.click()
    panel = page.frame_locator("iframe")
    panel.locator("#question").fill(AGES)
    panel.locator("#ask button.main").click()
    panel.locator("li.card").wait_for()
    assert [cookie["name"] for cookie in page.context.cookies()] == ["askwell-panel"]
    panel.locator("#question").press("Escape")
    page.locator("#panel").wait_for(state="hidden")
    assert page.evaluate("document.querySelector('askwell-panel').shadowRoot.activeElement.className") == "go"


@pytest.mark.parametrize("size", [(600, 900), (1280, 470)])
def test_on_a_narrow_or_zoomed_screen_the_launcher_stays_a_link(browser: Any, world: World, size: tuple[int, int]):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(f"{world.address}/demo")
    assert page.locator("askwell-panel").count() == 0
    page.get_by_role("link", name="Ask about SEND").click()
    assert page.locator("#question").count() == 1
    context.close()


def test_a_host_page_that_the_script_cannot_reach_keeps_its_link(browser: Any, world: World):
    page = without_script(browser.new_context(**WIDE)).new_page()
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(f"{world.address}/demo")
    assert page.get_by_role("link", name="Ask about SEND").is_visible()
    page.context.close()


def test_leaving_shows_nothing_on_the_way_back(page: Any, world: World):
    page.context.route(
        "https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<p>weather</p>", content_type="text/html")
    )
    page.goto(world.address)
    page.fill("#question", AGES)
    page.click("#ask button.main")
    page.wait_for_selector("li.card")
    page.goto(f"{world.address}/menu")
    page.click(".leave-now")
    page.wait_for_url("https://www.bbc.co.uk/weather")
    page.go_back()
    page.go_back()
    assert "aged 8 to 12" not in page.content()
    page.goto(world.address)
    assert "You left this page" in page.content()
