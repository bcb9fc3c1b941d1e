"""How a supervisor reads a case in the Temporal UI: in ten seconds, without its content."""

from activities.messages import CaseReference
from domain.overview import Overview
from domain.waits import Attention, Wait

_AWAITED: dict[Wait, str] = {
    Wait.MEDIATOR_AVAILABLE: "a mediator who is free",
    Wait.MEDIATOR_ACCEPTS: "the mediator who was asked to take the case",
    Wait.COMPLAINANT_CONSENTS: "the complainant's consent to contact the institution",
    Wait.INSTITUTION_REPLIES: "the institution's reply",
    Wait.MEDIATOR_PROPOSES: "the mediator's proposal for an outcome",
    Wait.COMPLAINANT_RESPONDS: "the complainant's answer to the proposal",
}
_OTHERWISE: dict[Wait, str] = {
    Wait.MEDIATOR_AVAILABLE: "every mediator is considered again",
    Wait.MEDIATOR_ACCEPTS: "the case is offered to another mediator",
    Wait.COMPLAINANT_CONSENTS: "the mediator is told and the complainant is asked again",
    Wait.INSTITUTION_REPLIES: "the institution is told that its term has passed",
    Wait.MEDIATOR_PROPOSES: "the case asks for a supervisor's attention",
    Wait.COMPLAINANT_RESPONDS: "the mediator is told and the complainant is asked again",
}
_ATTENTION: dict[Attention, str] = {
    Attention.NO_MEDIATOR: "no mediator could be found",
    Attention.MEDIATOR_SILENT: "the mediator let a term pass",
    Attention.COMPLAINANT_SILENT: "the complainant let a term pass",
    Attention.INSTITUTION_SILENT: "the institution let its term pass",
    Attention.LETTER_FAILED: "a letter could not be delivered",
    Attention.WORKFLOW_MISSING: "the workflow of an open case is missing",
}


def timer_summary(wait: Wait, *, reminder: bool, round_: int) -> str:
    """Return what a timer says of itself."""
    what = "Reminder" if reminder else "Deadline"
    again = f" (round {round_})" if round_ > 1 else ""
    return f"{what}: {_AWAITED[wait]}{again}"


def static_summary(case: CaseReference) -> str:
    """Return the line that stands beside a workflow in lists."""
    return f"Case {case.number}, episode {case.episode}"


def current_details(case: CaseReference, overview: Overview, terms_version: str) -> str:
    """Return, as Markdown, where the case stands and what happens if nobody acts."""
    lines = [f"**Case {case.number}**, episode {case.episode}", f"Stage: **{overview.stage}**"]
    if overview.attention is not None:
        lines.append(f"**Attention**: {_ATTENTION[overview.attention]}")
    if overview.waiting_for is not None and overview.due_at is not None:
        until = f"{overview.due_at:%Y-%m-%d %H:%M} UTC"
        lines.append(f"Waiting for {_AWAITED[overview.waiting_for]} until **{until}**")
        lines.append(f"If nobody acts: {_OTHERWISE[overview.waiting_for]}")
    if overview.outcome is not None:
        lines.append(f"Outcome: **{overview.outcome}**")
    lines.append(f"Entries read: {overview.cursor}; terms of {terms_version}")
    lines.append(f"Act through the API: `/v1/cases/{case.number}`")
    return "\n\n".join(lines)
