"""The Temporal part: a server, embedded or running elsewhere."""

import asyncio
import os
import time
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import (
    CountWorkflowExecutionsRequest,
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError, RPCStatusCode

from launcher.errors import LauncherError, PartError
from launcher.parts import Part, ProcessPart
from launcher.ports import Ports
from launcher.progress import Progress
from launcher.temporal_processes import CliServer, StockServer
from launcher.temporal_sources import FoundServer, find_temporal
from launcher.temporal_version import DataFile

RETENTION = timedelta(days=90)
"""How long a closed run stays in the embedded server. Each run counts by itself."""
_NAMESPACE_WITHIN = 30.0  # seconds


class TemporalPart(Part):
    """Finds a server at the first start (see ``temporal_sources``), then keeps to it.

    With ``TEMPORAL_ADDRESS`` set nothing is started, stopped or killed; only a missing namespace
    is registered. ``codec_endpoint`` is what the UI within the Temporal CLI decodes payloads with.
    """

    name = "temporal"

    def __init__(
        self,
        state_dir: Path,
        cache_dir: Path,
        ports: Ports,
        progress: Progress,
        *,
        codec_endpoint: str = "",
    ) -> None:
        external = os.environ.get("TEMPORAL_ADDRESS")
        self.external = bool(external)
        self.address = external or f"127.0.0.1:{ports.temporal}"
        self.namespace = (os.environ.get("TEMPORAL_NAMESPACE") if external else None) or "default"
        self.ui_url = (
            os.environ.get("WEDERHOOR_TEMPORAL_UI_URL", "")
            if external
            else f"http://127.0.0.1:{ports.temporal_ui}"
        )
        self.server: FoundServer | None = None
        """What was found; ``None`` before the first start."""
        self._state_dir = state_dir
        self._cache_dir = cache_dir
        self._ports = ports
        self._progress = progress
        self._codec_endpoint = codec_endpoint
        self._data = DataFile(state_dir)
        self._processes: list[ProcessPart] = []

    async def start(self) -> None:
        """Find a server if there is none yet, and start it.

        Raises ``LauncherError`` when none can be found, or none that may open the data file.
        """
        if self.server is None:
            data = None if self.external else self._data
            self.server = await find_temporal(self._cache_dir, self._progress, data)
            self._processes = self._make_processes(self.server)
        if not self.external:
            self._data.claim(self.server.flavour)
        for process in self._processes:
            await process.start()

    def _make_processes(self, server: FoundServer) -> list[ProcessPart]:
        if server.kind == "running":
            return []
        if server.kind == "cli":
            return [
                CliServer(
                    self._state_dir,
                    server.program,
                    self._data,
                    self._ports,
                    namespace=self.namespace,
                    codec_endpoint=self._codec_endpoint,
                )
            ]
        return [
            StockServer(self._state_dir, server.program, self._data, self._ports),
        ]

    async def ready(self) -> None:
        """Wait until the server answers and the namespace can be used."""
        for process in self._processes:
            await process.ready()
        await self._namespace_ready()

    async def stop(self) -> None:
        """Stop the server."""
        for process in reversed(self._processes):
            await process.stop()

    async def kill(self) -> None:
        """SIGKILL the server."""
        for process in reversed(self._processes):
            await process.kill()

    @property
    def running(self) -> bool:
        """Whether all processes live; a server that runs elsewhere is taken to."""
        if self.external:
            return self.server is not None
        return bool(self._processes) and all(process.running for process in self._processes)

    async def _connect(self) -> Client:
        if self.external:
            settings = ClientConfig.load_client_connect_config(disable_file=True)
            return await Client.connect(**settings)
        return await Client.connect(self.address, namespace=self.namespace)

    async def _namespace_ready(self) -> None:
        deadline = time.monotonic() + _NAMESPACE_WITHIN
        while True:
            try:
                client = await self._connect()
                await self._ensure_namespace(client)
                await client.workflow_service.count_workflow_executions(
                    CountWorkflowExecutionsRequest(namespace=self.namespace)
                )
            except (RPCError, RuntimeError) as error:
                if isinstance(error, RPCError) and error.status in _HOPELESS:
                    raise LauncherError(
                        f"Temporal at {self.address} does not let us use namespace "
                        f"{self.namespace!r}: {error.message}"
                    ) from None
                if time.monotonic() > deadline or not self.running:
                    raise self._not_usable(str(error)) from None
                await asyncio.sleep(0.1)
            else:
                return

    def _not_usable(self, reason: str) -> PartError:
        tail = self._processes[0].log_tail() if self._processes else ""
        return PartError(
            f"Temporal at {self.address} is up, but its namespace {self.namespace!r} cannot be "
            f"used: {reason}\n{tail}"
        )

    async def _ensure_namespace(self, client: Client) -> None:
        service = client.workflow_service
        retention = Duration(seconds=int(RETENTION.total_seconds()))
        try:
            known = await service.describe_namespace(
                DescribeNamespaceRequest(namespace=self.namespace)
            )
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            await service.register_namespace(
                RegisterNamespaceRequest(
                    namespace=self.namespace,
                    description="Wederhoor",
                    workflow_execution_retention_period=retention,
                )
            )
            return
        kept = known.config.workflow_execution_retention_ttl.seconds
        if not self.external and kept < retention.seconds:
            # The dev server makes the namespace itself, and keeps closed runs for a day.
            await service.update_namespace(
                UpdateNamespaceRequest(
                    namespace=self.namespace,
                    config=NamespaceConfig(workflow_execution_retention_ttl=retention),
                )
            )


_HOPELESS = {
    RPCStatusCode.PERMISSION_DENIED,
    RPCStatusCode.UNAUTHENTICATED,
    RPCStatusCode.INVALID_ARGUMENT,
}
