"""From one Markdown file to an `Article`. The format is described in this room's README."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.article import Article, Block, Choice, Claim, EasyWords, Kind, Section
from knowledge.problems import Problem
from knowledge.yaml_files import parse_mapping, strings

FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
ANCHOR = re.compile(r"^(?P<heading>.+?)\s*\{#(?P<anchor>[a-z0-9-]+)\}$")
MARK = re.compile(r"\s*\[([a-z0-9][a-z0-9-]*(?:,\s*[a-z0-9][a-z0-9-]*)*)\](?!\()")
EASY = "Easy words"
# Only blocks are wanted: what stands inside one is read as it was written.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("inline")


def read_claims(text: str, line: int) -> tuple[Claim, ...]:
    """Cut `text` at its source marks. Text after the last mark is a claim with no source."""
    claims, start = [], 0
    for mark in MARK.finditer(text):
        said = text[start : mark.start()].strip()
        if said:
            claims.append(Claim(said, tuple(re.split(r",\s*", mark[1])), line))
        start = mark.end()
    rest = text[start:].strip()
    if rest:
        claims.append(Claim(rest, (), line))
    return tuple(claims)


@dataclass
class _Draft:
    """A section while its tokens are being read."""

    heading: str
    anchor: str
    line: int
    settings: dict[str, Any] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    easy: list[Block] = field(default_factory=list)
    easy_line: int = 0

    def take(self, block: Block) -> None:
        """Add a paragraph or an item: to the section, or, below its `### Easy words`, to those."""
        (self.easy if self.easy_line else self.blocks).append(block)


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def fault(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.path, line, message))

    def article(self, text: str) -> Article | None:
        found = FRONT_MATTER.match(text)
        if not found:
            self.fault(1, "this article has no front matter: start it with --- , its settings, and ---")
            return None
        front, problems = parse_mapping(found[1], self.path, offset=1)
        self.problems += problems
        for name in ("id", "title", "audience", "topics", "queue"):
            if not front.get(name):
                self.fault(1, f"the front matter has no {name}")
        offset = text[: found.end()].count("\n")
        audience = self.names(front, "audience", 1)
        drafts = self.drafts(text[found.end() :], offset)
        if not drafts:
            self.fault(offset + 1, "this article has no section: start one with ## and a heading")
        article_id = str(front.get("id", ""))
        return Article(
            id=article_id,
            title=str(front.get("title", "")),
            audience=audience,
            topics=self.names(front, "topics", 1),
            queue=str(front.get("queue", "")),
            phase=str(front.get("phase") or ""),
            path=self.path,
            sections=tuple(self.section(draft, article_id, audience, str(front.get("queue", ""))) for draft in drafts),
        )

    def names(self, settings: dict[str, Any], name: str, line: int) -> tuple[str, ...]:
        value = strings(settings.get(name))
        if value is None:
            self.fault(line, f"{name} has an entry that is not plain text: put it in quotes")
            return ()
        return value

    def drafts(self, text: str, offset: int) -> list[_Draft]:
        drafts: list[_Draft] = []
        in_item = False
        tokens = MARKDOWN.parse(text)
        for index, token in enumerate(tokens):
            line = offset + (token.map[0] + 1 if token.map else 1)
            if token.type == "heading_open" and token.tag == "h3":
                self.easy_heading(drafts, tokens[index + 1], line)
            elif token.type == "heading_open":
                drafts.append(self.heading(tokens[index + 1], line))
            elif token.type in ("list_item_open", "list_item_close"):
                in_item = token.type == "list_item_open"
            elif not drafts and token.type in ("fence", "paragraph_open"):
                self.fault(line, "this text stands before the first ## heading, so no answer can show it")
            elif token.type == "fence" and drafts:
                self.settings(drafts[-1], token, line)
            elif token.type == "inline" and drafts and tokens[index - 1].type == "paragraph_open":
                words = " ".join(token.content.split())
                drafts[-1].take(Block(read_claims(words, line), is_item=in_item))
        return drafts

    def heading(self, inline: Token, line: int) -> _Draft:
        found = ANCHOR.match(inline.content.strip())
        if not found:
            self.fault(line, "this heading has no anchor: end it with {#short-name}")
            return _Draft(inline.content.strip(), f"line-{line}", line)
        return _Draft(found["heading"], found["anchor"], line)

    def easy_heading(self, drafts: list[_Draft], inline: Token, line: int) -> None:
        if inline.content.strip() != EASY or not drafts or drafts[-1].easy_line:
            self.fault(line, f"the only ### heading is ### {EASY}, once, at the end of a section")
            return
        drafts[-1].easy_line = line

    def settings(self, draft: _Draft, token: Token, line: int) -> None:
        if token.info.strip() != "yaml" or draft.settings or draft.blocks or draft.easy_line:
            self.fault(line, "only one yaml block may stand in a section, right under its heading")
            return
        draft.settings, problems = parse_mapping(token.content, self.path, offset=line)
        self.problems += problems

    def section(self, draft: _Draft, article_id: str, audience: tuple[str, ...], queue: str) -> Section:
        given, line = draft.settings, draft.line
        return Section(
            article_id=article_id,
            anchor=draft.anchor,
            heading=draft.heading,
            blocks=tuple(draft.blocks),
            asked_as=self.names(given, "asked_as", line),
            kind=self.kind(given.get("kind"), line),
            audience=self.names(given, "audience", line) or audience,
            queue=str(given.get("queue") or queue),
            facts=self.names(given, "facts", line),
            conditions=self.claims(given, "conditions", line),
            steps=self.claims(given, "steps", line),
            choices=self.choices(given.get("choices"), line),
            conflict=given.get("conflict"),
            line=line,
            easy=self.easy(draft),
        )

    def easy(self, draft: _Draft) -> EasyWords | None:
        day, who = draft.settings.get("easy_checked"), draft.settings.get("easy_checked_by")
        if (day or who) and not draft.easy_line:
            self.fault(draft.line, f"easy_checked is for a section with ### {EASY}")
        if not draft.easy_line:
            return None
        if bool(day) != bool(who) or (day and type(day) is not date):
            self.fault(draft.line, "easy_checked is the day, easy_checked_by who compared the two: both, or neither")
            day, who = None, None
        return EasyWords(tuple(draft.easy), draft.easy_line, str(who) if who else None, day or None)

    def claims(self, given: dict[str, Any], name: str, line: int) -> tuple[Claim, ...]:
        return tuple(claim for text in self.names(given, name, line) for claim in read_claims(text, line))

    def kind(self, value: object, line: int) -> Kind:
        try:
            return Kind(str(value or "answer"))
        except ValueError:
            self.fault(line, f"kind {value!r} is not one of {', '.join(Kind)}")
            return Kind.ANSWER

    def choices(self, value: object, line: int) -> tuple[Choice, ...]:
        rows = value if isinstance(value, list) else []
        if value is not None and not isinstance(value, list):
            self.fault(line, "choices must be a list of label and section")
        good = [row for row in rows if isinstance(row, dict) and row.get("label") and row.get("section")]
        if len(good) != len(rows):
            self.fault(line, "each choice needs a label and a section (article-id#anchor)")
        return tuple(Choice(str(row["label"]), str(row["section"])) for row in good)


def read_article(text: str, path: str) -> tuple[Article | None, list[Problem]]:
    """The article in `text`, and what is wrong with it. `path` is only used to name the file."""
    reader = _Reader(path)
    article = reader.article(text)
    return article, reader.problems
