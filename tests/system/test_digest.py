"""The schedule of the digests, on the real server: made once, and it does what it is for."""

from datetime import timedelta

from temporalio.client import Client, ScheduleOverlapPolicy

from delivery.schedules import keep_schedules
from tests.system.scheduled import newest_done, runs_of
from workflows.identifiers import DIGEST, DIGEST_SCHEDULE


class TestTheSchedule:
    async def test_was_made_by_the_worker_for_eight_in_the_morning_in_the_netherlands(
        self, temporal: Client
    ) -> None:
        found = (await temporal.get_schedule_handle(DIGEST_SCHEDULE).describe()).schedule

        (calendar,) = found.spec.calendars
        assert [(hours.start, hours.end) for hours in calendar.hour] == [(8, 8)]
        assert [(days.start, days.end) for days in calendar.day_of_week] == [(1, 5)]
        assert found.spec.time_zone_name == "Europe/Amsterdam"
        assert found.policy.overlap is ScheduleOverlapPolicy.SKIP
        assert found.policy.catchup_window == timedelta(hours=16)

    async def test_is_made_again_without_effect_and_stays_paused_where_somebody_paused_it(
        self, temporal: Client
    ) -> None:
        handle = temporal.get_schedule_handle(DIGEST_SCHEDULE)
        await handle.pause(note="a test")
        try:
            await keep_schedules(temporal)
            described = await handle.describe()
            assert described.schedule.state.paused
            assert described.schedule.policy.catchup_window == timedelta(hours=16)
        finally:
            await handle.unpause()

    async def test_has_the_digests_of_the_day_written_and_knows_nothing_of_anybody(
        self, temporal: Client
    ) -> None:
        before = len([run async for run in temporal.list_workflows(runs_of(DIGEST))])
        await temporal.get_schedule_handle(DIGEST_SCHEDULE).trigger()

        run = await newest_done(temporal, DIGEST, before)

        assert run.id.startswith(DIGEST_SCHEDULE)
        handle = temporal.get_workflow_handle(run.id, run_id=run.run_id)
        assert await handle.result() is None
