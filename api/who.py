"""Who is asking: a complainant by a session, or staff by a token. Closed unless proven."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.problems import Problem
from api.wiring import Parts
from domain.identifiers import CaseId, StaffId
from domain.parties import Party
from identity.development import InvalidToken
from settings.secrets import token_hash
from storage import access, directory

UNAUTHENTICATED = {"WWW-Authenticate": "Bearer"}
"""Every 401 says how to do better (RFC 9110)."""

_session = HTTPBearer(
    auto_error=False, scheme_name="session", description="From POST /v1/sessions; 15 minutes."
)
_staff_token = HTTPBearer(
    auto_error=False, scheme_name="staff", description="From the identity provider of the staff."
)


def _unauthenticated() -> Problem:
    return Problem(401, "unauthenticated", headers=UNAUTHENTICATED)


async def _complainant(
    parts: Parts,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_session)],
) -> CaseId:
    if credentials is None:
        raise _unauthenticated()
    async with parts.database.transaction() as session:
        case = await access.case_of_session(
            session, token_hash(credentials.credentials), parts.clock()
        )
    if case is None:
        raise _unauthenticated()
    return case


@dataclass(frozen=True, slots=True)
class Staff:
    """A staff member who signed in."""

    id: StaffId
    role: Party


async def _staff(
    parts: Parts,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_staff_token)],
) -> Staff:
    if credentials is None or parts.issuer is None:
        raise _unauthenticated()
    try:
        subject = parts.issuer.subject_of(credentials.credentials, parts.clock())
    except InvalidToken:
        raise _unauthenticated() from None
    async with parts.database.transaction() as session:
        member = await directory.staff_by_subject(session, subject)
    if member is None:
        raise Problem(403, "forbidden")
    return Staff(StaffId(member.id), member.role)


Complainant = Annotated[CaseId, Depends(_complainant)]
"""The case that the session opens."""

SignedIn = Annotated[Staff, Depends(_staff)]
