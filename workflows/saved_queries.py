"""What supervisors look for in the Temporal UI, which keeps no saved queries for everybody."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from domain.matter import Matter
from domain.waits import Attention, Wait
from workflows.identifiers import COMPLAINT, beginning_of_episodes
from workflows.search_attributes import ATTENTIONS, MEDIATOR, NOTHING, WAITING_FOR, WAITING_SINCE

WORKFLOW_TASK_FAILING = (
    'TemporalReportedProblems IN ("category=WorkflowTaskFailed", '
    '"category=WorkflowTaskTimedOut") AND ExecutionStatus = "Running"'
)
"""The server sets this attribute, and takes it away when the workflow goes on."""


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query in the language of Temporal's lists, and which cases it finds."""

    finds: str
    query: str

    def url(self, ui_url: str, namespace: str) -> str:
        """Return the address of what it finds."""
        page = f"{ui_url.rstrip('/')}/namespaces/{quote(namespace, safe='')}/workflows"
        return f"{page}?query={quote(self.query, safe='')}"


def asking_for(reason: Attention) -> str:
    """Return the query for all cases that ask for a look for this reason."""
    return f'{ATTENTIONS.name} = "{reason}" AND ExecutionStatus = "Running"'


def waiting_since_before(moment: datetime) -> str:
    """Return the query for the open cases that have waited for the same since before a moment."""
    return f'{WAITING_SINCE.name} < "{moment:%Y-%m-%dT%H:%M:%SZ}" AND ExecutionStatus = "Running"'


def course_of(number: str, matter: Matter) -> SavedQuery:
    """Return the query for all episodes of one case."""
    beginning = beginning_of_episodes(number, matter)
    return SavedQuery("the course of one case", f'WorkflowId STARTS_WITH "{beginning}"')


QUERIES: tuple[SavedQuery, ...] = (
    SavedQuery("overdue at the institution", asking_for(Attention.INSTITUTION_SILENT)),
    SavedQuery(
        "no mediator yet",
        f'{MEDIATOR.name} = "{NOTHING}" AND WorkflowType = "{COMPLAINT}" '
        'AND ExecutionStatus = "Running"',
    ),
    SavedQuery("nobody could be found as mediator", asking_for(Attention.NO_MEDIATOR)),
    SavedQuery(
        "questions that wait for an answer",
        f'{WAITING_FOR.name} = "{Wait.ADVISER_ANSWERS}" AND ExecutionStatus = "Running"',
    ),
    SavedQuery("nobody could be found as adviser", asking_for(Attention.NO_ADVISER)),
    SavedQuery("an answer is late", asking_for(Attention.ADVISER_SILENT)),
    SavedQuery("a letter failed", asking_for(Attention.LETTER_FAILED)),
    SavedQuery("an effect fails, and is tried again", asking_for(Attention.EFFECT_FAILING)),
    SavedQuery("the workflow cannot go on", WORKFLOW_TASK_FAILING),
)
"""Those that name no day."""


def with_waiting(since_before: datetime) -> tuple[SavedQuery, ...]:
    """Return all of them, with the cases that have waited since before a moment."""
    finds = f"waiting for the same since before {since_before:%Y-%m-%d}"
    return (*QUERIES, SavedQuery(finds, waiting_since_before(since_before)))
