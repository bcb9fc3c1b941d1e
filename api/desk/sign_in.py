"""Signing in to the desk at the identity provider, and out again."""

import re
import secrets as randomness
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from api.codec_origin import origin_of
from api.desk.addresses import DESK, SIGN_IN, SIGN_OUT, SIGNED_IN, SIGNED_OUT
from api.desk.pages import page
from api.desk.routing import DeskRoute
from api.pages.cookies import leave_cookie, take_cookie
from api.problems import Problem, language_of
from api.who import cookie_prefix, desk_cookie, sign_in_unavailable
from api.wiring import Parts, Wiring
from domain.identifiers import StaffId
from identity.provider import ProviderUnavailable
from identity.relying_party import Answer, Attempt, RelyingParty, SignInRefused
from settings.secrets import token_hash
from storage import directory, staff_sessions

_PAGE = re.compile(rf"{DESK}(/[a-z0-9-]+)*")
_SEPARATOR = "~"

router = APIRouter(route_class=DeskRoute, include_in_schema=False)


@router.get(SIGN_IN)
async def begin(
    parts: Parts, return_to: Annotated[str, Query(max_length=200)] = DESK
) -> RedirectResponse:
    """Send the browser to the identity provider, with a cookie by which we know it again."""
    token = randomness.token_urlsafe(32)
    try:
        address = await _relying_party(parts).authorization_url(_attempt(parts, token))
    except ProviderUnavailable:
        raise sign_in_unavailable() from None
    async with parts.database.transaction() as session:
        await staff_sessions.begin_sign_in(session, token_hash(token), parts.clock())
    away = RedirectResponse(address, status_code=303)
    kept = f"{token}{_SEPARATOR}{_page_or_first(return_to)}"
    leave_cookie(parts, away, _sign_in_cookie(parts), kept, staff_sessions.SIGN_IN)
    return away


@router.get(SIGNED_IN)
async def finish(
    parts: Parts,
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str | None, Query(max_length=1000)] = None,
) -> RedirectResponse:
    """Begin a session for whoever the provider says it is, if they stand in our register."""
    kept = request.cookies.get(_sign_in_cookie(parts), "")
    token, _, return_to = kept.partition(_SEPARATOR)
    now = parts.clock()
    async with parts.database.transaction() as session:
        if not await staff_sessions.take_sign_in(session, token_hash(token), now):
            raise Problem(400, "sign-in-failed")
    try:
        subject = await _relying_party(parts).subject_of(
            _attempt(parts, token), Answer(state, code, iss)
        )
    except SignInRefused:
        raise Problem(400, "sign-in-failed") from None
    except ProviderUnavailable:
        raise sign_in_unavailable() from None
    fresh = randomness.token_urlsafe(32)
    async with parts.database.transaction() as session:
        member = await directory.staff_by_subject(session, subject)
        if member is None:
            raise Problem(403, "forbidden")
        await _end(parts, request, session)
        await staff_sessions.begin(session, token_hash(fresh), StaffId(member.id), now)
    back = RedirectResponse(_page_or_first(return_to), status_code=303)
    take_cookie(parts, back, _sign_in_cookie(parts))
    leave_cookie(parts, back, desk_cookie(parts.settings), fresh)
    return back


@router.post(SIGN_OUT)
async def sign_out(parts: Parts, request: Request) -> RedirectResponse:
    """End the session, and that at the provider where it has a place for that."""
    async with parts.database.transaction() as session:
        await _end(parts, request, session)
    here = parts.settings.public_url + SIGNED_OUT
    there = parts.relying_party and await parts.relying_party.end_session_url(here)
    away = RedirectResponse(there or SIGNED_OUT, status_code=303)
    take_cookie(parts, away, desk_cookie(parts.settings))
    return away


@router.get(SIGNED_OUT)
async def signed_out(request: Request) -> Response:
    """Say so, and have the browser forget the pages that it saw."""
    answer = page("signed_out", language_of(request))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def provider_origin(parts: Wiring) -> str:
    """Return where a form to sign out may lead."""
    issuer = parts.settings.oidc_issuer
    return origin_of(issuer) if issuer else ""


def _page_or_first(return_to: str) -> str:
    """Return a page of the desk: the one that was asked for, else the first."""
    return return_to if _PAGE.fullmatch(return_to) else DESK


def _relying_party(parts: Wiring) -> RelyingParty:
    if parts.relying_party is None:
        raise sign_in_unavailable()
    return parts.relying_party


def _attempt(parts: Wiring, token: str) -> Attempt:
    """Return the secrets of a sign-in, which follow from the cookie and are stored nowhere."""
    word = parts.secrets.sign_in_word
    return Attempt(word("state", token), word("nonce", token), word("verifier", token))


def _sign_in_cookie(parts: Wiring) -> str:
    return f"{cookie_prefix(parts.settings)}wederhoor-sign-in"


async def _end(parts: Wiring, request: Request, session: AsyncSession) -> None:
    token = request.cookies.get(desk_cookie(parts.settings))
    if token is not None:
        await staff_sessions.end(session, token_hash(token))
