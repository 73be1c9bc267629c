"""What a form sent, read strictly: plain fields, no files, and the page's token before anything is done."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.door import BadInputError, read_text
from bot.web.cookies import new_session, session_of
from bot.web.site import Site
from bot.web.tokens import holds

MOST_FIELDS = 60
KIND = "application/x-www-form-urlencoded"


class StaleFormError(Exception):
    """The page of this form was open for too long, or in another session. `fields` can be sent once more."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        super().__init__("The form's token does not hold.")
        self.fields = fields


@dataclass(frozen=True)
class Form:
    """The fields of a form, cleaned."""

    fields: list[tuple[str, str]]

    def get(self, name: str, default: str = "") -> str:
        """The first field called `name`."""
        return next((value for key, value in self.fields if key == name), default)

    def all(self, name: str) -> tuple[str, ...]:
        """Every field called `name`, in order."""
        return tuple(value for key, value in self.fields if key == name)

    def without(self, *names: str) -> list[tuple[str, str]]:
        """The other fields."""
        return [(key, value) for key, value in self.fields if key not in names]


async def read_form(request: Request) -> Form:
    """The form, once its token is found good. Raises `BadInputError`, `StaleFormError` and `TooBigError`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise BadInputError("send this form as plain fields")
    body = await request.body()
    try:
        sent = parse_qsl(
            body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace"
        )
    except ValueError as error:
        raise BadInputError("this form has too many fields") from error
    form = Form([(read_text(name, "a name")[:64], read_text(value, "a field")) for name, value in sent])
    site = request.app.state.site
    session, token = session_of(request), form.get("token")
    if not holds(site.sign, session, token, site.now()) and not (
        # Pressed twice on a page from before there was a session: the first press made it, of this very form.
        session == first_session(site, form) and holds(site.sign, None, token, site.now())
    ):
        raise StaleFormError(form.without("token"))
    return form


def session_for(request: Request, form: Form) -> str:
    """The browser's session, or the one that this form begins."""
    return session_of(request) or first_session(request.app.state.site, form)


def first_session(site: Site, form: Form) -> str:
    """The session a form begins: the same for the same form, so that two presses at once are one person."""
    number = form.get("message_id")
    if not number:
        return new_session()
    return urlsafe_b64encode(bytes.fromhex(site.sign(f"session:{number}"))).decode().rstrip("=")
