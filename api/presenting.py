"""How rows of the case file become answers, in the reader's language."""

from collections.abc import Sequence

from pydantic.alias_generators import to_camel

from api.schemas import (
    CaseBody,
    EntryBody,
    InstitutionBody,
    LetterBody,
    MyCaseBody,
    OutcomeBody,
    StageBody,
    WaitingBody,
)
from catalogues.texts import text, written_moment
from domain.languages import Language
from domain.stages import Outcome, Stage
from domain.waits import SERVICE_LEVEL
from storage.case_file import Body, FiledEntry
from storage.letter_book import LetterText
from storage.models import CaseRow, InstitutionRow, LetterRow, OverviewRow


def institution_body(row: InstitutionRow) -> InstitutionBody:
    """Present an institution."""
    return InstitutionBody(id=row.id, kind=row.kind, name=row.name)


def entry_body(entry: FiledEntry, language: Language) -> EntryBody:
    """Present an entry and what became of it."""
    facts, answer = entry.facts, entry.answer
    return EntryBody(
        number=facts.number,
        kind=facts.kind,
        title=text(language, f"entry.{facts.kind}"),
        author=facts.author,
        audience=facts.audience,
        received_at=facts.received_at,
        decision=facts.decision,
        outcome=facts.outcome,
        status=answer.status,
        refusal=answer.refusal,
        refusal_text=text(language, f"refusal.{answer.refusal}") if answer.refusal else None,
        body=_on_the_wire(entry.body),
    )


def _on_the_wire(body: Body | None) -> dict[str, str] | None:
    return None if body is None else {to_camel(name): value for name, value in body.items()}


def entry_bodies(entries: Sequence[FiledEntry], language: Language) -> list[EntryBody]:
    """Present entries."""
    return [entry_body(entry, language) for entry in entries]


def letter_body(row: LetterRow, content: LetterText, language: Language) -> LetterBody:
    """Present a letter."""
    return LetterBody(
        id=row.id,
        letter=row.letter,
        title=text(language, f"letter.{row.letter}"),
        written_at=row.written_at,
        status=row.status,
        subject=content.subject,
        text=content.text,
    )


def my_case_body(
    case: CaseRow,
    overview: OverviewRow | None,
    institution: InstitutionRow,
    language: Language,
    *,
    news_by_mail: bool,
) -> MyCaseBody:
    """Present a complainant's case: where it stands, and what happens next."""
    stage = Stage.RECEIVED if overview is None else overview.stage
    proposal = overview.proposal if overview is not None and overview.outcome is None else None
    return MyCaseBody(
        case_number=case.number,
        institution=institution_body(institution),
        language=language,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        stage=StageBody(code=stage, text=text(language, f"stage.{stage}")),
        waiting_for=_waiting(overview, language),
        consent=overview is not None and overview.consent,
        news_by_mail=news_by_mail,
        proposal=_outcome(proposal, language, overview.proposed_in if overview else None),
        outcome=_outcome(overview.outcome if overview else None, language),
    )


def _outcome(
    outcome: Outcome | None, language: Language, entry: int | None = None
) -> OutcomeBody | None:
    if outcome is None:
        return None
    return OutcomeBody(code=outcome, text=text(language, f"outcome.{outcome}"), entry=entry)


def _waiting(overview: OverviewRow | None, language: Language) -> WaitingBody | None:
    if overview is None or overview.waiting_for is None:
        return None
    wait = overview.waiting_for
    since, due = overview.waiting_since, overview.due_at
    why = then = None
    if since is not None and due is not None:
        moments = {
            "since": written_moment(since, language),
            "due": written_moment(due, language),
        }
        source = overview.term_source or SERVICE_LEVEL
        if source == SERVICE_LEVEL:
            source = text(language, "source.service_level")
        why = text(language, f"wait.{wait}.why", source=source, **moments)
        then = text(language, f"wait.{wait}.then", due=moments["due"])
    return WaitingBody(
        code=wait,
        party=wait.party,
        text=text(language, f"wait.{wait}"),
        since=since,
        until=due,
        why=why,
        if_nobody_acts=then,
    )


def case_body(case: CaseRow, overview: OverviewRow | None, institution: InstitutionRow) -> CaseBody:
    """Present the course of a case to staff."""
    return CaseBody(
        case_number=case.number,
        episode=case.episode,
        institution=institution_body(institution),
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        stage=Stage.RECEIVED if overview is None else overview.stage,
        waiting_for=overview.waiting_for if overview else None,
        due_at=overview.due_at if overview else None,
        attention=overview.attention if overview else None,
        mediator_id=overview.mediator_id if overview else None,
        offered_id=overview.offered_id if overview else None,
        consent=overview is not None and overview.consent,
        contacted=overview is not None and overview.contacted,
        replied=overview is not None and overview.replied,
        proposal=overview.proposal if overview else None,
        outcome=overview.outcome if overview else None,
        entry_count=case.entry_count,
    )
