"""The whole system, one part upon another."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Coroutine, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from temporalio.client import Client

from api import codec, development_sign_in
from identity.development_provider import client_secret
from launcher.api import ApiPart
from launcher.child_process import run_to_end
from launcher.errors import LauncherError, PartError
from launcher.folders import CHECKOUT, make_state_folder, state_lock
from launcher.mail_sink import MailSinkPart
from launcher.parts import Part
from launcher.ports import Ports, scratch_ports
from launcher.postgres import PostgresPart
from launcher.progress import Progress
from launcher.temporal import TemporalPart
from launcher.temporal_processes import SignIn
from launcher.temporal_ui import TemporalUiPart
from launcher.watch import WatchPart
from launcher.worker import WorkerPart
from settings.key_stores import FileStore
from settings.secrets import load_secrets
from temporal_client.connection import data_converter
from temporal_client.namespace_keys import NamespaceKeys

_NO_LIMIT = "10000/second"


class System:
    """PostgreSQL, Temporal, mail sink, worker, API and watcher, on one state folder.

    ``async with System(...)``, or ``start`` and ``stop``; these may be awaited in different event
    loops, but from one thread that lives on (see ``ProcessPart``). ``settings`` are added to the
    environment of worker, API and watcher, and win; a change counts when a part is started again.
    Without ``ports``, free ones are chosen.
    """

    def __init__(  # each is an independent choice of the caller
        self,
        state_dir: Path,
        cache_dir: Path,
        *,
        ports: Ports | None = None,
        progress: Progress | None = None,
        mail_faults: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.state_dir = state_dir
        self.secrets_dir = state_dir / "secrets"
        self.ports = ports or scratch_ports()
        self._progress = progress or Progress()
        self.settings = dict(settings or {})
        self._locks = contextlib.ExitStack()
        self.postgres = PostgresPart(state_dir, self.ports.postgres)
        self.temporal = TemporalPart(
            state_dir,
            cache_dir,
            self.ports,
            self._progress,
            codec_endpoint=_codec_endpoint(self.ports),
        )
        self.mail = MailSinkPart(
            state_dir, self.ports.smtp, self.ports.mail_page, faults=mail_faults
        )
        self.worker = WorkerPart(state_dir, self.environment)
        self.api = ApiPart(state_dir, self.ports.api, self.environment)
        self.watch = WatchPart(state_dir, self.ports.watch, self.environment)
        self.temporal_ui = TemporalUiPart(state_dir, self.ports, self.temporal, self._sign_in)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts, in the order in which they stand upon each other."""
        return (
            *(self.postgres, self.temporal, self.mail, self.worker, self.api),
            *(self.watch, self.temporal_ui),
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start everything and wait until it is ready; what was begun is stopped on a failure.

        Raises ``LauncherError`` for what a user can act upon: a part that fails (``PartError``),
        no Temporal server, a state folder that another process holds.
        """
        make_state_folder(self.state_dir)
        self._locks.enter_context(state_lock(self.state_dir))
        try:
            self.secrets_dir.mkdir(mode=0o700, exist_ok=True)
            await _together(
                self._start_database(), self._start_temporal(), self._start_part(self.mail, "mail")
            )
            async with self._progress.step("Starting worker, API and watcher"):
                await self.worker.start()
                await self.api.start()
                await self.watch.start()
                await _together(self.worker.ready(), self.api.ready(), self.watch.ready())
            await self._start_part(self.temporal_ui, "the Temporal UI")
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop everything, last first; a part that will not stop does not keep the others."""
        try:
            for part in reversed(self.parts):
                with contextlib.suppress(OSError):
                    await part.stop()
        finally:
            self._locks.close()

    async def restart(self, part: Part) -> None:
        """Bring a part that died back. Raises ``LauncherError`` if that does not work."""
        await part.stop()
        await part.start()
        await part.ready()

    def environment(self) -> dict[str, str]:
        """Give the whole environment of the application's processes."""
        inherited = {
            k: v for k, v in os.environ.items() if self.temporal.external or not _steers(k)
        }
        return {
            **inherited,
            "PYTHONUNBUFFERED": "1",
            "WEDERHOOR_ENVIRONMENT": "development",
            "WEDERHOOR_DATABASE_URL": self.postgres.url,
            "TEMPORAL_ADDRESS": self.temporal.address,
            "TEMPORAL_NAMESPACE": self.temporal.namespace,
            "WEDERHOOR_SMTP_HOST": self.mail.smtp_host,
            "WEDERHOOR_SMTP_PORT": str(self.mail.smtp_port),
            "WEDERHOOR_SMTP_SECURITY": "none",
            "WEDERHOOR_API_HOST": "127.0.0.1",
            "WEDERHOOR_API_PORT": str(self.api.port),
            "WEDERHOOR_PUBLIC_URL": self.api.url,
            "WEDERHOOR_TEMPORAL_UI_URL": self.temporal.ui_url,
            # Everybody who tries things on one machine comes from one network.
            "WEDERHOOR_LIMIT_COMPLAINTS": _NO_LIMIT,
            "WEDERHOOR_LIMIT_SESSIONS": _NO_LIMIT,
            "WEDERHOOR_LIMIT_LOST_CODES": _NO_LIMIT,
            "WEDERHOOR_SECRETS_DIR": str(self.secrets_dir),
            "WEDERHOOR_ERASURE_LEDGER": str(self.state_dir / "erasures"),
            "WEDERHOOR_ATTACHMENTS_DIR": str(self.state_dir / "attachments"),
            **self.settings,
        }

    async def temporal_client(self) -> Client:
        """Return a client that reads what the running system gives to Temporal."""
        return await Client.connect(
            self.temporal.address,
            namespace=self.temporal.namespace,
            data_converter=data_converter(NamespaceKeys(FileStore(self.secrets_dir / "keys"))),
        )

    async def run_module(self, *words: str, within: float = 120) -> str:
        """Run ``python -m …`` as the application would, and give its output.

        ``within`` is in seconds. Raises ``PartError`` when it fails.
        """
        command = [sys.executable, "-m", *words]
        outcome = await run_to_end(command, within=within, env=self.environment(), cwd=CHECKOUT)
        if outcome.code != 0:
            what = f"`python -m {' '.join(words)}` failed with exit code {outcome.code}"
            raise PartError(f"{what}:\n{outcome.tail(25)}")
        return outcome.output

    async def _start_database(self) -> None:
        await self._start_part(self.postgres, "PostgreSQL")
        async with self._progress.step("Migrating the database"):
            await self.run_module("storage.prepare")
            await self.run_module("operations", "ledger-begin")

    async def _start_temporal(self) -> None:
        # Finding a server may take minutes and shows steps of its own.
        await self.temporal.start()
        async with self._progress.step("Starting Temporal"):
            await self.temporal.ready()

    def _sign_in(self) -> SignIn:
        key = load_secrets(self.secrets_dir, may_create=False).signing_key()
        return SignIn(
            provider_url=self.api.url + development_sign_in.PATH,
            client_id=development_sign_in.TEMPORAL_UI,
            client_secret=client_secret(key, development_sign_in.TEMPORAL_UI),
            callback_url=development_sign_in.redirect_uri_of(self.temporal.ui_url),
            codec_endpoint=_codec_endpoint(self.ports),
        )

    async def _start_part(self, part: Part, title: str) -> None:
        async with self._progress.step(f"Starting {title}"):
            await part.start()
            await part.ready()


def _codec_endpoint(ports: Ports) -> str:
    return f"http://127.0.0.1:{ports.api}{codec.PATH}"


def _steers(variable: str) -> bool:
    """Whether a variable would turn a Temporal client away from the embedded server."""
    return variable.startswith("TEMPORAL_")


async def _together(*work: Coroutine[object, object, None]) -> None:
    """Do all at once; the first failure ends the others and is raised by itself."""
    try:
        async with asyncio.TaskGroup() as group:
            for coroutine in work:
                group.create_task(coroutine)
    except* LauncherError as errors:
        raise _first(errors) from None


def _first(group: BaseExceptionGroup[LauncherError]) -> LauncherError:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
