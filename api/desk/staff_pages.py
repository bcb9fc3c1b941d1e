"""Pages for somebody who is signed in at the desk."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from api.desk.pages import page
from api.desk.routing import form_token_of
from api.desk.sign_in import provider_origin
from api.pages.forms import FORM_TOKEN, KEY
from api.problems import language_of
from api.who import Staff
from api.wiring import Wiring
from storage import directory


def staff_page(parts: Wiring, request: Request, staff: Staff, name: str, **values: Any) -> Response:
    """Return a page for somebody who is signed in; each has a form to sign out."""
    return page(
        name,
        language_of(request),
        may_lead_to=[it for it in [provider_origin(parts)] if it],
        staff=staff,
        form_token=form_token_of(parts, request),
        form_token_name=FORM_TOKEN,
        key_name=KEY,
        **values,
    )


async def names_of_staff(parts: Wiring) -> Mapping[UUID, str]:
    """Return what everybody who works here is called."""
    async with parts.database.transaction() as session:
        return {row.id: row.name for row in await directory.staff(session)}
