"""The words that a trace may hold. Whatever is not among them leaves no process."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from opentelemetry.util.types import AttributeValue

from domain.bells import Bell


class Spans(StrEnum):
    """What takes time, in the order in which a request causes it."""

    REQUEST = "request"
    DELIVERY = "delivery"
    """Telling a case's workflow of an entry: by the request that brought it, or by the relay."""
    START = "start"
    RING = "ring"
    HEAR = "hear"
    """A workflow is started or rung. It takes no time, and is noted once, not at a replay."""
    ACTIVITY = "activity"


class Attributes(StrEnum):
    """What is told of it."""

    METHOD = "http.request.method"
    ROUTE = "http.route"
    """The template of the route, never a path."""
    STATUS = "http.response.status_code"
    WORKFLOW = "wederhoor.workflow"
    BELL = "wederhoor.bell"
    ACTIVITY = "wederhoor.activity"
    ATTEMPT = "wederhoor.attempt"
    LATE = "wederhoor.late"
    """Whether the relay delivered, because the request could not."""


METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Told by name; a method can be any word, and so anybody's secret."""
ACTIVITIES = frozenset(
    {
        *("read_ledger", "record_course", "take_snapshot", "choose_mediator", "post_letter"),
        "choose_adviser",
        *("close_case", "reopen_case", "mark_erase_due"),
        *("close_doors", "await_end_of_runs", "note_erasure", "destroy_keys"),
        *("delete_objects", "delete_runs", "delete_rows"),
        *("write_digests", "publish_figures"),
    }
)

type Harmless = Callable[[AttributeValue], bool]


def harmless_values(workflows: frozenset[str], routes: frozenset[str]) -> Mapping[str, Harmless]:
    """Return which values each attribute may have.

    Args:
        workflows: the types of our workflows.
        routes: the templates of the routes that this process serves.
    """
    return MappingProxyType(
        {
            Attributes.METHOD: METHODS.__contains__,
            Attributes.ROUTE: routes.__contains__,
            Attributes.STATUS: _is_number,
            Attributes.WORKFLOW: workflows.__contains__,
            Attributes.BELL: frozenset(Bell).__contains__,
            Attributes.ACTIVITY: ACTIVITIES.__contains__,
            Attributes.ATTEMPT: _is_number,
            Attributes.LATE: lambda value: isinstance(value, bool),
        }
    )


def _is_number(value: AttributeValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
