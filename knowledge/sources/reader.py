"""Reading a file that anybody may have made: in a process of its own, which may die and takes nothing with it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import asdict
from types import TracebackType

from knowledge.memory import give_back_memory
from knowledge.sources.document import Document, UnreadableError, from_object
from knowledge.sources.limits import MEMORY, MOST_OUT, SECONDS
from knowledge.sources.site import Site

START_SECONDS = 30.0
SLACK_SECONDS = 5.0
# What is as large as this leaves room behind that the service has no more use for.
LARGE = 500_000


class Reader:
    """Reads one file after another. Use it in a `with`, so that its process ends."""

    def __init__(self, memory: int = MEMORY, seconds: float = SECONDS) -> None:
        self.memory, self.seconds = memory, seconds
        # The most memory any file took so far, in kilobytes.
        self.peak_kb = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        process.wait()

    def read(self, data: bytes, told: str = "", *, url: str = "", site: Site | None = None) -> Document:
        """The document in `data`; `told` is its content type or file name. Raises `UnreadableError`."""
        header = {"told": told[:200], "url": url, "site": asdict(site or Site()), "size": len(data)}
        try:
            process = self._started()
            assert process.stdin
            # Each on its own: a copy of both together would be as large again.
            process.stdin.write(json.dumps(header).encode() + b"\n")
            process.stdin.write(data)
            process.stdin.flush()
            line = self._line(self.seconds + SLACK_SECONDS)
            answer, large = json.loads(line), len(data) + len(line) > LARGE
            del line
        except (OSError, ValueError, EOFError) as error:
            self.close()
            raise UnreadableError("crashed", "The file ended the process that reads files. It was not read.") from error
        if large:
            give_back_memory()
        self.peak_kb = max(self.peak_kb, int(answer.get("peak_kb", 0)))
        if "fault" in answer:
            raise UnreadableError(str(answer["fault"]), str(answer["message"]))
        return from_object(answer["document"])

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            command = [sys.executable, "-m", "knowledge.sources.child", str(self.memory), str(self.seconds)]
            # Nothing of ours goes along: no keys, no tokens, no address of a database.
            env = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "LANG") if name in os.environ}
            env |= {"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", "no_proxy": "*"}
            self._process = subprocess.Popen(  # noqa: S603  our own
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
            )
            if self._line(START_SECONDS) != b"ready":
                raise EOFError
        return self._process

    def _line(self, seconds: float) -> bytearray:
        """One line of the child's, within its time. Raises `EOFError`."""
        assert self._process
        assert self._process.stdout
        pipe, told, deadline = self._process.stdout.fileno(), bytearray(), time.monotonic() + seconds
        while not told.endswith(b"\n"):
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
            block = os.read(pipe, 1 << 16) if ready else b""
            if not block or len(told) > 2 * MOST_OUT:
                raise EOFError
            told += block
        del told[-1:]
        return told
