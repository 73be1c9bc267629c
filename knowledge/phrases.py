"""Every sentence the product says in its own voice, by language. English stands in where one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.problems import Problem
from knowledge.yaml_files import read_mapping


@dataclass(frozen=True)
class Language:
    """A language the product speaks. `checked` is true once a speaker has read its phrases.

    `phrases` are said by every channel and are there in every language; `pages` are the words of the web pages and of
    the chat's screens alone.
    """

    code: str
    own_name: str
    direction: str
    checked: bool
    phrases: Mapping[str, str]
    pages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Phrases:
    """The phrases of every language the pack speaks."""

    languages: Mapping[str, Language]

    def say(self, key: str, language: str = "en", **values: str) -> str:
        """The phrase `key` in `language`, or in English; raises `KeyError` when neither has it."""
        spoken = self.languages.get(language)
        text = spoken.phrases.get(key) if spoken else None
        if text is None:
            text = self.languages["en"].phrases[key]
        return filled(text, values)

    def on_page(self, key: str, language: str = "en") -> tuple[str, str]:
        """The words `key` of a web page, and the language they are in: English where `language` has none.

        Raises `KeyError` when neither has them.
        """
        for code in (language, "en"):
            spoken = self.languages.get(code)
            text = (spoken.pages.get(key) or spoken.phrases.get(key)) if spoken else None
            if text is not None:
                return text, code
        raise KeyError(key)

    def direction(self, language: str) -> str:
        """`rtl` or `ltr`."""
        return self.languages[language].direction if language in self.languages else "ltr"


@dataclass(frozen=True)
class Voice:
    """What is said to one person, on a page or in a message: words by key, in their language, or else in English."""

    phrases: Phrases
    language: str = "en"

    def __call__(self, key: str, **values: object) -> str:
        """The words `key`, filled in. Raises `KeyError` when there are none in English either."""
        return filled(self.phrases.on_page(key, self.language)[0], values)


def filled(text: str, values: Mapping[str, object]) -> str:
    """`text` with each `{name}` replaced by its value."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def read_phrases(folder: Path, codes: tuple[str, ...]) -> tuple[Phrases, list[Problem]]:
    """The pack's phrases for `codes`, and what is wrong with them."""
    languages, problems = {}, []
    for code in codes:
        name = f"phrases/{code}.yaml"
        given, faults = read_mapping(folder, name)
        problems += faults
        said = given.get("phrases")
        if not isinstance(said, dict):
            if not faults:
                problems.append(Problem(name, 1, "this file has no phrases"))
            continue
        pages, faults = _read_pages(folder, code)
        problems += faults
        languages[code] = Language(
            code=code,
            own_name=str(given.get("own_name", code)),
            direction="rtl" if given.get("direction") == "rtl" else "ltr",
            checked=given.get("checked") is True or given.get("checked") == "yes",
            phrases={str(key): str(text) for key, text in said.items()},
            pages=pages,
        )
    return Phrases(languages), problems


def _read_pages(folder: Path, code: str) -> tuple[dict[str, str], list[Problem]]:
    """The words of the web pages in one language, from `phrases/pages/*`; none where nobody has written them yet."""
    pages: dict[str, str] = {}
    problems: list[Problem] = []
    for file in sorted((folder / "phrases" / "pages").glob(f"{code}.*")):
        given, faults = read_mapping(folder, f"phrases/pages/{file.name}")
        problems += faults
        pages |= {str(key): str(text) for key, text in given.items()}
    return pages, problems
