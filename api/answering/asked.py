"""What an institution is asked, as the API shows it to the session of a browser."""

from typing import Annotated

from fastapi import Depends, Request

from api import addressed
from api.institution_answers import AddressedBody
from api.problems import language_of
from api.who import Addressee
from api.wiring import Parts


async def _asked(parts: Parts, request: Request, case: Addressee) -> AddressedBody:
    return await addressed.what_was_addressed(
        parts, case, request.url.path, 0, 1, language_of(request)
    )


Asked = Annotated[AddressedBody, Depends(_asked)]
