"""The Temporal UI part: behind the sign-in of the API, on which it stands."""

from collections.abc import Callable
from pathlib import Path

from launcher.parts import Part
from launcher.ports import Ports
from launcher.temporal import TemporalPart
from launcher.temporal_processes import SignIn, StockUi


class TemporalUiPart(Part):
    """The UI of the stock server.

    There is none to start beside the Temporal CLI, which has its own (without a sign-in), nor
    beside a server that runs elsewhere. ``sign_in`` is asked at each start.
    """

    name = "temporal-ui"

    def __init__(
        self, state_dir: Path, ports: Ports, temporal: TemporalPart, sign_in: Callable[[], SignIn]
    ) -> None:
        self._state_dir = state_dir
        self._ports = ports
        self._temporal = temporal
        self._sign_in = sign_in
        self._process: StockUi | None = None
        self._started = False

    async def start(self) -> None:
        """Start the UI; Temporal was found by now."""
        self._started = True
        server = self._temporal.server
        if server is None or server.kind != "stock":
            return
        if self._process is None:
            self._process = StockUi(
                self._state_dir,
                server.ui_program,
                self._ports,
                self._temporal.namespace,
                self._sign_in,
            )
        await self._process.start()

    async def ready(self) -> None:
        """Wait until the page is served."""
        if self._process is not None:
            await self._process.ready()

    async def stop(self) -> None:
        """Stop the UI."""
        self._started = False
        if self._process is not None:
            await self._process.stop()

    async def kill(self) -> None:
        """SIGKILL the UI."""
        self._started = False
        if self._process is not None:
            await self._process.kill()

    @property
    def running(self) -> bool:
        """Whether the UI lives; one that is not ours is taken to."""
        return self._started and (self._process is None or self._process.running)
