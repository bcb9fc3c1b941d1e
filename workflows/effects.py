"""Effects: done however long that takes, and seen while they fail."""

from collections.abc import Awaitable, Callable
from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception
from temporalio.types import MethodAsyncSingleParam
from temporalio.workflow import ActivityConfig, LocalActivityConfig

with workflow.unsafe.imports_passed_through():
    from domain.overview import Trouble
    from workflows import options


class Effects:
    """Has activities done in rounds of tries, and tells when that takes too long.

    An effect that succeeds in its first round costs no event beside its own. Only one is done at a
    time.

    Args:
        notice: shows the trouble, or that it is over; it may not raise, whatever is down.

    Attributes:
        trouble: what fails at present.
    """

    def __init__(self, notice: Callable[[], Awaitable[None]]) -> None:
        self.trouble: Trouble | None = None
        self._notice = notice

    async def do[P, R](
        self, effect: MethodAsyncSingleParam[Any, P, R], message: P, how: ActivityConfig
    ) -> R:
        """Have an activity done; return what it returns."""

        async def one_round() -> R:
            limited = options.one_round(how, shown=self.trouble is not None)
            return await workflow.execute_activity_method(effect, message, **limited)

        return await self._until_done(_name_of(effect), one_round)

    async def do_locally[P, R](
        self, effect: MethodAsyncSingleParam[Any, P, R], message: P, how: LocalActivityConfig
    ) -> R:
        """Have a local activity done; return what it returns."""

        async def one_round() -> R:
            return await workflow.execute_local_activity_method(effect, message, **how)

        return await self._until_done(_name_of(effect), one_round)

    async def _until_done[R](self, name: str, one_round: Callable[[], Awaitable[R]]) -> R:
        since, failed = workflow.now(), 0
        while True:
            try:
                done = await one_round()
            except FailureError as error:
                if is_cancelled_exception(error):
                    raise
                failed += 1
                if workflow.now() - since >= options.SHOWN_AFTER:
                    await self._tell(Trouble(effect=name, since=since, rounds=failed))
                pause = options.pause_after(failed, shown=self.trouble is not None)
                await workflow.sleep(pause, summary=f"Try again: {name}")
            else:
                if self.trouble is not None:
                    await self._tell(None)
                return done

    async def _tell(self, trouble: Trouble | None) -> None:
        self.trouble = trouble
        await self._notice()


def _name_of(effect: Callable[..., Any]) -> str:
    return effect.__name__
