"""Whether somebody of the staff wants the mail of the morning."""

from fastapi import APIRouter

from api.answers import DigestBody
from api.schemas import DigestWishBody
from api.who import SignedIn
from api.wire_format import StrictRoute
from api.wiring import Parts
from storage import digest_book

router = APIRouter(prefix="/my-digest", route_class=StrictRoute, tags=["staff"])


@router.get("")
async def read_wish(parts: Parts, staff: SignedIn) -> DigestBody:
    """Tell whether the reader gets a mail on mornings on which something has to be done."""
    async with parts.database.transaction() as session:
        return DigestBody(wanted=await digest_book.is_wanted(session, staff.id))


@router.put("")
async def set_wish(parts: Parts, staff: SignedIn, body: DigestWishBody) -> DigestBody:
    """Switch that mail off or on; it holds numbers only, in the language of the reader."""
    async with parts.database.transaction() as session:
        await digest_book.wish(session, staff.id, wanted=body.wanted)
    return DigestBody(wanted=body.wanted)
