"""The command as a stranger uses it: exit codes, plain messages, nothing on the wrong stream."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from little_council import LITTLE, write_pack

from bot.settings import Settings


def askwell(*arguments: str, pack: Path | str = "hounslow", data: Path | None = None, **more):  # type: ignore[no-untyped-def]
    environment = {**os.environ, "ASKWELL_PACK": str(pack), "ASKWELL_DATA": str(data or Settings().data.resolve())}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, capture_output=True, env=environment, timeout=580, check=False, **more)


@pytest.fixture
def data(settings: Settings, hounslow: object) -> Path:
    """Where the real index was made, once."""
    return settings.data.resolve()


def test_ask_prints_the_answer_with_its_sources(data: Path):
    done = askwell("ask", "my son is falling behind, no ehcp, can the school get extra help?", data=data)
    text = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "MIP" in text and "Where this comes from" in text and "https://" in text


def test_ask_json_is_one_object(data: Path):
    done = askwell("ask", "--json", "who runs speech therapy in hounslow", data=data)
    assert json.loads(done.stdout)["outcome"] == "answer"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", "x", "--role", "headteacher"], b"role must be one of family, senco, young_person."),
        (["ask", "x" * 30_000], b"question is 30,000 characters long"),
        (["ask", b"\xff\xfe\x80"], b"question is not text I can read"),
        (["ask", "--batch", "no-such-file.jsonl"], b"no-such-file.jsonl cannot be read"),
        (["check", "no-such-pack"], b"no pack here"),
        (["nonsense"], b"No such command"),
        (["eval", "answers", "no-such-file"], b"does not exist"),
        (["serve", "--port", "99999"], b"less than or equal to 65535"),
    ],
)
def test_bad_input_gets_a_message_and_a_code(data: Path, arguments: list[str], says: bytes):
    done = askwell(*arguments, data=data)
    assert done.returncode != 0
    assert says in b" ".join(done.stderr.split()), done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("question", ["", "   ", "?"])
def test_nothing_asked_says_so(data: Path, question: str):
    done = askwell("ask", question, data=data)
    assert "Write your question first." in done.stdout.decode()


def test_ten_thousand_characters_get_the_limit(data: Path):
    done = askwell("ask", "help " * 2000, data=data)
    assert "Please use 1,500 characters or fewer." in done.stdout.decode() and done.returncode == 0


def test_a_conversation_reads_lines_until_an_empty_one(data: Path):
    done = askwell("ask", data=data, input=b"what does the cedars do\nwhat ages\n\n")
    assert done.returncode == 0, done.stderr.decode()
    assert "4 to 11" in done.stdout.decode()


def test_a_broken_pack_names_file_and_line(tmp_path: Path, data: Path):
    broken = LITTLE["articles/clubs.md"].replace("{#ages}", "")
    folder = write_pack(tmp_path / "p", **{"articles/clubs.md": broken})
    for command in (["check", str(folder)], ["ask", "x"]):
        done = askwell(*command, pack=folder, data=tmp_path / "data")
        assert done.returncode == 1 and b"Traceback" not in done.stderr
        assert b"articles/clubs.md:9: this heading has no anchor" in done.stderr


def test_check_finds_nothing_wrong_and_lists_what_launch_needs(data: Path):
    assert b"No problems" in askwell("check", data=data).stderr
    launch = askwell("check", "--launch", data=data).stdout.decode()
    assert "020 8583 6600" in launch and "(nothing goes public before this)" in launch


def test_it_will_not_go_public_while_the_councils_safeguarding_numbers_are_unverified(data: Path):
    done = askwell("serve", "--public", data=data)
    assert done.returncode == 1 and b"SAF-01" in done.stderr


def test_eval_commands_print_figures_beside_their_control(data: Path, tmp_path: Path):
    corpus, queries, qrels = (tmp_path / name for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv"))
    corpus.write_text('{"_id": "d1", "title": "", "text": "A cat."}\n{"_id": "d2", "title": "", "text": "A bus."}\n')
    queries.write_text('{"_id": "q1", "text": "the bus"}\n')
    qrels.write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\n")
    given = ["--corpus", str(corpus), "--queries", str(queries), "--qrels", str(qrels)]
    shown = askwell("eval", "retrieval", *given, data=data)
    assert b"BM25" in shown.stdout and b"Askwell" in shown.stdout, shown.stderr.decode()
    qrels.write_text("query-id\tcorpus-id\tscore\nq1\tnowhere\t1\n")
    broken = askwell("eval", "retrieval", *given, data=data)
    assert broken.returncode == 2 and b"qrels.tsv" in broken.stderr and b"Traceback" not in broken.stderr
    golden = Path(__file__).parent.parent / "golden"
    leaks = askwell("eval", "redaction", str(golden / "redaction.jsonl"), data=data)
    assert b"control: no redaction" in leaks.stdout, leaks.stderr.decode()
