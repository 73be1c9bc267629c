"""What a form sent, read strictly: plain fields, no files, and the page's token before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.door import BadInputError, read_text
from bot.web.cookies import session_of
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
    if not holds(site.sign, session_of(request), form.get("token"), site.now()):
        raise StaleFormError(form.without("token"))
    return form


def query_schema(fields: Mapping[str, str]) -> dict[str, object]:
    """How the form is described in the API's reference."""
    properties = {name: {"type": "string", "description": says} for name, says in fields.items()}
    schema = {"type": "object", "properties": properties}
    return {"requestBody": {"content": {KIND: {"schema": schema}}}}
