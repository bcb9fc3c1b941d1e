"""A small workflow for the tests of traces."""

from datetime import timedelta

from temporalio import activity, workflow

PATIENCE = timedelta(seconds=5)


@activity.defn
async def note() -> None: ...


@workflow.defn(name="Traced")
class Traced:
    """Notes each bell, and once more a day after the first one."""

    def __init__(self) -> None:
        self._rung = 0

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self._rung > 0)
        await workflow.execute_activity(note, start_to_close_timeout=PATIENCE)
        await workflow.sleep(timedelta(days=1))
        await workflow.execute_activity(note, start_to_close_timeout=PATIENCE)
        await workflow.wait_condition(lambda: self._rung > 1)
        return self._rung

    @workflow.signal
    def bell(self) -> None:
        self._rung += 1
