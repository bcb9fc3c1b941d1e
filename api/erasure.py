"""A complainant's right to be erased (AVG art. 17): what happens then, asking for it, keeping."""

from fastapi import APIRouter

from api.answers import AcceptedBody, ErasureBody
from api.problems import FieldError, Problem
from api.receiving import Incoming
from api.schemas import CancellationBody, ErasureRequestBody
from api.who import Complainant
from api.wire_format import StrictRoute
from api.wiring import Parts
from catalogues.texts import text, written_date
from domain.aftercare import erasure_on
from domain.entries import Decision, EntryKind
from domain.parties import Party
from domain.retention import ERASURE_WAIT
from storage.case_file import CaseFile, NewEntry

router = APIRouter(prefix="/my-case", route_class=StrictRoute, tags=["complainant"])

_ENTRIES = "/v1/my-case/entries"
_TOLD = ("goes", "open_case", "wait", "stays", "institution", "backups", "law")


@router.get("/erasure")
async def read_erasure(parts: Parts, case: Complainant) -> ErasureBody:
    """Tell what is erased and what stays, and when the case is erased if that was asked for."""
    async with parts.database.transaction() as session:
        file = CaseFile(session, parts.vault, parts.clock)
        language = await file.language_of(case)
        latest = await file.latest_facts(case, EntryKind.ERASURE_REQUEST)
    asked = latest is not None and latest.decision is Decision.REQUEST_ERASURE
    on = erasure_on(latest.received_at) if latest is not None and asked else None
    told = [text(language, f"erasure.{key}", **_values(key)) for key in _TOLD]
    if on is not None:
        told.insert(0, text(language, "erasure.asked", day=written_date(on, language)))
    return ErasureBody(asked=asked, erased_on=on, text=told)


@router.post("/erasure-requests", status_code=202)
async def ask_to_be_erased(
    incoming: Incoming, case: Complainant, body: ErasureRequestBody
) -> AcceptedBody:
    """Ask that everything in the case is erased; `GET /v1/my-case/erasure` tells what that means.

    It can be taken back for seven days. A complaint that is open is withdrawn by it.
    """
    if not body.confirm:
        raise Problem(400, "invalid-request", [FieldError("#/confirm", "value")])
    return await incoming.entry(case, _entry(Decision.REQUEST_ERASURE), _ENTRIES)


@router.post("/erasure-cancellations", status_code=202)
async def keep_my_case(
    incoming: Incoming, case: Complainant, body: CancellationBody
) -> AcceptedBody:
    """Take a request to be erased back. The complaint stays withdrawn."""
    return await incoming.entry(case, _entry(Decision.CANCEL_ERASURE), _ENTRIES)


def _entry(decision: Decision) -> NewEntry:
    return NewEntry(kind=EntryKind.ERASURE_REQUEST, author=Party.COMPLAINANT, decision=decision)


def _values(key: str) -> dict[str, str]:
    return {"days": str(ERASURE_WAIT.days)} if key == "wait" else {}
