"""Three releases of a small workflow: as it began, changed without a guard, changed with one."""

from datetime import timedelta

from temporalio import activity, workflow

NAME = "Greeting"
PATIENCE = timedelta(seconds=5)


@activity.defn
async def greet() -> str:
    return "greet"


@activity.defn
async def bow() -> str:
    return "bow"


@workflow.defn(name=NAME)
class Original:
    """Greets, and waits."""

    def __init__(self) -> None:
        self._rung = False

    @workflow.run
    async def run(self) -> str:
        greeting = await workflow.execute_activity(greet, start_to_close_timeout=PATIENCE)
        await workflow.wait_condition(lambda: self._rung)
        return greeting

    @workflow.signal
    def bell(self) -> None:
        self._rung = True


@workflow.defn(name=NAME)
class Unguarded:
    """Bows instead."""

    def __init__(self) -> None:
        self._rung = False

    @workflow.run
    async def run(self) -> str:
        greeting = await workflow.execute_activity(bow, start_to_close_timeout=PATIENCE)
        await workflow.wait_condition(lambda: self._rung)
        return greeting

    @workflow.signal
    def bell(self) -> None:
        self._rung = True


@workflow.defn(name=NAME)
class Guarded:
    """Bows to those who come from now on, and greeted the others."""

    def __init__(self) -> None:
        self._rung = False

    @workflow.run
    async def run(self) -> str:
        how = bow if workflow.patched("bow") else greet
        greeting = await workflow.execute_activity(how, start_to_close_timeout=PATIENCE)
        await workflow.wait_condition(lambda: self._rung)
        return greeting

    @workflow.signal
    def bell(self) -> None:
        self._rung = True
