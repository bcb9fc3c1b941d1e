"""The processes of an embedded Temporal: the stock server and its UI, or the CLI's dev server."""

import asyncio
import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template

from temporalio.client import Client
from temporalio.service import RPCError

from launcher.parts import ProcessPart, http_status
from launcher.ports import Ports
from launcher.temporal_version import DataFile

_TEMPLATES = Path(__file__).with_name("temporal_config")

DYNAMIC_CONFIG: Mapping[str, bool | int] = {
    # Tests and the demo let weeks pass for one workflow.
    "frontend.WorkflowTimeSkippingEnabled": True,
    "frontend.WorkflowTimeSkippingMaxSkipPerSession": 10_000,
    # A search attribute that was just registered can be used at once.
    "system.forceSearchAttributesCacheRefreshOnRead": True,
    # One worker polls: more partitions would only make it wait.
    "matching.numTaskqueueReadPartitions": 1,
    "matching.numTaskqueueWritePartitions": 1,
}


class _TemporalProcess(ProcessPart):
    """A process of ours: it must not be steered by variables meant for clients."""

    def child_environment(self) -> Mapping[str, str]:
        return {k: v for k, v in os.environ.items() if not k.startswith("TEMPORAL_")}


class StockServer(_TemporalProcess):
    """``go.temporal.io/server`` on one SQLite file."""

    def __init__(self, state_dir: Path, program: Path, data: DataFile, ports: Ports) -> None:
        super().__init__("temporal", state_dir)
        self._program = program
        self._data = data
        self._ports = ports
        self._config = data.path.with_name("server.yaml")

    async def prepare(self) -> None:
        """Write the configuration."""
        self._write_config()

    def _write_config(self) -> None:
        dynamic = self._config.with_name("dynamic.yaml")
        dynamic.write_text(
            "".join(f"{k}:\n  - value: {json.dumps(v)}\n" for k, v in DYNAMIC_CONFIG.items())
        )
        values = {
            **self._ports.internal,
            "frontend_grpc": self._ports.temporal,
            "database": self._data.path,
            "dynamic_config": dynamic,
        }
        self._config.write_text(_filled("server.yaml", values))

    def command(self) -> list[str]:
        """Start all four services in one process."""
        options = ["--config-file", str(self._config), "--allow-no-auth"]
        return [str(self._program), *options, "start"]

    async def is_ready(self) -> bool:
        """Whether the frontend takes requests."""
        return await answers(self._ports.temporal)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where the users of the UI sign in, and where they see payloads decoded."""

    provider_url: str
    client_id: str
    client_secret: str
    callback_url: str
    codec_endpoint: str


class StockUi(_TemporalProcess):
    """``temporalio/ui-server``. It ends at once when the sign-in cannot be reached."""

    def __init__(
        self,
        state_dir: Path,
        program: Path,
        ports: Ports,
        namespace: str,
        sign_in: Callable[[], SignIn],
    ) -> None:
        super().__init__("temporal-ui", state_dir)
        self._program = program
        self._ports = ports
        self._namespace = namespace
        self._sign_in = sign_in
        self._folder = state_dir / "temporal" / "ui"

    async def prepare(self) -> None:
        """Write the configuration."""
        self._write_config()

    def _write_config(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        values = {
            **asdict(self._sign_in()),
            "namespace": self._namespace,
            "frontend_grpc": self._ports.temporal,
            "ui": self._ports.temporal_ui,
        }
        (self._folder / "wederhoor.yaml").write_text(_filled("ui.yaml", values))

    def command(self) -> list[str]:
        """Start the UI; it waits for no server."""
        root, folder = str(self._folder.parent), self._folder.name
        return [str(self._program), "-r", root, "-c", folder, "-e", "wederhoor", "start"]

    async def is_ready(self) -> bool:
        """Whether the page is served."""
        return await http_status(self._ports.temporal_ui, "/") == 200


class CliServer(_TemporalProcess):
    """``temporal server start-dev``: server and UI in one process."""

    def __init__(  # each ends up in the command line
        self,
        state_dir: Path,
        program: Path,
        data: DataFile,
        ports: Ports,
        *,
        namespace: str,
        codec_endpoint: str,
    ) -> None:
        super().__init__("temporal", state_dir)
        self._program = program
        self._data = data
        self._ports = ports
        self._namespace = namespace
        self._codec_endpoint = codec_endpoint

    def command(self) -> list[str]:
        """Start the dev server on the data file."""
        options = {
            "--ip": "127.0.0.1",
            "--port": str(self._ports.temporal),
            "--ui-port": str(self._ports.temporal_ui),
            "--db-filename": str(self._data.path),
            "--namespace": self._namespace,
            "--log-level": "warn",
        }
        if self._codec_endpoint:
            options["--ui-codec-endpoint"] = self._codec_endpoint
        dynamic = [f"{key}={json.dumps(value)}" for key, value in DYNAMIC_CONFIG.items()]
        return [
            *(str(self._program), "server", "start-dev", "--sqlite-pragma", "journal_mode=wal"),
            *(word for pair in options.items() for word in pair),
            *(word for setting in dynamic for word in ("--dynamic-config-value", setting)),
        ]

    async def is_ready(self) -> bool:
        """Whether the frontend takes requests and the page is served."""
        return (
            await answers(self._ports.temporal)
            and await http_status(self._ports.temporal_ui, "/") == 200
        )


async def answers(port: int) -> bool:
    """Whether a Temporal frontend takes requests on the port."""
    if not await asyncio.to_thread(_listens, port):
        return False
    try:
        await asyncio.wait_for(Client.connect(f"127.0.0.1:{port}"), 5)
    except (RuntimeError, RPCError, TimeoutError):
        return False
    return True


def _listens(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _filled(name: str, values: Mapping[str, object]) -> str:
    return Template((_TEMPLATES / name).read_text()).substitute(values)
