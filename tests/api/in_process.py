"""The API within the process of a test, on the parts of the running system."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx

from api import development_sign_in
from api.application import create_app
from domain.clock import Clock, system_clock
from launcher.system import System
from settings.application import Environment, Settings


def settings_of(system: System, **more: object) -> Settings:
    """Return the settings of an API of its own on the database and secrets of a system."""
    return Settings.model_validate(
        {
            "environment": Environment.DEVELOPMENT,
            "database_url": system.postgres.url,
            "secrets_dir": system.secrets_dir,
            "erasure_ledger": system.state_dir / "erasures",
            "attachments_dir": system.state_dir / "attachments",
            "public_url": "http://wederhoor.example",
            "smtp_host": system.mail.smtp_host,
            "oidc_issuer": f"{system.api.url}{development_sign_in.PATH}",
            "TEMPORAL_ADDRESS": system.temporal.address,
            "TEMPORAL_NAMESPACE": system.temporal.namespace,
            **more,
        }
    )


@asynccontextmanager
async def in_process(
    system: System,
    clock: Clock = system_clock,
    client: tuple[str, int] = ("198.51.100.7", 50000),
    **settings: object,
) -> AsyncGenerator[httpx.AsyncClient]:
    """Serve an API in this process, to a client at an address."""
    app = create_app(settings_of(system, **settings), clock)
    transport = httpx.ASGITransport(app, client=client)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://wederhoor.example") as http,
    ):
        yield http
