"""The schedule by which digests are written: on every working day at eight in the morning."""

from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from domain.clock import CIVIL_TIME
from workflows.digest import DigestWorkflow
from workflows.identifiers import DIGEST_SCHEDULE
from workflows.options import TASK_QUEUE

_HOUR = 8
_UNTIL_MIDNIGHT = timedelta(hours=24 - _HOUR)
"""A digest that was missed is written as long as its day lasts; then the next one says the same."""


def digest_schedule() -> Schedule:
    """Return the schedule. Holidays are for the activity to see: the policy knows them."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            DigestWorkflow.run, id=DIGEST_SCHEDULE, task_queue=TASK_QUEUE
        ),
        spec=ScheduleSpec(
            calendars=[
                ScheduleCalendarSpec(hour=[ScheduleRange(_HOUR)], day_of_week=[ScheduleRange(1, 5)])
            ],
            time_zone_name=CIVIL_TIME.key,
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_UNTIL_MIDNIGHT),
    )


async def keep_schedule(client: Client) -> None:
    """Make the schedule, or make it what this release says; whether it is paused stays.

    Raises:
        temporalio.service.RPCError: when Temporal cannot be reached.
    """
    wanted = digest_schedule()

    def renewed(found: ScheduleUpdateInput) -> ScheduleUpdate:
        wanted.state = found.description.schedule.state
        return ScheduleUpdate(wanted)

    try:
        await client.create_schedule(DIGEST_SCHEDULE, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(DIGEST_SCHEDULE).update(renewed)
