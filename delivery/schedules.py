"""The schedules: digests on every working day at eight, figures once a year on 15 January."""

from collections.abc import Mapping
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
from workflows.figures import PublishFiguresWorkflow
from workflows.identifiers import DIGEST_SCHEDULE, FIGURES_SCHEDULE
from workflows.options import TASK_QUEUE

_HOUR = 8
_UNTIL_MIDNIGHT = timedelta(hours=24 - _HOUR)
"""A digest that was missed is written as long as its day lasts; then the next one says the same."""

_UNTIL_THE_NEXT_YEAR = timedelta(days=350)
"""Figures that were missed are published whenever that becomes possible."""


def schedules() -> Mapping[str, Schedule]:
    """Return the schedules, by id.

    Holidays are for the digest's activity to see: the policy knows them.
    """
    hour = [ScheduleRange(_HOUR)]
    return {
        DIGEST_SCHEDULE: _schedule(
            ScheduleActionStartWorkflow(
                DigestWorkflow.run, id=DIGEST_SCHEDULE, task_queue=TASK_QUEUE
            ),
            ScheduleCalendarSpec(hour=hour, day_of_week=[ScheduleRange(1, 5)]),
            _UNTIL_MIDNIGHT,
        ),
        FIGURES_SCHEDULE: _schedule(
            ScheduleActionStartWorkflow(
                PublishFiguresWorkflow.run, id=FIGURES_SCHEDULE, task_queue=TASK_QUEUE
            ),
            ScheduleCalendarSpec(
                hour=hour, day_of_month=[ScheduleRange(15)], month=[ScheduleRange(1)]
            ),
            _UNTIL_THE_NEXT_YEAR,
        ),
    }


def _schedule(
    action: ScheduleActionStartWorkflow, when: ScheduleCalendarSpec, catchup: timedelta
) -> Schedule:
    return Schedule(
        action=action,
        spec=ScheduleSpec(calendars=[when], time_zone_name=CIVIL_TIME.key),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=catchup),
    )


async def keep_schedules(client: Client) -> None:
    """Make the schedules, or make them what this release says; whether one is paused stays.

    Raises:
        temporalio.service.RPCError: when Temporal cannot be reached.
    """
    for name, wanted in schedules().items():
        await _keep(client, name, wanted)


async def _keep(client: Client, name: str, wanted: Schedule) -> None:
    def renewed(found: ScheduleUpdateInput) -> ScheduleUpdate:
        wanted.state = found.description.schedule.state
        return ScheduleUpdate(wanted)

    try:
        await client.create_schedule(name, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(renewed)
