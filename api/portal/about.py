"""Pages about us: who we are, what becomes of what somebody tells us, and who can use this."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response

from api import institution_case
from api.portal.addresses import ABOUT, ACCESSIBILITY, PRIVACY
from api.portal.routing import PublicRoute, page
from api.problems import language_of
from api.sessions import SESSION_LIFETIME
from api.wiring import wiring
from catalogues.texts import written_date
from delivery import drafts
from domain.reading import READABLE_FOR
from domain.retention import ERASURE_WAIT, REOPENING_WINDOW, RETENTION

TESTED_ON = date(2026, 11, 26)
"""When somebody last read the accessibility statement beside the tests that it speaks of."""
_DAYS_OF_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class About:
    """A page about us.

    Attributes:
        name: its words are below ``portal.<name>``.
        sections: what each says, in order; several parts are a list.
    """

    address: str
    name: str
    sections: Mapping[str, Sequence[str]]


WHO_WE_ARE = About(
    ABOUT,
    "who_we_are",
    {
        "neutral": ["both_sides"],
        "everyone": ["not_asked"],
        "we_do": ["explain", "ask", "deadlines", "next"],
        "we_do_not": ["judge", "force", "report", "signpost"],
        "free": ["nothing"],
        "readers": ["mediator", "institution", "supervisor", "operator"],
        "kept": ["months", "earlier", "draft"],
    },
)
HOW_IT_IS_KEPT = About(
    PRIVACY,
    "privacy",
    {
        "controller": ["contact"],
        "ground": ["asked", "back", "claim"],
        "stored": ["told", "course", "answers"],
        "not_stored": ["name", "address", "code", "guide", "trackers"],
        "sealed": ["texts", "clear", "operator"],
        "seen": ["mediator", "institution", "supervisor", "mail"],
        "cookies": ["needed", "answering"],
        "erased": ["months", "asked", "institution", "trace"],
        "rights": ["see", "erase", "code", "authority"],
        "limits": ["device", "leave", "network", "story"],
    },
)
WHO_CAN_USE_IT = About(
    ACCESSIBILITY,
    "accessibility",
    {
        "status": ["c", "why"],
        "standard": ["norm"],
        "tested": ["axe", "keyboard", "large", "colours", "without"],
        "untested": ["people", "readers", "browsers", "words", "letters"],
        "feedback": ["ask"],
        "enforcement": ["college"],
        "written": ["day"],
    },
)
PAGES = (WHO_WE_ARE, HOW_IT_IS_KEPT, WHO_CAN_USE_IT)


def _reading(about: About) -> Callable[[Request], Awaitable[Response]]:
    async def read(request: Request) -> Response:
        settings = wiring(request).settings
        values = {
            "controller": settings.controller_name,
            "contact": settings.controller_contact,
            "months": RETENTION.days // _DAYS_OF_A_MONTH,
            "erasure_days": ERASURE_WAIT.days,
            "reopening_weeks": REOPENING_WINDOW.days // 7,
            "draft_minutes": drafts.LIFETIME.seconds // 60,
            "session_minutes": SESSION_LIFETIME.seconds // 60,
            "answering_minutes": institution_case.SESSION_LIFETIME.seconds // 60,
            "glass_minutes": READABLE_FOR.seconds // 60,
            "tested_on": written_date(TESTED_ON, language_of(request)),
        }
        return page(request, "about", about=about, values=values)

    return read


router = APIRouter(route_class=PublicRoute, include_in_schema=False)
for _about in PAGES:
    router.add_api_route(_about.address, _reading(_about), methods=["GET"], name=_about.name)
