"""The application pack: one action, three documents, the same content; tagged, lossless, nameless."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.application.files import as_table
from bot.application.form import PROMPTS, Application, ApplicationError, application, from_json, to_json
from bot.application.pdf import as_pdf
from bot.application.word import as_docx
from bot.cli import cli
from bot.mip_cli import judge_given
from knowledge.pack import PACKS, Pack, load_pack

TODAY = date(2026, 11, 23)
CASE = {
    "asker": "senco",
    "setting": "mainstream_school",
    "setting_in_hounslow": True,
    "age": 9,
    "ehcp": "none",
    "needs": "exceptional",
    "consent": "verbal",
}
WORDS = {"tried": "Two cycles.\nA small group for 12 weeks.", "agreed_how": "spoken", "meeting": "10 December"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PACKS / "hounslow")


@pytest.fixture(scope="module")
def form(pack: Pack) -> Application:
    verdict = judge_given(pack, CASE, TODAY)
    return application(verdict, pack, TODAY, words=WORDS, held=frozenset({"A provision map"}))


def test_json_round_trips_losslessly(form: Application):
    assert from_json(to_json(form)) == form


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(PROMPTS), st.text(st.characters(exclude_categories=["Cs"]), max_size=200)))
def test_whatever_is_written_round_trips(words):
    pack = load_pack_once()
    form = application(judge_given(pack, CASE, TODAY), pack, TODAY, words=words)
    assert from_json(to_json(form)) == form
    assert {prompt.id: prompt.words for prompt in form.prompts if prompt.words} == {k: v for k, v in words.items() if v}


def load_pack_once(held: list[Pack] = []) -> Pack:  # noqa: B006  read once for all examples
    if not held:
        held.append(load_pack(PACKS / "hounslow"))
    return held[0]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', b"\xff\xfe", "not json"])
def test_what_is_no_application_is_refused_in_words(text):
    with pytest.raises(ApplicationError, match="no application"):
        from_json(text)


def test_a_prompt_nobody_knows_and_a_novel_are_refused(pack: Pack):
    verdict = judge_given(pack, CASE, TODAY)
    with pytest.raises(ApplicationError, match="no part"):
        application(verdict, pack, TODAY, words={"child_name": "x"})
    with pytest.raises(ApplicationError, match="4,000"):
        application(verdict, pack, TODAY, words={"tried": "x" * 4001})


def test_the_word_document_opens_and_holds_every_part(form: Application, pack: Pack):
    book = Document(io.BytesIO(as_docx(form, pack.phrases)))
    text = "\n".join(paragraph.text for paragraph in book.paragraphs)
    cells = "\n".join(cell.text for table in book.tables for row in table.rows for cell in row.cells)
    for said in (form.heading, form.view, form.change, *form.missing, *form.questions, "A small group for 12 weeks."):
        assert said in text
    assert "☒ A provision map" in text and "☐ Outcomes and data" in text
    assert all(rule.criterion in cells and rule.quote in cells for rule in form.rules)
    assert "spoken" in cells and "10 December" in text
    styles = [paragraph.style.name for paragraph in book.paragraphs]
    assert styles[0] == "Title" and "Heading 1" in styles and "Heading 2" in styles
    assert book.tables[-1]._tbl.xpath(".//w:tblHeader")


def test_the_pdf_is_tagged_titled_and_says_its_language(form: Application, pack: Pack):
    with pikepdf.open(io.BytesIO(as_pdf(form, pack.phrases))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("en")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as about:
            assert about["dc:title"] and about["pdfuaid:part"] == "1"
        tags = tags_under(pdf.Root.StructTreeRoot)
    assert tags.count("H1") >= 5 and tags.count("H2") == len(PROMPTS)
    assert tags.count("TH") == 3 and tags.count("TR") == len(form.rules) + 1
    assert "L" in tags and "LI" in tags and "P" in tags


def test_an_untagged_pdf_would_be_noticed():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    assert "/StructTreeRoot" not in pdf.Root and tags_under(pikepdf.Dictionary()) == []


def tags_under(element) -> list[str]:
    """The types of all structure elements, in reading order."""
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    found = []
    for kid in kids:
        if isinstance(kid, pikepdf.Dictionary):
            found += [str(kid.S)[1:]] if "/S" in kid else []
            found += tags_under(kid)
    return found


def test_what_a_senco_types_is_text_to_typst_and_nothing_else(pack: Pack):
    spiked = {"tried": '#panic("run") = Heading $x$ <a> @b \\ `c` #image("/etc/passwd")'}
    form = application(judge_given(pack, CASE, TODAY), pack, TODAY, words=spiked)
    assert as_pdf(form, pack.phrases).startswith(b"%PDF")


def test_every_outcome_makes_its_documents(pack: Pack):
    for change in ({"ehcp": "in_force"}, {"safeguarding": True}, {"asker": "parent"}, {"setting": "early_years"}):
        form = application(judge_given(pack, {**CASE, **change}, TODAY), pack, TODAY)
        assert as_docx(form, pack.phrases)[:2] == b"PK"
        assert as_pdf(form, pack.phrases).startswith(b"%PDF")


def test_a_table_of_several_children_is_safe_to_open():
    text = as_table([{"id": "=1+1", "outcome": "refer", "missing": ["a", "b"]}, {"id": 2, "error": "bad"}])
    assert "'=1+1" in text and "a; b" in text


def test_tom_gets_his_three_documents_from_the_terminal(tmp_path: Path):
    (tmp_path / "case.json").write_text(json.dumps(CASE))
    (tmp_path / "words.json").write_text(json.dumps({**WORDS, "held": ["A provision map"]}))
    command = ["mip", "--given", str(tmp_path / "case.json"), "--words", str(tmp_path / "words.json")]
    done = CliRunner().invoke(cli, [*command, "--documents", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert names == {"mip-application.docx", "mip-application.pdf", "mip-application.json"}


def test_a_batch_makes_a_table_too(tmp_path: Path):
    (tmp_path / "lines.jsonl").write_text("\n".join(json.dumps({"id": n, "given": CASE}) for n in range(3)))
    done = CliRunner().invoke(cli, ["mip", "--batch", str(tmp_path / "lines.jsonl"), "--csv", str(tmp_path / "t.csv")])
    assert done.exit_code == 0
    assert len((tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()) == 4
