"""The only place in which workflow ids and workflow type names are formed."""

from activities.messages import CaseReference
from domain.matter import Matter

COMPLAINT = "Complaint"
ADVICE = "Advice"
AFTERCARE = "Aftercare"
ERASURE = "Erasure"
DIGEST = "Digest"
FIGURES = "Figures"

WORKFLOW_TYPES = frozenset({COMPLAINT, ADVICE, AFTERCARE, ERASURE, DIGEST, FIGURES})

DIGEST_SCHEDULE = "digest"
FIGURES_SCHEDULE = "figures"
"""Id of a schedule, and the beginning of the id of each workflow that it starts."""

FORESEE = "foresee"
"""The query that asks what a decision would cause."""


_BEGINNINGS = {Matter.COMPLAINT: "complaint", Matter.QUESTION: "advice"}


def beginning_of_episodes(number: str, matter: Matter) -> str:
    """Return how the ids of the workflows of all episodes of a case begin."""
    return f"{_BEGINNINGS[matter]}-{number}."


def episode_workflow_id(case: CaseReference, matter: Matter) -> str:
    """Return the id of the workflow that keeps the promises of this episode, by its matter."""
    return f"{beginning_of_episodes(case.number, matter)}{case.episode}"


def complaint_workflow_id(case: CaseReference) -> str:
    """Return the id of the workflow that keeps this episode's promises."""
    return episode_workflow_id(case, Matter.COMPLAINT)


def advice_workflow_id(case: CaseReference) -> str:
    """Return the id of the workflow that keeps the promises of this episode of a question."""
    return episode_workflow_id(case, Matter.QUESTION)


def episode_workflow_type(matter: Matter) -> str:
    """Return the type of the workflow of an open case, by its matter."""
    return ADVICE if matter is Matter.QUESTION else COMPLAINT


def aftercare_workflow_id(case: CaseReference) -> str:
    """Return the id of the workflow that looks after this episode once it is closed."""
    return f"aftercare-{case.number}.{case.episode}"


def case_number_in(workflow_id: str) -> str | None:
    """Return the number of the case that a workflow is about; ``None`` for one of no case."""
    kind, _, rest = workflow_id.partition("-")
    if kind not in {"complaint", "advice", "aftercare", "erasure"}:
        return None
    return rest.rpartition(".")[0] or None


def workflow_ids_of(case: CaseReference) -> tuple[str, ...]:
    """Return the ids that workflows of a case can have, in all episodes, but for its erasure."""
    episodes = [
        CaseReference(case.id, case.number, episode) for episode in range(1, case.episode + 1)
    ]
    return tuple(
        workflow_id(episode)
        for episode in episodes
        for workflow_id in (complaint_workflow_id, advice_workflow_id, aftercare_workflow_id)
    )


def erasure_workflow_id(case: CaseReference) -> str:
    """Return the id of the workflow that erases a case once its time is over."""
    return f"erasure-{case.number}.{case.episode}"
