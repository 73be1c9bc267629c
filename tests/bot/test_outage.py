"""PostgreSQL stops under a service that runs: it is said, nothing is lost, and all goes on without a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaigns.kill_nine import Postgres
from campaigns.office_day import day_desk, day_front
from sqlmodel import select

from bot.front_desk import NotNowError
from bot.messages import Arrived, Incoming, Outcome
from handoff.database import connect, reading, upgrade
from handoff.models import Case, InboxMessage


def test_a_stopped_postgresql_is_said_plainly_and_taken_up_again_without_a_restart(tmp_path: Path) -> None:
    server = Postgres(tmp_path)
    try:
        engine = connect(server.url)
        upgrade(engine)
        front = day_front(engine, day_desk(tmp_path / "keys"), tmp_path)
        assert front.reply(Arrived("web", "amina", "m1", Incoming("one"))).heading == "re: one"
        kept = front.receive(Arrived("web", "amina", "m2", Incoming("two")))
        server.stop()
        with pytest.raises(NotNowError) as refused:
            front.reply(Arrived("web", "amina", "m3", Incoming("three")))
        assert refused.value.reply.status == "not_kept" and refused.value.retry_after > 0
        with pytest.raises(NotNowError) as later:
            front.work(kept.conversation_id)
        assert later.value.kept
        help_said = front.reply(Arrived("web", "amina", "m4", Incoming("I want to kill myself")))
        assert help_said.outcome is Outcome.SAFEGUARD and help_said.closing
        server.start()
        # The same front desk, the same engine: only the database was started again.
        front.sweep()
        assert front.reply(Arrived("web", "amina", "m3", Incoming("three"))).heading == "re: three"
        assert front.reply(Arrived("web", "amina", "m2", Incoming("two"))).heading == "re: two"
        with reading(engine) as session:
            assert len(session.exec(select(Case)).all()) == 1
            assert len(session.exec(select(InboxMessage)).all()) == 4
        front.close()
        engine.dispose()
    finally:
        server.close()
