"""The pack as officers changed it: their files laid over the pack's own, read, indexed and swapped in while serving.

`handoff.content` says what is applied; every process looks for something newer (`Shelf.refresh`, a chore) and takes it
in without a restart. What cannot be read is never swapped in.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine as Database

from bot.assistant import Assistant
from bot.engine import Engine, engine_of
from bot.what_changes import changes, questions_about
from handoff.console.ports import Preview
from handoff.content import in_use, newest
from handoff.database import reading
from handoff.desk import Desk
from handoff.retention_rules import KEEPING, RetentionError, rules_in, rules_text
from knowledge.article import passages_of
from knowledge.check import check_pack
from knowledge.pack import Pack, load_pack
from knowledge.problems import PackError, Problem
from knowledge.sources.holding import as_text, path_of
from retrieval.encoders import Encoder
from retrieval.index import build_index
from retrieval.vector_cache import CachedEncoder

# Another process may still be reading an older one.
KEPT_FOLDERS = 16
TRYING = "trying-"
LAID_OVER = "laid-over"


@dataclass(frozen=True)
class _Ready:
    """What was made of the files called `name`, to be swapped in for `before`, and what its check said."""

    name: str
    before: Engine
    made: Engine
    wrong: set[tuple[str, str]]


class Shelf:
    """The texts that `assistant` answers from. Copies are made in `folder`; `vectors` are those made before.

    Each council has a folder of its own in both: the same file laid over two packs is not the same pack.
    """

    def __init__(
        self, database: Database, desk: Desk, assistant: Assistant, folder: Path, vectors: Path | None = None
    ) -> None:
        self.database, self.desk, self.assistant = database, desk, assistant
        self.folder, self.vectors = folder / desk.pack, vectors
        self.lock = Lock()
        # How many texts were encoded since the start: work follows the change, and a test counts it.
        self.encoded = 0
        self._seen: tuple[object, Preview] | None = None
        self._ready: _Ready | None = None
        self._wrong: tuple[int, set[tuple[str, str]]] | None = None

    @property
    def base(self) -> Path:
        """The folder of the pack's own files."""
        engine = self.assistant.engine
        return engine.base or engine.pack.folder

    def refresh(self) -> bool:
        """Answer from what was applied last; True when that was news. Raises `PackError` and keeps what there was."""
        with self.lock:
            with reading(self.database) as session:
                number = newest(session, self.desk)
                if number == self.assistant.engine.content:
                    return False
                files = in_use(session, self.desk)
            name, before = _name_of(files), self.assistant.engine
            tried, self._ready = self._ready, None
            if tried and tried.name == name and tried.before is before:
                ready, self._wrong = tried.made, (number, tried.wrong)
            else:
                ready = self._engine(before, load_pack(self._laid_out(files) if files else self.base), number)
            if KEEPING in files:
                self.desk.rules.update(rules_in(files[KEEPING], KEEPING, self.desk.rules))
            self.assistant.engine = replace(ready, content=number)
            self._forget_words(ready.pack)
            # The desk is shared by every room: its teams and hours follow the pack's. No moment is without them.
            self.desk.queues.update(ready.pack.queues)
            for gone in self.desk.queues.keys() - ready.pack.queues.keys():
                del self.desk.queues[gone]
            return True

    def _forget_words(self, pack: Pack) -> None:
        """What was taken out is in no copy laid out before, and in no preview kept."""
        self._seen = None
        for id, stone in pack.gone.items():
            # Beside the council's own folder lie copies that an older version laid out.
            for file in (*self.folder.glob(f"*/{path_of(id)}"), *self.folder.parent.glob(f"*/{path_of(id)}")):
                if file.parent.parent != pack.folder:
                    file.write_text(as_text(stone), encoding="utf-8")

    def text_of(self, path: str) -> str:
        """A file as it is in use. Raises `KeyError` for one that no pack has."""
        with reading(self.database) as session:
            changed = in_use(session, self.desk).get(path)
        if changed is not None:
            return changed
        if path == KEEPING:
            return rules_text(self.desk.rules)
        file = (self.base / path).resolve()
        if not file.is_file() or self.base.resolve() not in file.parents:
            raise KeyError(path)
        return file.read_text(encoding="utf-8")

    def preview(self, files: Mapping[str, str], also: Sequence[str] = ()) -> Preview:
        """What these files would do: their faults, or the answers that would change. What was made is kept for a while,
        so that looking again, and putting it to use, need not make it anew.
        """
        with reading(self.database) as session:
            wanted = {**in_use(session, self.desk), **files}
        now = self.assistant.engine
        name = _name_of(wanted)
        key = (name, now.content, tuple(also))
        with self.lock:
            if self._seen is None or self._seen[0] != key:
                self._seen = (key, self._tried(now, wanted, name, also))
            return self._seen[1]

    def _tried(self, now: Engine, wanted: Mapping[str, str], name: str, also: Sequence[str]) -> Preview:
        try:
            pack = load_pack(self._laid_out(wanted))
            if KEEPING in wanted:
                rules_in(wanted[KEEPING], KEEPING, self.desk.rules)
        except PackError as error:
            return Preview([str(problem) for problem in error.problems], 0, [])
        except RetentionError as error:
            return Preview([str(error)], 0, [])
        # The text is checked; what was wrong in the pack before it is not this officer's to mend.
        if self._wrong is None or self._wrong[0] != now.content:
            self._wrong = (now.content, {_said(one) for one in check_pack(now.pack)})
        found = check_pack(pack)
        if wrong := [str(one) for one in found if _said(one) not in self._wrong[1]]:
            return Preview(wrong, 0, [])
        made = self._engine(now, pack, now.content)
        self._ready = _Ready(name, now, made, {_said(one) for one in found})
        questions = questions_about(now.pack, pack, also)
        return Preview([], len(questions), changes(now, made, questions))

    def _engine(self, before: Engine, pack: Pack, number: int) -> Engine:
        """An engine that answers from `pack`. Only texts that are new are encoded."""
        passages, made = passages_of(pack.articles), before.made
        if passages != made.index.passages:
            spaces = made.index
            english = self._cached(before.encoders.english) if spaces.english else None
            multilingual = self._cached(before.encoders.multilingual) if spaces.multilingual else None
            made = replace(made, index=build_index(passages, english, multilingual))
            for encoder in (english, multilingual):
                self._remember(encoder)
        fresh = engine_of(pack, made, before.encoders, before.today)
        return replace(fresh, content=number, base=before.base or before.pack.folder)

    def _cached(self, encoder: Encoder | None) -> Encoder | None:
        """The encoder with what it made for the pack's own index, and for the texts laid over it."""
        if encoder is None or self.vectors is None:
            return encoder
        return CachedEncoder(encoder, self.vectors / LAID_OVER / self.desk.pack, also=self.vectors)

    def _remember(self, encoder: Encoder | None) -> None:
        """Keep the vectors of what is answered from now, and of nothing else: what was taken out leaves no trace."""
        if isinstance(encoder, CachedEncoder):
            self.encoded += encoder.made
            encoder.save()

    def _laid_out(self, files: Mapping[str, str]) -> Path:
        """The pack's folder with `files` laid over it; the same files always have the same folder."""
        target = self.folder / _name_of(files)
        if target.is_dir():
            return target
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=TRYING) as temporary:
            work = Path(temporary) / "pack"
            shutil.copytree(self.base, work)
            for path, text in files.items():
                file = work / path
                if work.resolve() not in file.resolve().parents:
                    raise PackError([Problem(path, 1, "this file is not inside the pack")])
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            with suppress(OSError):  # another process laid the same out meanwhile
                work.rename(target)
        os.utime(target)
        self._clear_away(target)
        return target

    def _clear_away(self, newest_one: Path) -> None:
        spared = {newest_one, self.assistant.engine.pack.folder}
        old = [one for one in self.folder.iterdir() if one not in spared and not one.name.startswith(TRYING)]
        for one in sorted(old, key=lambda folder: folder.stat().st_mtime)[:-KEPT_FOLDERS]:
            shutil.rmtree(one, ignore_errors=True)


def _name_of(files: Mapping[str, str]) -> str:
    return hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:24]


def _said(problem: Problem) -> tuple[str, str]:
    return problem.path, problem.message
