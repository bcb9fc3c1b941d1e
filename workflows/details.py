"""How a supervisor reads a case in the Temporal UI: in ten seconds, without its content."""

from activities.messages import CaseReference
from domain.clocks import Clock
from domain.overview import ClockView, Overview
from domain.policy.model import Rung, Step
from domain.waits import Attention, Wait

_AWAITED: dict[Wait, str] = {
    Wait.PORTAL_ACKNOWLEDGES: "our acknowledgement",
    Wait.MEDIATOR_FOUND: "a mediator for the case",
    Wait.MEDIATOR_AVAILABLE: "a mediator who is free",
    Wait.MEDIATOR_ACCEPTS: "the mediator who was asked to take the case",
    Wait.COMPLAINANT_CONSENTS: "the complainant's consent to contact the institution",
    Wait.INSTITUTION_REPLIES: "the institution's reply",
    Wait.MEDIATOR_PROPOSES: "the mediator's proposal for an outcome",
    Wait.COMPLAINANT_RESPONDS: "the complainant's answer to the proposal",
    Wait.COMPLAINANT_ANSWERS: "the complainant's answer to a question of the mediator",
    Wait.INSTITUTION_ANSWERS: "the institution's answer to a further question",
    Wait.COMPLAINANT_CHOOSES_ROUTE: "the complainant's choice about the next body",
    Wait.NEXT_BODY_WINDOW: "the window to go to the next body",
}
_OTHERWISE: dict[Wait, str] = {
    Wait.PORTAL_ACKNOWLEDGES: "the case asks for a supervisor's attention",
    Wait.MEDIATOR_FOUND: "the complainant is told that we are late",
    Wait.MEDIATOR_AVAILABLE: "every mediator is considered again",
    Wait.MEDIATOR_ACCEPTS: "the case is offered to another mediator",
    Wait.COMPLAINANT_CONSENTS: "the mediator is told and the complainant is asked again",
    Wait.INSTITUTION_REPLIES: "the institution is told that its term has passed",
    Wait.MEDIATOR_PROPOSES: "the case asks for a supervisor's attention",
    Wait.COMPLAINANT_RESPONDS: "the mediator is told and the complainant is asked again",
    Wait.COMPLAINANT_ANSWERS: "the mediator is told and decides how to go on",
    Wait.INSTITUTION_ANSWERS: "the mediator is told and decides how to go on",
    Wait.COMPLAINANT_CHOOSES_ROUTE: "the mediator decides how to go on",
    Wait.NEXT_BODY_WINDOW: "the complainant can no longer go to the next body",
}
_ATTENTION: dict[Attention, str] = {
    Attention.NO_MEDIATOR: "no mediator could be found",
    Attention.ACKNOWLEDGEMENT_LATE: "the complainant was not told in time that we have this",
    Attention.MEDIATOR_SILENT: "the mediator let a term pass",
    Attention.COMPLAINANT_SILENT: "the complainant let a term pass",
    Attention.INSTITUTION_SILENT: "the institution let its term pass",
    Attention.LETTER_FAILED: "a letter could not be delivered",
    Attention.DANGER: "the complainant is not safe; nothing goes to the institution",
    Attention.POLICY_CORRECTED: "a rule of this case was corrected; the mediator decides",
    Attention.WORKFLOW_MISSING: "the workflow of an open case is missing",
}
_STEPS: dict[Step, str] = {
    Step.REMIND: "Reminder",
    Step.PASS: "Deadline",
    Step.CONTACT_NEXT: "Next desk",
    Step.OFFER_REFERRAL: "Offer of referral",
}


def timer_summary(clock: Clock, rung: Rung | None) -> str:
    """Return what a timer says of itself."""
    what = _STEPS[rung.step] if rung else "Clock"
    again = f" (round {clock.round})" if clock.round > 1 else ""
    return f"{what}: {_AWAITED[clock.wait]}{again}"


def static_summary(case: CaseReference) -> str:
    """Return the line that stands beside a workflow in lists."""
    return f"Case {case.number}, episode {case.episode}"


def current_details(case: CaseReference, overview: Overview) -> str:
    """Return, as Markdown, where the case stands and what happens if nobody acts."""
    lines = [f"**Case {case.number}**, episode {case.episode}", f"Stage: **{overview.stage}**"]
    if overview.details.attentions:
        reasons = "; ".join(_ATTENTION[reason] for reason in overview.details.attentions)
        lines.append(f"**Attention**: {reasons}")
    if overview.waiting_for is not None:
        lines += _waiting(overview, overview.waiting_for)
    if overview.details.steps_to_decide:
        lines.append(f"The mediator decides: {', '.join(overview.details.steps_to_decide)}")
    if overview.outcome is not None:
        lines.append(f"Outcome: **{overview.outcome}**")
    if overview.details.clocks:
        lines.append("\n".join(_row(view) for view in overview.details.clocks))
    version = overview.details.policy_version
    lines.append(f"Entries read: {overview.cursor}; rules of {version}")
    lines.append(f"Act through the API: `/v1/cases/{case.number}`")
    return "\n\n".join(lines)


def _waiting(overview: Overview, wait: Wait) -> list[str]:
    running = [view.clock for view in overview.details.clocks if view.clock.wait is wait]
    if not running:
        return [f"Waiting for {_AWAITED[wait]}"]
    since = f"{running[0].since:%Y-%m-%d}"
    return [
        f"Waiting for {_AWAITED[wait]} until **{running[0].day}** (since {since})",
        f"If nobody acts: {_OTHERWISE[wait]}",
    ]


def _row(view: ClockView) -> str:
    clock = view.clock
    state = ", stands still" if clock.paused_at else ", passed" if clock.passed else ""
    following = ""
    if view.next_step is not None and view.next_at is not None:
        following = f"; {_STEPS[view.next_step].lower()} on {view.next_at:%Y-%m-%d}"
    return f"- {_AWAITED[clock.wait]}: until {clock.day}{state}{following} ({clock.source})"
