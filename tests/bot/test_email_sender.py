"""Letters by email, against a real mail server that takes, refuses, stalls and hangs up."""

from __future__ import annotations

import asyncio
import socket

import pytest
from post_office import email_sender, open_post_office
from small_office import MONDAY, Clock

from bot.senders.choosing import senders_for, what_is_off
from bot.senders.email import EmailSender, MailAddressError, mail_address, mail_server
from bot.senders.outcomes import DoorClosed, Refused, RetryLater
from bot.settings import Settings
from handoff.desk import Desk
from handoff.outbox import Parcel
from handoff.vault import Vault

PARCEL = Parcel(
    id="id1",
    key="case1:reply1:door1",
    attempt=1,
    channel="email",
    address_id="door1",
    to="amina@example.org",
    kind="reply",
    subject="About your question",
    text="Tak, może Pani zadzwonić.\nSecond line.",
    link="https://littleham.example/s/abc",
    language="pl",
)


def changed(**more: object) -> Parcel:
    return Parcel(**{**PARCEL.__dict__, **more})  # type: ignore[arg-type]


def send(port: int, parcel: Parcel = PARCEL, seconds: float = 5.0) -> None:
    asyncio.run(email_sender(port, Clock(), seconds).send(parcel))


def test_a_letter_arrives_with_its_words_and_its_key():
    with open_post_office() as office:
        send(office.port)
        send(office.port)
    first, second = office.took
    assert office.recipients == ["amina@example.org"] * 2
    assert first["From"] == "Littleham <askwell@littleham.example>"
    assert first["Subject"] == "About your question"
    assert first.get_content().split() == f"{PARCEL.text} {PARCEL.link}".split()
    assert first["Content-Language"] == "pl" and first["Auto-Submitted"] == "auto-generated"
    assert first["Date"].datetime == MONDAY
    assert first["Message-ID"] == second["Message-ID"]
    assert "case1" not in first["Message-ID"]


def test_another_letter_has_another_message_id():
    with open_post_office() as office:
        send(office.port)
        send(office.port, changed(key="case1:reply2:door1"))
    assert len({message["Message-ID"] for message in office.took}) == 2


def test_words_cannot_become_headers_or_more_recipients():
    with open_post_office() as office:
        send(office.port, changed(subject="hello\r\nBcc: ben@example.org\r\n\r\nbody"))
        for to in ("a@example.org, ben@example.org", "a@example.org\r\nBcc: ben@example.org", "ben", "", "<a@b.org>,"):
            with pytest.raises(DoorClosed, match="bad_address"):
                send(office.port, changed(to=to))
    (message,) = office.took
    assert message["Bcc"] is None
    assert office.recipients == ["amina@example.org"]


@pytest.mark.parametrize(
    ("where", "answer", "outcome", "code"),
    [
        ("at_recipient", "450 4.2.1 busy", RetryLater, "smtp_450"),
        ("at_recipient", "550 5.1.1 no such person", DoorClosed, "smtp_550"),
        ("at_recipient", "550 5.7.1 not from you", Refused, "smtp_550"),
        ("at_recipient", "551 moved", DoorClosed, "smtp_551"),
        ("at_data", "451 4.3.0 try later", RetryLater, "smtp_451"),
        ("at_data", "421 closing", RetryLater, "smtp_421"),
        ("at_data", "554 5.6.0 no", Refused, "smtp_554"),
        ("at_data", "552 5.2.2 full", Refused, "smtp_552"),
        ("at_data", "silence", RetryLater, "smtp_SMTPReadTimeoutError"),
        ("at_data", "drop before", RetryLater, "smtp_SMTPServerDisconnected"),
    ],
)
def test_each_answer_of_the_server_has_its_outcome(where: str, answer: str, outcome: type[Exception], code: str):
    with open_post_office(**{where: answer}) as office, pytest.raises(outcome) as raised:
        send(office.port, seconds=0.5)
    assert raised.value.code == code  # type: ignore[attr-defined]
    assert "amina" not in repr(raised.value) and raised.value.__cause__ is None
    assert office.took == []


def test_no_server_at_all_is_tried_later():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with pytest.raises(RetryLater):
        send(port)


def test_a_password_never_travels_in_the_clear():
    sender = email_sender(1, Clock())
    with open_post_office() as office:
        open_server = mail_server(f"smtp://user:secret@127.0.0.1:{office.port}")
        with pytest.raises(RetryLater):
            asyncio.run(type(sender)(open_server, sender.from_address, "L", Clock(), 5.0).send(PARCEL))
    assert office.took == []


def test_the_servers_address_is_read_and_its_password_never_shown():
    server = mail_server("smtp://us%40er:pa%3Ass@mail.example.org")
    assert (server.host, server.port, server.user, server.password, server.tls) == (
        "mail.example.org",
        587,
        "us@er",
        "pa:ss",
        False,
    )
    assert "pa:ss" not in repr(server)
    assert mail_server("smtps://mail.example.org").port == 465
    for wrong in ("mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:port"):
        with pytest.raises(MailAddressError, match="ASKWELL_SMTP_URL"):
            mail_server(wrong)
    for wrong in ("askwell", "a b@example.org", "a@b", "a@[10.0.0.1]", ""):
        with pytest.raises(MailAddressError):
            mail_address(wrong)


def test_the_settings_turn_email_on_and_say_when_it_is_off(tmp_path):
    desk = Desk("littleham", Vault(tmp_path))
    off = Settings(smtp_url="")
    assert senders_for(off, desk, "Littleham") == {} and "Email is off" in str(what_is_off(off))
    tried = Settings(log_letters=True)
    assert list(senders_for(tried, desk, "Littleham")) == ["email", "staff"] and "never for families" in str(
        what_is_off(tried)
    )
    on = Settings(smtp_url="smtp://user:secret@mail.example.org", smtp_from="askwell@littleham.example")
    sender = senders_for(on, desk, "Littleham")["email"]
    assert isinstance(sender, EmailSender) and sender.from_name == "Littleham" and what_is_off(on) is None
    assert "secret" not in repr(on) + repr(sender)
    with pytest.raises(MailAddressError, match="ASKWELL_SMTP_FROM"):
        senders_for(Settings(smtp_url="smtp://mail.example.org"), desk, "Littleham")
