"""An article file becomes sections and claims, or says what is wrong and where."""

from knowledge.article import Kind
from knowledge.reading import read_article, read_claims

ARTICLE = """---
id: a
title: A title
audience: [family]
topics: [t]
queue: q
---

## First need {#first}

```yaml
facts: [X-1]
asked_as: [one, two, three]
conditions: ["Only in June. [p1]"]
```

One sentence. Another. [p1, p2] A third. [p3]

- an item [p1]

## Second need {#second}

```yaml
kind: unknown
asked_as: [four]
```

Not known. [askwell]
"""


def test_sections_claims_and_lines():
    article, problems = read_article(ARTICLE, "a.md")
    assert problems == []
    assert article is not None
    first, second = article.sections
    assert [claim.sources for claim in first.blocks[0].claims] == [("p1", "p2"), ("p3",)]
    assert first.blocks[0].claims[0].text == "One sentence. Another."
    assert first.blocks[1].is_item and not first.blocks[0].is_item
    assert first.conditions[0].text == "Only in June."
    assert (first.id, first.line, first.audience, first.queue) == ("a#first", 9, ("family",), "q")
    assert first.blocks[0].claims[0].line == 17
    assert second.kind is Kind.UNKNOWN


def test_text_after_the_last_mark_has_no_source():
    assert [claim.sources for claim in read_claims("Sourced. [a] Not sourced.", 1)] == [("a",), ()]


def faults(text: str) -> list[str]:
    return [str(problem) for problem in read_article(text, "a.md")[1]]


def test_no_front_matter():
    assert faults("## Hello {#h}\n") == [
        "a.md:1: this article has no front matter: start it with --- , its settings, and ---"
    ]


def test_faults_name_their_line():
    broken = ARTICLE.replace("## First need {#first}", "## First need").replace("kind: unknown", "kind: unknwon")
    said = faults(broken)
    assert any(fault.startswith("a.md:9: this heading has no anchor") for fault in said)
    assert any(fault.startswith("a.md:21: kind 'unknwon'") for fault in said)


def test_bad_yaml_names_its_line():
    said = faults(ARTICLE.replace("facts: [X-1]", "facts: [X-1"))
    assert any(fault.startswith("a.md:1") and "YAML" in fault for fault in said)


def test_a_phrasing_that_yaml_reads_as_a_mapping_is_told():
    said = faults(ARTICLE.replace("[one, two, three]", "[{when: now}, two]"))
    assert any("put it in quotes" in fault for fault in said)


def test_text_before_the_first_heading_is_told():
    said = faults(ARTICLE.replace("## First need {#first}", "Lost words. [p1]\n\n## First need {#first}"))
    assert any("before the first ## heading" in fault for fault in said)


EASY = "\n### Easy words\n\nSay it again. [p1]\n\n- An item. [p3]\n"


def test_easy_words_belong_to_their_section_and_are_no_part_of_its_text():
    with_easy = ARTICLE.replace("\n## Second need", f"{EASY}\n## Second need")
    article, problems = read_article(with_easy, "a.md")
    assert article is not None and problems == []
    first, second = article.sections
    assert first.easy is not None and second.easy is None
    assert [claim.text for claim in first.easy.claims] == ["Say it again.", "An item."]
    assert (first.easy.line, first.easy.blocks[1].is_item, first.easy.checked) == (21, True, None)
    plain, _ = read_article(ARTICLE, "a.md")
    assert plain is not None
    assert (first.text, first.claims) == (plain.sections[0].text, plain.sections[0].claims)


def test_a_check_of_easy_words_has_a_name_and_a_day():
    with_easy = ARTICLE + EASY
    named = with_easy.replace("kind: unknown", "kind: unknown\neasy_checked: 2026-11-21\neasy_checked_by: Priya Shah")
    article, problems = read_article(named, "a.md")
    assert article is not None and problems == []
    easy = article.sections[1].easy
    assert easy is not None and (easy.checked_by, str(easy.checked)) == ("Priya Shah", "2026-11-21")
    for half in ("easy_checked: 2026-11-21", "easy_checked_by: Priya", "easy_checked: yes\neasy_checked_by: Priya"):
        assert any("both, or neither" in fault for fault in faults(with_easy.replace("kind: ", f"{half}\nkind: ")))
    lone = ARTICLE.replace("kind: ", "easy_checked: 2026-11-21\neasy_checked_by: Priya\nkind: ")
    assert any("is for a section with ### Easy words" in fault for fault in faults(lone))


def test_no_other_small_heading_and_no_second_easy_words():
    for wrong in ("\n### Short words\n\nText. [p1]\n", EASY + EASY):
        assert any("the only ### heading" in fault for fault in faults(ARTICLE + wrong))
    assert any(
        "the only ### heading" in fault for fault in faults(ARTICLE.replace("## First", "### Easy words\n\n## First"))
    )
