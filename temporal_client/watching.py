"""What an outside watcher asks Temporal. Nothing of it needs a key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from settings.application import Settings

_PAGE = 100
"""Workflows asked for at once.

The server reads something for each that it lists, and refuses a request that takes more reads than
it allows within a second, again and again; many small requests it only makes wait.
"""


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """How a Schedule is doing.

    Attributes:
        last: the latest time that it acted for; ``None`` when it never did.
        next: the next time that it will act for; ``None`` when there is none.
    """

    paused: bool
    last: datetime | None
    next: datetime | None


class TemporalWatch:
    """Looks at workflows, workers and Schedules from outside.

    Every method raises one of ``UNREACHABLE`` when Temporal cannot be asked.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    async def found_by(self, query: str) -> Sequence[str]:
        """Return the ids of the workflows that a query finds."""
        listed = self._client.list_workflows(query, page_size=_PAGE)
        return [found.id async for found in listed]

    async def last_polled(self, task_queue: str) -> datetime | None:
        """Return when somebody last asked for both kinds of tasks; ``None`` when nobody does."""
        kinds = (
            TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
        )
        moments = [await self._last_polled(task_queue, kind) for kind in kinds]
        known = [moment for moment in moments if moment is not None]
        return min(known) if len(known) == len(moments) else None

    async def _last_polled(
        self, task_queue: str, kind: "TaskQueueType.ValueType"
    ) -> datetime | None:
        answer = await self._client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=self._client.namespace,
                task_queue=TaskQueue(name=task_queue),
                task_queue_type=kind,
            )
        )
        moments = [poller.last_access_time.ToDatetime(UTC) for poller in answer.pollers]
        return max(moments, default=None)

    async def schedules(self) -> Mapping[str, ScheduleState]:
        """Return how every Schedule of the namespace is doing, by its id."""
        states: dict[str, ScheduleState] = {}
        async for listed in await self._client.list_schedules():
            described = await self._client.get_schedule_handle(listed.id).describe()
            recent, coming = described.info.recent_actions, described.info.next_action_times
            states[listed.id] = ScheduleState(
                paused=described.schedule.state.paused,
                last=recent[-1].scheduled_at if recent else None,
                next=coming[0] if coming else None,
            )
        return states


async def connect_without_keys(settings: Settings) -> Client:
    """Return a client that connects when it is first used, and cannot decrypt anything."""
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        identity="wederhoor-watch",
        lazy=True,
    )
