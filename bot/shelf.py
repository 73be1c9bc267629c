"""The pack as officers changed it: their files laid over the pack's own, read, indexed and swapped in while serving.

`handoff.content` says what is applied; every process looks for something newer (`Shelf.refresh`, a chore) and takes it
in without a restart. What cannot be read is never swapped in.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
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
from knowledge.article import passages_of
from knowledge.check import check_pack
from knowledge.pack import Pack, load_pack
from knowledge.problems import PackError, Problem
from retrieval.index import build_index
from retrieval.search import Encoders
from retrieval.vector_cache import CachedEncoder

# Another process may still be reading an older one.
KEPT_FOLDERS = 3
TRYING = "trying-"


class Shelf:
    """The texts that `assistant` answers from. Copies are made in `folder`; `vectors` are those made before."""

    def __init__(
        self, database: Database, desk: Desk, assistant: Assistant, folder: Path, vectors: Path | None = None
    ) -> None:
        self.database, self.desk, self.assistant = database, desk, assistant
        self.folder, self.vectors = folder, vectors
        self.lock = Lock()

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
            pack = load_pack(self._laid_out(files)) if files else load_pack(self.base)
            before = self.assistant.engine
            self.assistant.engine = self._engine(before, pack, number)
            # The desk is shared by every room: its teams and hours follow the pack's. No moment is without them.
            self.desk.queues.update(pack.queues)
            for gone in self.desk.queues.keys() - pack.queues.keys():
                del self.desk.queues[gone]
            return True

    def text_of(self, path: str) -> str:
        """A file as it is in use. Raises `KeyError` for one that no pack has."""
        with reading(self.database) as session:
            changed = in_use(session, self.desk).get(path)
        if changed is not None:
            return changed
        file = (self.base / path).resolve()
        if not file.is_file() or self.base.resolve() not in file.parents:
            raise KeyError(path)
        return file.read_text(encoding="utf-8")

    def preview(self, files: Mapping[str, str], also: Sequence[str] = ()) -> Preview:
        """What these files would do: their faults, or the answers that would change."""
        with reading(self.database) as session:
            wanted = {**in_use(session, self.desk), **files}
        now = self.assistant.engine
        with self._tried(wanted) as folder:
            try:
                pack = load_pack(folder)
            except PackError as error:
                return Preview([str(problem) for problem in error.problems], 0, [])
            # The text is checked; what was wrong in the pack before it is not this officer's to mend.
            before = {_said(one) for one in check_pack(now.pack)}
            wrong = [str(one) for one in check_pack(pack) if _said(one) not in before]
        if wrong:
            return Preview(wrong, 0, [])
        questions = questions_about(now.pack, pack, also)
        return Preview([], len(questions), changes(now, self._engine(now, pack, now.content), questions))

    def _engine(self, before: Engine, pack: Pack, number: int) -> Engine:
        """An engine that answers from `pack`. Only texts that are new are encoded."""
        passages, made = passages_of(pack.articles), before.made
        if passages != made.index.passages:
            english, multilingual = (self._cached(before.encoders, name) for name in ("english", "multilingual"))
            spaces = made.index
            index = build_index(
                passages, english if spaces.english else None, multilingual if spaces.multilingual else None
            )
            made = replace(made, index=index)
        fresh = engine_of(pack, made, before.encoders, before.today)
        return replace(fresh, content=number, base=before.base or before.pack.folder)

    def _cached(self, encoders: Encoders, name: str) -> CachedEncoder | None:
        encoder = getattr(encoders, name)
        if encoder is None or self.vectors is None:
            return encoder  # type: ignore[no-any-return]
        return CachedEncoder(encoder, self.vectors)

    def _laid_out(self, files: Mapping[str, str]) -> Path:
        """The pack's folder with `files` laid over it; the same files always have the same folder."""
        digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:24]
        target = self.folder / digest
        if target.is_dir():
            return target
        with self._tried(files) as made:
            made.rename(target)
        os.utime(target)
        laid_out = [one for one in self.folder.iterdir() if not one.name.startswith(TRYING)]
        for old in sorted(laid_out, key=lambda one: one.stat().st_mtime)[:-KEPT_FOLDERS]:
            shutil.rmtree(old, ignore_errors=True)
        return target

    @contextmanager
    def _tried(self, files: Mapping[str, str]) -> Iterator[Path]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=TRYING) as temporary:
            work = Path(temporary) / "pack"
            shutil.copytree(self.base, work)
            for path, text in files.items():
                file = work / path
                if work.resolve() not in file.resolve().parents:
                    continue
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            yield work


def _said(problem: Problem) -> tuple[str, str]:
    return problem.path, problem.message
