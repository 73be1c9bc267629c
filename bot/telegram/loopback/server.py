"""The server itself, on an event loop and a thread of its own: calls come in, updates go out by polling or webhook."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import aiohttp
from aiohttp import web

from bot.telegram.loopback.delivery import Delivery
from bot.telegram.loopback.methods import METHODS
from bot.telegram.loopback.rules import Refusal, bad, too_many
from bot.telegram.loopback.state import Call, State

HERE = "127.0.0.1"
TOKEN = "1000001:loopback-needs-no-secret-at-all-000"  # noqa: S105  it opens nothing
# What may go wrong with a call. After "lost" the call was carried out, and the answer never came.
TOO_MANY, BROKEN, STALL, RESET, LOST = "429", "500", "stall", "reset", "lost"
Fault = Callable[[str, dict[str, Any]], str | None]
MESSAGES = frozenset({"sendmessage", "editmessagetext", "senddocument"})


class Loopback:
    """A Bot API server. `fault` says what goes wrong with a call; `strict` refuses what comes faster than allowed."""

    def __init__(
        self,
        token: str = TOKEN,
        fault: Fault | None = None,
        *,
        strict: bool = False,
        a_second: int = 30,
        gap: float = 1.0,
        second: float = 1.0,
        stall: float = 1.0,
        redeliver: float = 1.0,
    ) -> None:
        self.state = State(token)
        self.fault: Fault = fault or (lambda _method, _given: None)
        self.strict, self.a_second, self.gap, self.second, self.stall = strict, a_second, gap, second, stall
        self.redeliver = redeliver
        self.url = ""
        self.away = False
        self.lost = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news: asyncio.Event | None = None
        self._polling = 0

    async def _call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        given = await _params(request)
        if self.away:
            _hang_up(request)
        if request.match_info["token"] != self.state.token:
            return web.json_response(Refusal(401, "Unauthorized").as_json(), status=401)
        wrong = self.fault(name.lower(), given)
        at = self.state.clock()
        try:
            result = await self._carried_out(request, name.lower(), given, wrong)
        except Refusal as refusal:
            self._note(name, given, at, refusal.code)
            return web.json_response(refusal.as_json(), status=refusal.code)
        self._note(name, given, at, 200)
        if wrong == LOST:
            self.lost += 1
            _hang_up(request)
        return web.json_response({"ok": True, "result": result})

    async def _carried_out(self, request: web.Request, name: str, given: dict[str, Any], wrong: str | None) -> Any:
        if wrong == TOO_MANY:
            raise too_many(1)
        if wrong == BROKEN:
            raise Refusal(500, "Internal Server Error")
        if wrong == STALL:
            await asyncio.sleep(self.stall)
            _hang_up(request)
        if wrong == RESET:
            _hang_up(request)
        if name == "getupdates":
            return await self._updates(given)
        if name == "setwebhook":
            return self._set_webhook(given)
        act = METHODS.get(name)
        if act is None:
            raise Refusal(404, "Not Found")
        with self.state.lock:
            if self.strict and name in MESSAGES:
                self._not_too_fast(int(given.get("chat_id") or 0))
            return act(self.state, given)

    def _not_too_fast(self, chat: int) -> None:
        now = self.state.clock()
        recent = [one for one in self.state.calls[-200:] if one.status == 200 and one.method.lower() in MESSAGES]
        if sum(now - one.at < self.second for one in recent) >= self.a_second:
            raise too_many(1)
        if any(one.chat == chat and now - one.at < self.gap for one in recent):
            raise too_many(1)

    def _note(self, name: str, given: dict[str, Any], at: float, status: int) -> None:
        with self.state.lock:
            self.state.calls.append(Call(name, given, at, status))

    async def _updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.state.webhook.get("url"):
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )
        self._polling += 1
        mine = self._polling
        if given.get("offset"):
            self.state.confirm(int(given["offset"]))
        limit = min(max(int(given.get("limit") or 100), 1), 100)
        ends = time.monotonic() + min(float(given.get("timeout") or 0), 50.0)
        while not (found := self.state.pending(limit)) and time.monotonic() < ends:
            if mine != self._polling:
                raise Refusal(409, "Conflict: terminated by other getUpdates request")
            await self._something(ends - time.monotonic())
        return found

    async def _something(self, seconds: float) -> None:
        assert self._news is not None, "the server runs"
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), max(seconds, 0.0))
        self._news.clear()

    def _set_webhook(self, given: dict[str, Any]) -> bool:
        url = str(given.get("url") or "")
        if url and not url.startswith(("https://", f"http://{HERE}", "http://testserver")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self.state.webhook = {"url": url, "secret": str(given.get("secret_token") or "")}
        self._changed()
        return True

    def _changed(self) -> None:
        if self._loop is not None and self._news is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._news.set)

    async def serve(self, ready: Callable[[], None], stop: asyncio.Event) -> None:
        """Serve until `stop`."""
        self._loop, self._news = asyncio.get_running_loop(), asyncio.Event()
        self.state.changed = self._changed
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, HERE, 0)
        await site.start()
        self.url = f"http://{HERE}:{runner.addresses[0][1]}"
        delivery = Delivery(self.state, self.redeliver)
        sending = asyncio.create_task(delivery.run(stop))
        ready()
        await stop.wait()
        await sending
        self._polling += 1
        self._news.set()
        await runner.cleanup()


@contextmanager
def serving(server: Loopback) -> Iterator[Loopback]:
    """The server, open on a port of its own until the block ends."""
    loop = asyncio.new_event_loop()
    ready, stop = threading.Event(), asyncio.Event()
    thread = threading.Thread(
        target=lambda: loop.run_until_complete(server.serve(ready.set, stop)), name="loopback", daemon=True
    )
    thread.start()
    ready.wait(30)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()


async def _params(request: web.Request) -> dict[str, Any]:
    """What the call was given: a query, a form with or without files, or JSON."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        read = await request.json()
        return given | (read if isinstance(read, dict) else {})
    if request.can_read_body:
        try:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    given["_file"] = (value.filename, value.file.read().decode("utf-8", "replace"))
                else:
                    given[name] = value
        except (ValueError, aiohttp.ClientError):
            raise web.HTTPBadRequest from None
    if "reply_markup" in given or "link_preview_options" in given:
        import json  # noqa: PLC0415

        for name in ("reply_markup", "link_preview_options"):
            if isinstance(given.get(name), str):
                given[name] = json.loads(given[name])
    return given


def _hang_up(request: web.Request) -> None:
    """The connection is cut, without an answer."""
    if request.transport is not None:
        request.transport.abort()
    raise ConnectionResetError
