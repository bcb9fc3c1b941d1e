"""Who is asking: a complainant by a session, or staff by a token. Closed unless proven."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.codec_origin import origin_of
from api.problems import RETRY_AFTER, Problem
from api.wiring import Parts, Wiring
from domain.entries import EntryDetails
from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.staff import Role
from identity.provider import ProviderUnavailable
from identity.tokens import InvalidToken
from settings.application import Settings
from settings.secrets import token_hash
from storage import access, directory, staff_sessions
from storage.models import CaseRow, StaffRow

INSPECTION_COOKIE = "wederhoor-inspection"
"""Holds a staff token, for the codec alone. Temporal's UI passes no token over plain http."""

UNAUTHENTICATED = {"WWW-Authenticate": "Bearer"}
"""Every 401 says how to do better (RFC 9110)."""

_session = HTTPBearer(
    auto_error=False, scheme_name="session", description="From POST /v1/sessions; 15 minutes."
)
_staff_token = HTTPBearer(
    auto_error=False, scheme_name="staff", description="From the identity provider of the staff."
)


_institution_session = HTTPBearer(
    auto_error=False,
    scheme_name="institutionSession",
    description="From POST /v1/institution-sessions; one hour.",
)


def _unauthenticated() -> Problem:
    return Problem(401, "unauthenticated", headers=UNAUTHENTICATED)


def sign_in_unavailable() -> Problem:
    """Return what is said while the identity provider of the staff cannot be reached."""
    return Problem(503, "sign-in-unavailable", headers={"Retry-After": RETRY_AFTER})


@dataclass(frozen=True, slots=True)
class Session:
    """A session: the case that it opens, and what it is known by.

    Attributes:
        mandate: by which a representative acts; ``None`` for the complainant.
    """

    case: CaseId
    token_hash: bytes
    mandate: EntryNumber | None = None

    @property
    def details(self) -> EntryDetails:
        """What an entry that is written in this session tells of its writer."""
        return EntryDetails(mandate=self.mandate)


AT_THE_PORTAL = "wederhoor.portal"
"""Stands in the scope of a request for a page for people, where a cookie opens a case."""


async def _either_session(
    request: Request,
    parts: Parts,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_session)],
) -> Session:
    if AT_THE_PORTAL in request.scope:
        token = request.cookies.get(case_cookie(parts.settings))
    else:
        token = credentials and credentials.credentials
    if token is None:
        raise _unauthenticated()
    hashed = token_hash(token)
    async with parts.database.transaction() as session:
        opened = await access.opened_by_session(session, hashed, parts.clock())
    if opened is None:
        raise _unauthenticated()
    return Session(opened.case, hashed, opened.mandate)


EitherSession = Annotated[Session, Depends(_either_session)]
"""The session of a complainant, or of somebody who may act for them."""


async def _represented(either: EitherSession) -> CaseId:
    return either.case


async def _own_session(either: EitherSession) -> Session:
    if either.mandate is not None:
        raise Problem(403, "for-the-complainant")
    return either


OwnSession = Annotated[Session, Depends(_own_session)]
"""The session of a complainant, and of nobody else."""


async def _complainant(own: OwnSession) -> CaseId:
    return own.case


@dataclass(frozen=True, slots=True)
class Staff:
    """A staff member who signed in."""

    id: StaffId
    roles: frozenset[Role]
    name: str


AT_THE_DESK = "wederhoor.desk"
"""Stands in the scope of a request for a page, which a cookie signs in; nothing else does."""


async def _staff(
    request: Request,
    parts: Parts,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_staff_token)],
) -> Staff:
    if AT_THE_DESK in request.scope:
        return await _staff_at_the_desk(parts, request)
    return await _staff_of(parts, credentials and credentials.credentials)


async def _staff_at_the_desk(parts: Wiring, request: Request) -> Staff:
    token = request.cookies.get(desk_cookie(parts.settings))
    if token is None:
        raise _unauthenticated()
    async with parts.database.transaction() as session:
        member = await staff_sessions.owner_of(session, token_hash(token), parts.clock())
    if member is None:
        raise _unauthenticated()
    return _staff_member(member)


def desk_cookie(settings: Settings) -> str:
    """Return the name of the cookie that holds the token of a session at the desk."""
    return f"{cookie_prefix(settings)}wederhoor-desk"


def case_cookie(settings: Settings) -> str:
    """Return the name of the cookie that holds the token of a complainant's session."""
    return f"{cookie_prefix(settings)}wederhoor-case"


def institution_cookie(settings: Settings) -> str:
    """Return the name of the cookie that holds the token of an institution's session."""
    return f"{cookie_prefix(settings)}wederhoor-institution"


def draft_cookie(settings: Settings) -> str:
    """Return the name of the cookie by which somebody comes back to what they were writing."""
    return f"{cookie_prefix(settings)}wederhoor-draft"


def kept_cookie(settings: Settings) -> str:
    """Return the name of the cookie by which somebody gets back what we keep for a moment."""
    return f"{cookie_prefix(settings)}wederhoor-kept"


def visit_cookie(settings: Settings) -> str:
    """Return the name of the cookie by which an older browser is known until it has a session."""
    return f"{cookie_prefix(settings)}wederhoor-visit"


def cookie_prefix(settings: Settings) -> str:
    """Return what keeps a cookie from other hosts (RFC 6265bis), where there is https."""
    return "__Host-" if settings.public_url.startswith("https:") else ""


async def _staff_of(parts: Wiring, token: str | None) -> Staff:
    if token is None or parts.access_tokens is None:
        raise _unauthenticated()
    try:
        subject = await parts.access_tokens.subject_of(token)
    except InvalidToken:
        raise _unauthenticated() from None
    except ProviderUnavailable:
        raise sign_in_unavailable() from None
    async with parts.database.transaction() as session:
        member = await directory.staff_by_subject(session, subject)
    if member is None:
        raise Problem(403, "forbidden")
    return _staff_member(member)


def _staff_member(row: StaffRow) -> Staff:
    return Staff(StaffId(row.id), frozenset(map(Role, row.roles)), row.name)


async def _inspector(
    request: Request,
    parts: Parts,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_staff_token)],
) -> Staff:
    token = credentials.credentials if credentials else _token_in_cookie(request, parts)
    staff = await _staff_of(parts, token)
    if Role.SUPERVISOR not in staff.roles:
        raise Problem(403, "forbidden")
    return staff


def _token_in_cookie(request: Request, parts: Wiring) -> str | None:
    """Return the token that the sign-in for development left with a browser.

    A browser sends it for any page of this machine; only the Temporal UI may use it.
    """
    if parts.sign_in is None or request.headers.get("origin") != origin_of(
        parts.settings.temporal_ui_url
    ):
        return None
    return request.cookies.get(INSPECTION_COOKIE)


async def case_of_link(parts: Wiring, token: str) -> CaseRow:
    """Return the case that a reply link opens.

    Raises:
        Problem: when it opens none, or none any more.
    """
    async with parts.database.transaction() as session:
        case = await access.case_of_reply_link(session, token_hash(token))
    if case is None:
        raise Problem(404, "reply-link-invalid")
    return case


async def _addressee(
    request: Request,
    parts: Parts,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_institution_session)],
) -> CaseRow:
    if AT_THE_PORTAL in request.scope:
        token = request.cookies.get(institution_cookie(parts.settings))
    else:
        token = credentials and credentials.credentials
    if token is None:
        raise _unauthenticated()
    async with parts.database.transaction() as session:
        case = await access.case_of_institution_session(session, token_hash(token), parts.clock())
    if case is None:
        raise _unauthenticated()
    return case


Addressee = Annotated[CaseRow, Depends(_addressee)]
"""The case that the institution's session opens."""

Complainant = Annotated[CaseId, Depends(_complainant)]
"""The case that the complainant's session opens; a representative is refused."""

Represented = Annotated[CaseId, Depends(_represented)]
"""The case that a session opens: of the complainant, or of somebody who may act for them."""

SignedIn = Annotated[Staff, Depends(_staff)]
"""Somebody of the staff: by a token, at the desk by a session."""


async def _administrator(staff: SignedIn) -> Staff:
    if Role.ADMINISTRATOR not in staff.roles:
        raise Problem(403, "forbidden")
    return staff


Administrator = Annotated[Staff, Depends(_administrator)]
"""Who keeps the register of the staff."""

Inspector = Annotated[Staff, Depends(_inspector)]
"""A supervisor who looks at what Temporal keeps."""
