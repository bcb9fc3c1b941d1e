"""The composition root of the API."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from api import (
    cases,
    complaints,
    docs_page,
    dossier,
    health,
    institution_case,
    institution_replies,
    my_case,
    problems,
    register,
)
from api.documentation import DocumentedApi
from api.health import Counting, Figures
from api.wire_format import API_VERSION, BoundedBodies, StandardHeaders
from api.wiring import Wiring
from delivery.courier import Courier
from delivery.reception import Reception
from domain.clock import Clock, system_clock
from identity.development import DevelopmentIssuer
from settings.application import Settings
from settings.key_stores import open_key_rings
from settings.policy import load_policy
from settings.secrets import load_secrets
from storage.database import Database
from storage.erasure_ledger import ErasureLedger
from storage.ledger_chain import refuse_entries_from_before
from storage.sealed_vault import KeyFromSecret, SealedVault
from storage.time_offsets import refuse_moved_time
from temporal_client.connection import connect
from temporal_client.namespace_keys import NamespaceKeys

_DESCRIPTION = """
Wederhoor: help and mediation with a complaint about an institution, for every sex worker in the
Netherlands. No account, no name. Follows the Dutch government's REST API Design Rules; errors are
problem details (RFC 9457) in the language of `Accept-Language` (nl, en).
"""


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """Return the API."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        parts = await _wire(settings, clock)
        if settings.is_production:
            await refuse_moved_time(parts.database)
        await refuse_entries_from_before(parts.database)
        await parts.erasures.refuse_erased_cases(parts.database)
        app.state.wiring = parts
        yield
        await parts.database.close()

    app = DocumentedApi(
        title="Wederhoor",
        version=API_VERSION,
        description=_DESCRIPTION,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.figures = Figures()
    versioned = APIRouter(prefix="/v1")
    for module in (
        complaints,
        my_case,
        dossier,
        cases,
        institution_case,
        institution_replies,
        register,
    ):
        versioned.include_router(module.router)
    app.include_router(versioned)
    app.include_router(health.router)
    app.include_router(docs_page.router)
    app.mount(*docs_page.page_files())
    problems.install(app)
    app.add_middleware(BoundedBodies)
    app.add_middleware(Counting, figures=app.state.figures)
    app.add_middleware(StandardHeaders)
    return app


async def _wire(settings: Settings, clock: Clock) -> Wiring:
    secrets = load_secrets(settings.secrets_dir, may_create=not settings.is_production)
    database = Database(settings.database_url.get_secret_value())
    vault = SealedVault(KeyFromSecret(secrets.wrapping_key()))
    keys = NamespaceKeys(open_key_rings(settings, clock()))
    temporal = await connect(settings, keys, lazy=True)
    issuer = None
    if not settings.is_production:
        issuer = DevelopmentIssuer(secrets.signing_key(), settings.token_issuer)
    return Wiring(
        settings=settings,
        secrets=secrets,
        database=database,
        vault=vault,
        clock=clock,
        policy=load_policy(settings.policy_file),
        temporal=temporal,
        reception=Reception(database, vault, clock, secrets),
        courier=Courier(database, temporal, clock),
        erasures=ErasureLedger(settings.erasure_ledger, secrets.erasure_key()),
        issuer=issuer,
    )
