"""How often one may ask: a school behind one address is never refused, one conversation too many is, a cry never."""

from __future__ import annotations

from pathlib import Path

from web_house import browser_at
from web_states import RISK, little_app

from bot.limits import RATES, Limits, Rate, network_of


def test_three_hundred_people_behind_one_address_are_all_heard_twice_within_a_minute():
    limits = Limits(lambda: 0.0)
    waits = [
        limits.wait(("conversation", f"child {person}"), ("address", "school"), ("council", "hounslow"))
        for _ in range(2)
        for person in range(300)
    ]
    assert waits == [0] * 600


def test_one_conversation_waits_after_its_burst_and_goes_on_as_time_passes():
    now = [0.0]
    limits = Limits(lambda: now[0])
    burst = RATES["conversation"].burst
    assert [limits.wait(("conversation", "amina")) for _ in range(burst)] == [0] * burst
    assert limits.wait(("conversation", "amina")) == 5
    now[0] += 5
    assert limits.wait(("conversation", "amina")) == 0


def test_a_refusal_takes_nothing_from_the_other_buckets():
    limits = Limits(lambda: 0.0, {"conversation": Rate(1, 1), "address": Rate(2, 1)})
    assert limits.wait(("conversation", "a"), ("address", "x")) == 0
    assert limits.wait(("conversation", "a"), ("address", "x")) > 0
    assert limits.wait(("conversation", "b"), ("address", "x")) == 0


def test_a_household_is_one_network_in_ipv6():
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::2") != network_of("2001:db8:1:3::1")
    assert network_of("192.0.2.7") == "192.0.2.7" and network_of("testclient") == "testclient"


def test_someone_at_risk_is_answered_whatever_was_sent_before(tmp_path: Path):
    app = little_app(tmp_path)
    tight = Limits(lambda: 0.0, {kind: Rate(1, 1) for kind in RATES})
    object.__setattr__(app.state.site, "limits", tight)
    with browser_at(app) as amina:
        amina.ask("how old for holiday club")
        refused = amina.ask("child fare on the 65 bus")
        assert (
            refused.status_code == 429 and "child fare on the 65 bus" in refused.text and refused.headers["retry-after"]
        )
        assert "116 123" in amina.ask(RISK).text
