"""Coming back with a receipt code, and leaving again."""

import secrets as randomness
from datetime import timedelta

from fastapi import APIRouter

from api.answers import SessionBody
from api.documentation import may_refuse
from api.problems import Problem
from api.schemas import SessionRequest
from api.typed_codes import code_or_nobodys
from api.who import UNAUTHENTICATED, EitherSession
from api.wire_format import StrictRoute
from api.wiring import Parts
from settings.secrets import token_hash
from storage import access

SESSION_LIFETIME = timedelta(minutes=15)

router = APIRouter(prefix="/sessions", route_class=StrictRoute, tags=["complainant"])


@router.post("", status_code=201, responses=may_refuse(401, 429))
async def open_session(parts: Parts, body: SessionRequest) -> SessionBody:
    """Open a session with a receipt code, for 15 minutes."""
    lookup = parts.secrets.receipt_lookup(code_or_nobodys(body.receipt_code))
    now = parts.clock()
    token = randomness.token_urlsafe(32)
    async with parts.database.transaction() as session:
        opened = await access.opened_by_receipt(session, lookup)
        if opened is None:
            raise Problem(401, "invalid-receipt", headers=UNAUTHENTICATED)
        expires_at = now + SESSION_LIFETIME
        await access.add_session(session, token_hash(token), opened, now, expires_at)
    return SessionBody(token=token, expires_at=expires_at)


@router.delete("/current", status_code=204)
async def end_session(parts: Parts, own: EitherSession) -> None:
    """End this session now, as one who shares a telephone does."""
    async with parts.database.transaction() as session:
        await access.end_session(session, own.token_hash)
