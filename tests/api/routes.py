"""The routes of the API, and how each answers everybody who could call it."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from launcher.people import Json
from tests.api.observing import COMPLAINT, WHY


class Caller(StrEnum):
    """Who calls, as they stand to one case."""

    NOBODY = "nobody"
    STALE = "somebody with a session that never was"
    COMPLAINANT = "the complainant"
    OTHER_COMPLAINANT = "another complainant"
    ASKER = "somebody who asked a question"
    REPRESENTATIVE = "somebody whom the complainant lets act for them"
    INSTITUTION = "the institution"
    OTHER_INSTITUTION = "the institution of another case"
    MEDIATOR = "the mediator"
    OTHER_MEDIATOR = "another mediator"
    ADVISER = "an adviser"
    SUPERVISOR = "a supervisor"
    ADMINISTRATOR = "an administrator"
    STRANGER = "somebody who signed in and is not in the register"


OF_THE_CASE = {
    Caller.COMPLAINANT,
    Caller.REPRESENTATIVE,
    Caller.INSTITUTION,
    Caller.MEDIATOR,
    Caller.SUPERVISOR,
}


class Answer(IntEnum):
    """How a call is answered, whatever else it says."""

    SERVED = 200
    WHO_ARE_YOU = 401
    FORBIDDEN = 403
    HIDDEN = 404
    CONFLICT = 409


def only(**answers: Answer) -> dict[Caller, Answer]:
    """Return these answers, by names of callers, and 401 for everybody else."""
    return dict.fromkeys(Caller, Answer.WHO_ARE_YOU) | {
        Caller[name.upper()]: answer for name, answer in answers.items()
    }


PUBLIC = dict.fromkeys(Caller, Answer.SERVED)
MINE = only(
    complainant=Answer.SERVED,
    other_complainant=Answer.SERVED,
    asker=Answer.SERVED,
    representative=Answer.FORBIDDEN,
)
MY_COMPLAINT = MINE | {Caller.ASKER: Answer.HIDDEN}
MY_OWN = MINE | dict.fromkeys((Caller.OTHER_COMPLAINANT, Caller.ASKER), Answer.HIDDEN)
"""Something of one case that others do not have."""
REPRESENTED = MINE | {Caller.REPRESENTATIVE: Answer.SERVED}
MY_LETTER = MY_OWN | {Caller.REPRESENTATIVE: Answer.SERVED}
MY_QUESTION = MINE | dict.fromkeys((Caller.COMPLAINANT, Caller.OTHER_COMPLAINANT), Answer.CONFLICT)
ADDRESSED = only(institution=Answer.SERVED, other_institution=Answer.SERVED)
THEIR_LETTER = only(institution=Answer.SERVED, other_institution=Answer.HIDDEN)
STAFF = only(
    mediator=Answer.SERVED,
    other_mediator=Answer.SERVED,
    adviser=Answer.SERVED,
    supervisor=Answer.SERVED,
    administrator=Answer.SERVED,
    stranger=Answer.FORBIDDEN,
)
OTHERS = (Caller.OTHER_MEDIATOR, Caller.ADVISER)
ASSIGNED = STAFF | dict.fromkeys((*OTHERS, Caller.ADMINISTRATOR), Answer.HIDDEN)
READERS = STAFF | {Caller.ADMINISTRATOR: Answer.FORBIDDEN}
MEDIATORS = STAFF | dict.fromkeys((Caller.SUPERVISOR, Caller.ADMINISTRATOR), Answer.FORBIDDEN)
SUPERVISORS = STAFF | dict.fromkeys((Caller.MEDIATOR, *OTHERS), Answer.FORBIDDEN)
ADMINISTRATORS = SUPERVISORS | {Caller.SUPERVISOR: Answer.FORBIDDEN}
BOTH_HALVES = only()
"""Whoever has both halves of a new code; nobody of these."""
THE_MEDIATOR = ASSIGNED | {Caller.SUPERVISOR: Answer.FORBIDDEN}

SUPERVISION = only(
    mediator=Answer.FORBIDDEN,
    other_mediator=Answer.FORBIDDEN,
    adviser=Answer.FORBIDDEN,
    supervisor=Answer.SERVED,
    administrator=Answer.FORBIDDEN,
    stranger=Answer.FORBIDDEN,
)
THE_SECOND_PERSON = SUPERVISION | {Caller.SUPERVISOR: Answer.FORBIDDEN}
"""Another supervisor than the one who asked; nobody of these."""

PLANTED = "Dit staat in geen andere zaak."
TEXT = {"text": "Wie mag dit schrijven?"}
AVAILABLE: Json = {"workingDays": [1, 2, 3, 4, 5], "absences": [], "conflicts": []}
SUITS: Json = {"institutionKinds": [], "regions": [], "capacity": 0}
_MORE: Json = {
    "address": "toezicht@wederhoor.example",
    "roles": ["supervisor"],
    "languages": ["nl"],
}
NEW_STAFF: Json = {"subject": "supervisor-of-the-matrix", "name": "Toezichthouder", **_MORE}


@dataclass(frozen=True)
class Route:
    """A route: who may call it, and with which body or file."""

    method: str
    path: str
    answers: dict[Caller, Answer]
    body: Json | None = None
    file: bytes | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


ROUTES = [
    Route("GET", "/health/live", PUBLIC),
    Route("GET", "/health/ready", PUBLIC),
    Route("GET", "/metrics", PUBLIC),
    Route("GET", "/v1/institutions", PUBLIC),
    Route("GET", "/v1/helplines", PUBLIC),
    Route("GET", "/v1/side-routes", PUBLIC),
    Route("GET", "/v1/guide", PUBLIC),
    Route("POST", "/v1/guide", PUBLIC, {"happened": "treatment"}),
    Route("GET", "/v1/topics", PUBLIC),
    Route("GET", "/v1/topics/{topic_id}", PUBLIC),
    Route("GET", "/v1/figures", PUBLIC),
    Route("GET", "/v1/figures/{year}", PUBLIC),
    Route("GET", "/v1/figures/{year}.csv", PUBLIC),
    Route("POST", "/v1/topics/search", PUBLIC, {"words": "besluit"}),
    Route("GET", "/v1/my-case", REPRESENTED),
    Route("GET", "/v1/my-case/timeline", REPRESENTED),
    Route("GET", "/v1/my-case/export", MINE),
    Route("GET", "/v1/my-case/dossier", MY_COMPLAINT),
    Route("GET", "/v1/my-case/dossier/pdf", MY_COMPLAINT),
    Route("GET", "/v1/my-case/entries", REPRESENTED),
    Route("GET", "/v1/my-case/entries/{number}", REPRESENTED),
    Route("GET", "/v1/my-case/letters", REPRESENTED),
    Route("GET", "/v1/my-case/letters/{letter_id}", MY_LETTER),
    Route("GET", "/v1/my-case/letters/{letter_id}/pdf", MY_LETTER),
    Route("GET", "/v1/my-case/erasure", MINE),
    Route("GET", "/v1/my-case/attachments", REPRESENTED),
    Route("GET", "/v1/my-case/attachments/{attachment_id}", MY_LETTER),
    Route("GET", "/v1/cases/{number}/attachments", THE_MEDIATOR),
    Route("GET", "/v1/cases/{number}/attachments/{attachment_id}", THE_MEDIATOR),
    Route("GET", "/v1/my-availability", MEDIATORS),
    Route("PUT", "/v1/my-availability", MEDIATORS, AVAILABLE),
    Route("GET", "/v1/staff/{staff_id}/availability", ADMINISTRATORS),
    Route("PUT", "/v1/staff/{staff_id}/availability", ADMINISTRATORS, AVAILABLE | SUITS),
    Route("POST", "/v1/staff/{staff_id}/hand-over", SUPERVISORS, WHY),
    Route("GET", "/v1/cases", READERS),
    Route("GET", "/v1/cases/counts", READERS),
    Route("POST", "/v1/cases/search", READERS, {"words": "voorbeeld"}),
    Route("GET", "/v1/my-digest", STAFF),
    Route("PUT", "/v1/my-digest", STAFF, {"wanted": True}),
    Route("GET", "/v1/cases/{number}", ASSIGNED),
    Route("GET", "/v1/cases/{number}/timeline", ASSIGNED),
    Route("GET", "/v1/cases/{number}/entries", ASSIGNED),
    Route("GET", "/v1/cases/{number}/entries/{entry}", ASSIGNED),
    Route("GET", "/v1/cases/{number}/break-glass", SUPERVISION),
    Route("GET", "/v1/cases/{number}/break-glass/{glass_id}/entries", SUPERVISION),
    Route("GET", "/v1/cases/{number}/break-glass/{glass_id}/attachments", SUPERVISION),
    Route(
        "GET",
        "/v1/cases/{number}/break-glass/{glass_id}/attachments/{attachment_id}",
        SUPERVISION,
    ),
    Route(
        "POST",
        "/v1/cases/{number}/break-glass",
        SUPERVISION,
        {"scope": "story", "reason": "Wie mag dit vragen?"},
    ),
    Route(
        "POST",
        "/v1/cases/{number}/break-glass/{glass_id}/approval",
        THE_SECOND_PERSON,
        {"approve": True},
    ),
    Route("GET", "/v1/staff", ADMINISTRATORS),
    Route("POST", "/v1/staff", ADMINISTRATORS, NEW_STAFF),
    Route("PATCH", "/v1/staff/{staff_id}", ADMINISTRATORS, {}),
    Route("GET", "/v1/institution-case", ADDRESSED),
    Route("GET", "/v1/institution-case/entries/{number}", ADDRESSED),
    Route("GET", "/v1/institution-case/letters", ADDRESSED),
    Route("GET", "/v1/institution-case/letters/{letter_id}/pdf", THEIR_LETTER),
    # Whoever has the link is let in by it.
    Route("GET", "/v1/institution-replies/{token}", PUBLIC),
    Route("GET", "/v1/institution-replies/{token}/entries/{number}", PUBLIC),
    Route("POST", "/v1/institution-replies/{token}", PUBLIC, TEXT),
    Route("POST", "/v1/institution-sessions", PUBLIC, {"token": "{token}"}),
    Route("POST", "/v1/sessions", PUBLIC, {"receiptCode": "{receipt_code}"}),
    Route("POST", "/v1/complaints", PUBLIC, COMPLAINT),
    Route("POST", "/v1/questions", PUBLIC, {"text": "Wie mag dit vragen?"}),
    Route("POST", "/v1/my-case/complaint", MY_QUESTION, {"institutionId": "voorbeeldstad"}),
    Route("PUT", "/v1/my-case/contact", MINE, {"email": None}),
    Route("PUT", "/v1/my-case/identity", MINE, {"name": None}),
    Route("PUT", "/v1/my-case/language", MINE, {"language": "nl"}),
    Route("POST", "/v1/my-case/messages", REPRESENTED, TEXT),
    Route("POST", "/v1/my-case/safety", MINE, {"safe": True}),
    Route("POST", "/v1/my-case/feedback", MINE, TEXT),
    Route("POST", "/v1/my-case/reopening-requests", MINE, TEXT),
    Route("POST", "/v1/my-case/consents", MINE, {"consent": True}),
    Route("POST", "/v1/my-case/responses", MINE, {"accept": False}),
    Route("POST", "/v1/institution-case/replies", ADDRESSED, TEXT),
    Route("POST", "/v1/institution-case/extensions", ADDRESSED, TEXT),
    Route("POST", "/v1/institution-case/objections", ADDRESSED, TEXT),
    Route("POST", "/v1/institution-case/corrections", ADDRESSED, TEXT),
    Route(
        "POST",
        "/v1/cases/{number}/entries",
        THE_MEDIATOR | {Caller.ADMINISTRATOR: Answer.FORBIDDEN},
        TEXT | {"audience": "mediator_only"},
    ),
    Route(
        "POST",
        "/v1/cases/{number}/decisions",
        ASSIGNED,
        {"decision": "reopen_case", **WHY},
    ),
    Route(
        "POST",
        "/v1/cases/{number}/decisions/preview",
        THE_MEDIATOR,
        {"decision": "ask_complainant", **TEXT},
    ),
    Route("POST", "/v1/my-case/attachments", REPRESENTED, file=b"Wie mag dit sturen?"),
    Route(
        "POST",
        "/v1/lost-receipt-codes",
        PUBLIC,
        {"caseNumber": "{number}", "email": "iemand@post.example"},
    ),
    Route(
        "POST",
        "/v1/receipt-codes",
        BOTH_HALVES,
        {"claimCode": "{receipt_code}", "letterCode": "{receipt_code}"},
    ),
    Route("DELETE", "/v1/my-case/receipt-code-requests/{request_id}", MY_OWN),
    Route("POST", "/v1/my-case/receipt-codes", MINE, {}),
    Route("POST", "/v1/my-case/mandates", MINE, {"name": "Wie mag dit?"}),
    Route("DELETE", "/v1/my-case/mandates/{mandate}", MY_OWN),
    # Afterwards the case has another mediator.
    Route("POST", "/v1/my-case/mediator-objection", MINE, WHY),
    # Last: afterwards the case is over, and then nobody is signed in.
    Route("POST", "/v1/my-case/withdrawals", MINE, {}),
    Route("POST", "/v1/my-case/erasure-requests", MINE, {"confirm": True}),
    Route("POST", "/v1/my-case/erasure-cancellations", MINE, {}),
    Route("DELETE", "/v1/sessions/current", REPRESENTED),
]
