"""S1: the API called at random by its own description: no 5xx, nothing undocumented, no trace in a body.

    python -m tests.campaigns.api_fuzz --full                 50,000 calls with SQLite behind it, then with PostgreSQL
    python -m tests.campaigns.api_fuzz --full postgresql      the one alone

The control adds an address that fails, and must be caught. A short form runs in `tests/bot/test_api_fuzz.py`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from campaigns.engines import fresh_engine

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
KINDS = ("sqlite", "postgresql")
TRACES = ("Traceback", 'File "', "sqlalchemy", "site-packages", "psycopg")


def fuzz(app: FastAPI, calls: int, seed: int = 1) -> Counter[str]:
    """What was found wrong, by kind, in about `calls` calls; how many there were is under "calls".

    Half of them keep to the description and half break it. An address that takes nothing is called once.
    """
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    found: Counter[str] = Counter()
    operations = [one.ok() for one in schema.get_all_operations()]
    taking = [one for one in operations if one.method.upper() == "POST" or one.query or one.path_parameters]
    runs = [(one, GenerationMode.POSITIVE, 1) for one in operations if one not in taking]
    share = max(1, calls // (2 * max(1, len(taking))))
    runs += [(one, mode, share) for one in taking for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]
    for operation, mode, share in runs:

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=share,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def call(case: Any) -> None:
            answer = case.call()
            found["calls"] += 1
            found[f"status {answer.status_code}"] += 1
            if any(trace in answer.text for trace in TRACES):
                found["trace in a body"] += 1
            for check in CHECKS:
                try:
                    case.validate_response(answer, checks=[check])
                except AssertionError as error:
                    found[f"{check.__name__}: {str(error).splitlines()[0][:80]}"] += 1
                except BaseExceptionGroup as error:
                    found[f"{check.__name__}: {str(error.exceptions[0]).splitlines()[0][:80]}"] += 1

        call()
    return found


def wrong(found: Counter[str]) -> dict[str, int]:
    """What of it is a fault."""
    return {what: count for what, count in found.items() if what != "calls" and not what.startswith("status ")}


def main() -> None:
    """The campaign."""
    from web_states import little_app

    calls = 50_000 if "--full" in sys.argv else 2_000
    bad = 0
    for kind in [kind for kind in KINDS if kind in sys.argv] or KINDS:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder, fresh_engine(kind, Path(folder) / "records") as records:
            url = records.url.render_as_string(hide_password=False)
            found = fuzz(little_app(Path(folder), database=url), calls)
        print(f"{kind}: {dict(found)}; faults {wrong(found) or 'none'}; {time.monotonic() - begun:.0f} s")
        bad += sum(wrong(found).values())
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
