"""For whoever watches the service: /metrics, which is not public, and /readyz."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import asdict

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.exceptions import HTTPException

from bot.front_desk import FrontDesk
from bot.metrics import REGISTRY, Records
from bot.readiness import readiness

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def watching(front: FrontDesk, token: str = "") -> APIRouter:
    """The routes. With a `token`, /metrics is for those who bring it; without one, for this machine alone."""
    router = APIRouter(include_in_schema=False)
    office = front.office
    records = CollectorRegistry()
    records.register(Records(office.engine, office.desk))

    @router.get("/metrics")
    async def metrics(request: Request) -> Response:
        """Counts and ages in Prometheus's text format."""
        if not may_look(request, token):
            # To everybody else there is no such page.
            raise HTTPException(404, "Not Found")
        text = await run_in_threadpool(lambda: generate_latest(REGISTRY) + generate_latest(records))
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        """200 when this process can serve, 503 when not; each part says how it stands."""
        made = office.assistant.engine.made
        stands = await run_in_threadpool(
            readiness,
            office.engine,
            office.desk.vault.folder,
            passages=len(made.index.passages),
            complete=made.calibration is not None,
        )
        return JSONResponse({"ready": stands.ready, **asdict(stands)}, 200 if stands.ready else 503)

    return router


def may_look(request: Request, token: str) -> bool:
    """Whether the numbers may be shown: by the token, or, when none is set, to this machine and not through a proxy."""
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    if any(name in request.headers for name in FORWARDED) or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
