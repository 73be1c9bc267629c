"""What a template may ask of the page it is on: words, addresses, dates, its language, its form's token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup, escape
from starlette.requests import Request

from bot.front.failing import fallback_queue
from bot.messages import UNTAGGED, Citation, Outcome, Reply, may_have_helped
from bot.plain import dates_of
from bot.web import static
from bot.web.cookies import session_of
from bot.web.places import place_of
from bot.web.security import PANEL, in_panel
from bot.web.site import Site, site_of
from bot.web.tokens import make_token
from bot.web.transcript import Turn
from handoff.models import Lacking
from knowledge.dates_in_words import clock_words, date_words, day_words, local_day, long_moment_words
from knowledge.pack import Pack
from knowledge.phrases import Language, Voice, filled
from knowledge.working_hours import opens_next

_NUMBER = re.compile(r"(?<![\w.])0\d[\d ]{7,12}\d(?!\w)")


def unbroken(text: str) -> Markup:
    """`text`, escaped, with phone numbers kept on one line and from left to right, also inside right-to-left text."""
    return Markup(_NUMBER.sub(lambda found: f'<bdi class="number">{found[0]}</bdi>', str(escape(text))))  # noqa: S704


def to_ring(text: str) -> Markup:
    """`text`, a number and perhaps a colon, as something to press on a telephone. Five digits are a code for texts."""
    digits = re.sub(r"\D", "", text)
    how = "sms" if len(digits) == 5 else "tel"
    if not digits or not re.fullmatch(r"[\d ]+:?", text):
        return Markup("<strong>{}</strong>").format(unbroken(text))
    return Markup('<a class="ring" href="{}:{}"><bdi class="number">{}</bdi></a>').format(how, digits, text)


class Tag(NamedTuple):
    """How complete an answer is: the look of the card, the words, and whether every language has them."""

    look: str
    key: str = ""
    spoken: bool = False
    english: bool = False


class Step(NamedTuple):
    """One thing to do next."""

    key: str
    path: str


class Option(NamedTuple):
    """One thing to choose: what the form sends, and the words."""

    value: str
    key: str


TAGS = {
    Outcome.ANSWER: Tag("full", "full_answer", spoken=True),
    Outcome.ELIGIBILITY: Tag("full", "full_answer", spoken=True),
    Outcome.CONFLICT: Tag("conflict", "tag_conflict"),
    Outcome.CLARIFY: Tag("ask", "tag_clarify"),
    Outcome.ABSTAIN: Tag("none", "not_found_tag", spoken=True),
    Outcome.OUT_OF_AREA: Tag("none", "tag_other"),
    Outcome.SAFEGUARD: Tag("urgent", "tag_urgent"),
    Outcome.HANDOFF: Tag("person-card", "tag_person"),
    Outcome.BOOKING: Tag("person-card", "tag_person"),
}
# What a form sends for "None of these".
NONE = "none of these"


@dataclass(frozen=True)
class View:
    """One page, in one language, in a frame or not."""

    site: Site
    language: str
    frame: str
    nonce: str
    token: str
    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def pack(self) -> Pack:
        return self.site.pack

    @property
    def direction(self) -> str:
        return self.pack.phrases.direction(self.language)

    @property
    def own_name(self) -> str:
        return self.pack.phrases.languages[self.language].own_name

    @property
    def translated(self) -> bool:
        """Whether what the page says was translated and nobody who speaks the language has checked it."""
        return not self.pack.phrases.languages[self.language].checked

    @property
    def languages(self) -> tuple[Language, ...]:
        return tuple(self.pack.phrases.languages.values())

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(self.site.policy.frame_hosts)

    @property
    def none(self) -> str:
        return NONE

    @property
    def emergency(self) -> str:
        return self.pack.contacts["emergency"].phone or "999"

    @property
    def raised_exit(self) -> bool:
        return self.site.settings.raise_exit

    def t(self, key: str, **values: object) -> Markup:
        """The words `key`, escaped, marked as English where the page's language has none of its own."""
        text, code = self.pack.phrases.on_page(key, self.language)
        said = unbroken(filled(text, values))
        return said if code == self.language else Markup('<span lang="en" dir="ltr">{}</span>').format(said)

    def plain(self, key: str, **values: object) -> str:
        """The words `key`, for a title or an attribute."""
        return self.voice(key, **values)

    @property
    def voice(self) -> Voice:
        """Words in the page's language."""
        return self.saying(self.language)

    def to(self, path: str, **query: object) -> str:
        """The address of another page of ours: in the same frame, in the same language."""
        path, _, fragment = path.partition("#")
        asked = {key: str(value) for key, value in query.items()}
        if self.language != "en" and "lang" not in asked:
            asked["lang"] = self.language
        put = f"?{urlencode(asked)}" if asked else ""
        return f"{self.frame}{path}{put}" + (f"#{fragment}" if fragment else "")

    def here(self, language: str) -> str:
        """This page in another language."""
        kept = {key: value for key, value in self.query if key != "lang"}
        return f"{self.path}?{urlencode({**kept, 'lang': language})}"

    def static(self, name: str) -> str:
        return static.address(name)

    def new_id(self) -> str:
        return self.site.new_id()

    def marked(self, language: str) -> Markup:
        """The attributes of words in `language`."""
        direction = self.pack.phrases.direction(language)
        return Markup('lang="{}" dir="{}"').format(language, direction)

    def spoken_as(self, key: str) -> Markup:
        """The attributes of words such as `key`: those of English while the page's language has none of its own."""
        return self.marked(self.pack.phrases.on_page(key, self.language)[1])

    def saying(self, language: str) -> Voice:
        """Phrases in the language of one reply."""
        return Voice(self.pack.phrases, language)

    def dates_of(self, citation: Citation, say: Voice) -> list[str]:
        return dates_of(citation, say)

    def place_of(self, citation: Citation) -> str | None:
        return place_of(self.pack, citation)

    def moment(self, at: datetime) -> str:
        """A moment as people here, or where the page's language is spoken, write it."""
        return long_moment_words(at, self.language)

    def day(self, at: datetime) -> str:
        """`Tuesday 8 December 2026`."""
        return day_words(local_day(at), self.language)

    def date(self, day: date) -> str:
        """A day without its weekday: `8 December 2026`."""
        return date_words(day, self.language)

    def tag(self, reply: Reply) -> Tag:
        """What the card says about how much of the question it answers."""
        if reply.status in UNTAGGED or reply.status.startswith("clarifying_"):
            return Tag("none")
        if reply.status == "answered_in_part":
            return Tag("part", "part_answer", spoken=True)
        tag = TAGS[reply.outcome]
        return tag._replace(english=bool(reply.section))

    def asks_back(self, turn: Turn, reply: Reply) -> bool:
        """Whether to ask if this answer helped: only where somebody reads what is said, and there was an answer."""
        return turn.asks_back and bool(turn.message_id) and may_have_helped(reply)

    @property
    def lackings(self) -> tuple[Option, ...]:
        """What may have been wrong with an answer."""
        return tuple(Option(word.value, f"lacking_{word.value}") for word in Lacking if word is not Lacking.NOT_SAID)

    @property
    def may_mail(self) -> bool:
        """Whether an answer can be sent by email."""
        return bool(self.site.settings.smtp_url or self.site.settings.log_letters)

    @property
    def opens(self) -> Markup:
        """When people reply again, while the team that takes any question is closed; empty while it is open."""
        queue = self.site.desk.queues[fallback_queue(self.site.desk)]
        at = opens_next(queue.hours, self.site.now())
        return (
            Markup("")
            if at is None
            else self.t("people_reply_again", time=clock_words(at, self.language), day=self.day(at))
        )

    def next_steps(self, turn: Turn, reply: Reply) -> tuple[Step, ...]:
        """At most three things to do next; a person is always one of them."""
        person = Step("next_person", self.to("/person", line=turn.number))
        if reply.outcome is Outcome.SAFEGUARD:
            return (person,)
        if reply.outcome is Outcome.BOOKING:
            return (Step("next_booking", self.to("/booking")), person, Step("next_more", "#question"))
        return (person, Step("next_more", "#question"))


def view_of(request: Request, language: str | None = None, session: str | None = None) -> View:
    """The view of the page this request asks for; `session` is one that the answer gives the browser."""
    site = site_of(request)
    given = (language or request.query_params.get("lang") or "en").lower()[:16]
    return View(
        site=site,
        language=given if given in site.pack.phrases.languages else "en",
        frame=PANEL if in_panel(request.url.path) else "",
        nonce=request.state.nonce,
        token=make_token(site.sign, session or session_of(request), site.now()),
        path=request.url.path,
        query=tuple((key, value) for key, value in request.query_params.items()),
    )
