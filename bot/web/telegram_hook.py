"""Where Telegram brings updates while `serve` answers there: kept, then 200; 503 and when to come again if not.

Known by a secret in its path and another in a header, both compared in constant time. To everybody else there is no
such page. What is no update of ours is taken and forgotten: a refusal would only bring it again.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.front_desk import NotNowError
from bot.steps.urgent import kind_of_risk
from bot.telegram.token import PATH, Hook
from handoff.database import UNAVAILABLE
from knowledge.pack import Pack

HEADER = "x-telegram-bot-api-secret-token"
# As many chats being answered at once as can be answered soon.
MOST_WAITING = 300
BUSY_SECONDS, AWAY_SECONDS = 5, 10


@dataclass(frozen=True)
class Receiver:
    """What takes an update. `busy` says how many chats wait for their answer."""

    hook: Hook
    receive: Callable[[Mapping[str, Any]], object]
    busy: Callable[[], int]
    pack: Callable[[], Pack]


def telegram_hook(receiver: Receiver | None) -> APIRouter:
    """The route; while there is no webhook it leads nowhere."""
    router = APIRouter(include_in_schema=False)

    @router.post(f"{PATH}/{{path}}")
    async def update(request: Request, path: str) -> Response:
        """Keep one update."""
        if receiver is None or not _is_telegram(receiver.hook, f"{PATH}/{path}", request.headers.get(HEADER, "")):
            raise HTTPException(404, "Not Found")
        raw = _object_in(await request.body())
        if raw is None:
            return Response(status_code=200)
        if receiver.busy() >= MOST_WAITING and not _in_danger(receiver.pack(), raw):
            return later(BUSY_SECONDS)
        try:
            await run_in_threadpool(receiver.receive, raw)
        except (NotNowError, *UNAVAILABLE):
            return later(AWAY_SECONDS)
        return Response(status_code=200)

    return router


def later(seconds: int) -> Response:
    """Not now: Telegram keeps the update for a day and brings it again."""
    return Response(status_code=503, headers={"Retry-After": str(seconds)})


def _is_telegram(hook: Hook, path: str, secret: str) -> bool:
    same_path = hmac.compare_digest(path.encode("utf-8", "replace"), hook.path.encode())
    return hmac.compare_digest(secret.encode("utf-8", "replace"), hook.secret.encode()) and same_path


def _in_danger(pack: Pack, raw: Mapping[str, Any]) -> bool:
    """Whether a rule sees someone at risk: such a message is taken however many wait."""
    message = raw.get("message")
    text = message.get("text") if isinstance(message, dict) else None
    return isinstance(text, str) and kind_of_risk(pack, text, lambda _: None) is not None


def _object_in(raw: bytes) -> Mapping[str, Any] | None:
    """An update as JSON; none for what is no JSON object."""
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None
