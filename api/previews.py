"""What a decision would cause, before it is taken: the letters as they would leave.

The workflow says by its own rules, on a copy of what it knows, which letters there would be. They
are put into words in a transaction in which the decision stands and which is then undone.
"""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from activities.ledger import record
from activities.letters import Composed
from activities.messages import CaseReference, Foresee, Foreseen, PostLetter
from api.cases import possible_decision
from api.problems import RETRY_AFTER, Problem, language_of
from api.schemas import Wire
from api.staff_schemas import DecisionBody
from api.who import SignedIn
from api.wire_format import StrictRoute
from api.wiring import Parts, Wiring
from catalogues.texts import text
from domain.case_number import CaseNumber
from domain.entries import EntryFacts, Refusal
from domain.identifiers import CaseId, EntryNumber
from domain.languages import Language
from domain.letters import Letter
from domain.parties import Party
from mail.letter import REPLY_LINK_PLACE
from storage.case_file import CaseFile, NewEntry, moment_of
from storage.models import CaseRow
from temporal_client.connection import CONNECT_TIMEOUT
from temporal_client.unreachable import UNREACHABLE
from workflows.identifiers import FORESEE, episode_workflow_id

router = APIRouter(prefix="/cases", route_class=StrictRoute, tags=["staff"])


class ForeseenLetterBody(Wire):
    """A letter as it would leave."""

    letter: Letter
    title: str
    recipient: Party
    language: Language
    by_mail: bool
    """Whether the reader gets it by mail; otherwise it waits in the case file."""
    held: bool
    """Whether it would wait, because somebody is not safe."""
    subject: str
    text: str
    html: str


class PreviewBody(Wire):
    """What a decision would cause now."""

    refusal: Refusal | None
    refusal_text: str | None
    letters: list[ForeseenLetterBody]


@router.post("/{number}/decisions/preview")
async def preview_decision(
    parts: Parts, staff: SignedIn, request: Request, number: str, body: DecisionBody
) -> PreviewBody:
    """Show the letters that a decision would cause, for whoever has the case. Nothing happens.

    What arrives before the decision is taken may change them. A closed case has no preview.
    """
    row, entry = await possible_decision(parts, staff, number, body)
    language = language_of(request)
    case = CaseReference(CaseId(row.id), CaseNumber(row.number), row.episode)
    now = moment_of(row, parts.clock)
    facts = EntryFacts(
        number=EntryNumber(row.entry_count + 1),
        kind=entry.kind,
        author=entry.author,
        received_at=now,
        audience=entry.audience,
        actor=entry.actor,
        decision=entry.decision,
        outcome=entry.outcome,
        mediator=entry.mediator,
        details=entry.details,
    )
    workflow_id = episode_workflow_id(case, row.matter)
    foreseen = await _foreseen(parts.temporal, workflow_id, Foresee(facts, now))
    composed = await _composed(parts, row, entry, foreseen.letters)
    refusal = foreseen.refusal
    return PreviewBody(
        refusal=refusal,
        refusal_text=text(language, f"refusal.{refusal}") if refusal else None,
        letters=[
            _letter(order, letter, language, held=foreseen.held)
            for order, letter in zip(foreseen.letters, composed, strict=True)
        ],
    )


async def _foreseen(temporal: Client, workflow_id: str, question: Foresee) -> Foreseen:
    handle = temporal.get_workflow_handle(workflow_id)
    try:
        return await handle.query(
            FORESEE, question, result_type=Foreseen, rpc_timeout=CONNECT_TIMEOUT
        )
    except (*UNREACHABLE, WorkflowQueryFailedError) as error:
        if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
            raise Problem(404, "not-found") from None
        raise _unavailable() from error


def _unavailable() -> Problem:
    return Problem(503, "preview-unavailable", headers={"Retry-After": RETRY_AFTER})


async def _composed(
    parts: Wiring, row: CaseRow, entry: NewEntry, orders: Sequence[PostLetter]
) -> list[Composed]:
    if not orders:
        return []
    async with parts.database.transaction() as session:
        undone = await session.begin_nested()
        file = CaseFile(session, parts.vault, parts.clock)
        case = await file.lock(CaseId(row.id))
        if case.entry_count != row.entry_count:
            raise _unavailable()  # something arrived meanwhile, and would be quoted instead
        await file.append(CaseId(row.id), entry, parts.chain)
        await record(session, orders[0].news, parts.clock())
        composed = [await parts.composer.compose(session, case, order) for order in orders]
        await undone.rollback()
    return composed


def _letter(
    order: PostLetter, letter: Composed, language: Language, *, held: bool
) -> ForeseenLetterBody:
    wanted, filed = order.letter, letter.content.filed
    return ForeseenLetterBody(
        letter=wanted.letter,
        title=text(language, f"letter.{wanted.letter}"),
        recipient=wanted.recipient,
        language=letter.recipient.language,
        by_mail=letter.recipient.by_mail,
        held=held and wanted.recipient is Party.INSTITUTION,
        subject=filed.subject,
        text=filed.text.replace(REPLY_LINK_PLACE, "…"),
        html=filed.html.replace(REPLY_LINK_PLACE, "…"),
    )
