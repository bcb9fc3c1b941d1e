"""Tell what is going on: live on a terminal, otherwise a line per step and one every 30 s."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator

from rich.console import Console
from rich.progress import Progress as LiveProgress
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

_SIGN_OF_LIFE = 30.0  # seconds


class Step:
    """One thing being done; ``note`` says how far it is."""

    def __init__(self, title: str, live: LiveProgress | None, task: TaskID | None) -> None:
        self.title = title
        self.detail = ""
        self._live = live
        self._task = task

    def note(self, detail: str) -> None:
        """Replace what is said about the step, for example a count."""
        self.detail = detail
        if self._live is not None and self._task is not None:
            self._live.update(self._task, detail=detail)


class Progress:
    """Shows steps, several at a time if need be. Use one for a whole command."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console()
        self._began = time.monotonic()
        self._open = 0
        self._live: LiveProgress | None = None

    def say(self, text: str) -> None:
        """Print one line."""
        if self.console.is_terminal:
            self.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            self._plain(text)

    @contextlib.asynccontextmanager
    async def step(self, title: str) -> AsyncGenerator[Step]:
        """Show a step for as long as the block runs."""
        live, task = self._open_live(title)
        step = Step(title, live, task)
        began = time.monotonic()
        signs = None
        if live is None:
            self._plain(f"{title} …")
            signs = asyncio.create_task(self._signs_of_life(step, began))
        done = False
        try:
            yield step
            done = True
        finally:
            if signs is not None:
                signs.cancel()
            self._close(step, task, took=time.monotonic() - began, done=done)

    def _open_live(self, title: str) -> tuple[LiveProgress | None, TaskID | None]:
        if not self.console.is_terminal:
            return None, None
        if self._live is None:
            self._live = LiveProgress(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                TimeElapsedColumn(),
                TextColumn("{task.fields[detail]}", style="dim", markup=False),
                console=self.console,
                transient=True,
            )
            self._live.start()
        self._open += 1
        return self._live, self._live.add_task(title, total=None, detail="")

    def _close(self, step: Step, task: TaskID | None, *, took: float, done: bool) -> None:
        if self._live is not None and task is not None:
            self._live.remove_task(task)
            self._open -= 1
            if self._open == 0:
                self._live.stop()
                self._live = None
            if done:
                self.console.print(
                    f"[green]✓[/] {step.title} [dim]{took:.1f} s[/]", highlight=False
                )
        elif done and took >= 1:
            self._plain(f"{step.title}: done in {took:.1f} s")

    async def _signs_of_life(self, step: Step, began: float) -> None:
        while True:
            await asyncio.sleep(_SIGN_OF_LIFE)
            detail = f": {step.detail}" if step.detail else ""
            self._plain(f"{step.title}, {time.monotonic() - began:.0f} s so far{detail}")

    def _plain(self, text: str) -> None:
        print(f"[{time.monotonic() - self._began:6.1f} s] {text}", flush=True)
