"""Styles and scripts, read once, served under a name that changes with their content so that they may be kept."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
FOREVER = "public, max-age=31536000, immutable"
router = APIRouter(include_in_schema=False)


@cache
def content(name: str) -> bytes:
    """The file's bytes."""
    return (FOLDER / name).read_bytes()


@cache
def packed(name: str) -> bytes:
    """The same, compressed."""
    return gzip.compress(content(name), 9, mtime=0)


@cache
def address(name: str) -> str:
    """Where the file is served: `/static/page.<content>.css`."""
    stem, dot, ending = name.rpartition(".")
    return f"/static/{stem}.{hashlib.sha256(content(name)).hexdigest()[:12]}{dot}{ending}"


@cache
def names() -> dict[str, str]:
    """Each address, and the file behind it."""
    return {address(file.name): file.name for file in FOLDER.iterdir() if file.suffix in TYPES}


@router.get("/static/{name}")
async def static(request: Request, name: str) -> Response:
    """A style or a script of the pages."""
    file = names().get(f"/static/{name}")
    if file is None:
        raise HTTPException(404)
    return served(request, file, FOREVER)


def served(request: Request, file: str, keep: str) -> Response:
    """The file, compressed where the browser takes it so."""
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    kind = TYPES[Path(file).suffix]
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed(file), media_type=kind, headers={**headers, "Content-Encoding": "gzip"})
    return Response(content(file), media_type=kind, headers=headers)
