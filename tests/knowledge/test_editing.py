"""Changes to a pack's files: what was changed is there, and every other character is as it was."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from knowledge.editing import EditError, section_text, with_fields, with_new_section, with_phrasing, with_section
from knowledge.pack import PACKS, load_pack
from knowledge.reading import read_article

ARTICLE = """---
id: clubs
title: Clubs
audience: [family]
topics: [clubs]
queue: clubs
---

## Ages {#ages}

```yaml
asked_as:
  - how old
```

From 8. [clubs]

## Costs {#costs}

```yaml
asked_as: [price, cost]
```

It is free. [clubs]
"""
SOURCES = """# A comment.
sources:
  clubs:
    url: https://littleham.example/clubs
    checked:
    title: "Clubs"   # kept

  fares:
    title: Fares
"""


def test_one_section_is_changed_and_the_rest_is_as_it_was() -> None:
    changed = with_section(ARTICLE, "ages", section_text(ARTICLE, "ages").replace("From 8", "From 7"))
    assert changed == ARTICLE.replace("From 8", "From 7")
    last = with_section(ARTICLE, "costs", section_text(ARTICLE, "costs").replace("free", "£2"))
    assert last == ARTICLE.replace("free", "£2")


def test_a_section_without_its_anchor_or_with_two_headings_is_refused() -> None:
    for text in ("## Ages {#age}\n\nx", "## Ages\n\nx", "x", "## A {#ages}\n\nx\n\n## B {#b}\n\ny"):
        with pytest.raises(EditError):
            with_section(ARTICLE, "ages", text)
    with pytest.raises(EditError, match="no section"):
        section_text(ARTICLE, "nowhere")
    with pytest.raises(EditError, match="taken"):
        with_new_section(ARTICLE, "## Again {#ages}\n\nx")


def test_a_new_section_and_a_new_way_of_asking_are_read_back() -> None:
    more = with_new_section(ARTICLE, "## Days {#days}\n\nOn Mondays. [clubs]")
    for anchor in ("ages", "costs"):
        more = with_phrasing(more, anchor, 'is my "son": too young?')
    article, problems = read_article(more, "clubs.md")
    assert article and problems == [] and [one.anchor for one in article.sections] == ["ages", "costs", "days"]
    assert article.sections[0].asked_as == ('is my "son": too young?', "how old")
    assert article.sections[1].asked_as == ("price", "cost", 'is my "son": too young?')


def test_fields_of_a_row_are_set_and_comments_stay() -> None:
    changed = with_fields(SOURCES, "clubs", {"checked": date(2026, 11, 26), "checked_by": "Priya: 'editor'"})
    read = yaml.safe_load(changed)["sources"]
    assert read["clubs"]["checked"] == date(2026, 11, 26) and read["clubs"]["checked_by"] == "Priya: 'editor'"
    assert "# A comment." in changed and "# kept" in changed and read["fares"] == {"title": "Fares"}
    assert with_fields(changed, "fares", {"owner": "x"}).endswith('    owner: "x"\n')
    with pytest.raises(EditError):
        with_fields(SOURCES, "nothing", {"a": "b"})


def test_every_section_and_source_of_the_hounslow_pack_can_be_taken_out_and_put_back() -> None:
    pack = load_pack(PACKS / "hounslow")
    for article in pack.articles.values():
        text = (pack.folder / article.path).read_text("utf-8")
        for section in article.sections:
            assert with_section(text, section.anchor, section_text(text, section.anchor)) == text
    sources = (pack.folder / "sources.yaml").read_text("utf-8")
    for number, id in enumerate(pack.sources):
        changed = with_fields(sources, id, {"checked_by": "x"})
        assert changed.count("\n") - sources.count("\n") == 1
        # Reading all of it takes a while: a few stand for all.
        if number % 20 == 0:
            assert yaml.safe_load(changed)["sources"][id]["checked_by"] == "x"
