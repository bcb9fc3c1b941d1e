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
    receipt_codes,
    register,
    sessions,
)
from api.documentation import DocumentedApi
from api.floods import Floods, Gate, limits_of
from api.health import Counting, Figures
from api.wire_format import API_VERSION, BoundedBodies, StandardHeaders
from api.wiring import Wiring
from delivery.courier import Courier
from delivery.lost_codes import LostCodes
from delivery.receipts import Receipts
from delivery.reception import Reception
from domain.clock import Clock, system_clock
from identity.development import DevelopmentIssuer
from settings.application import Settings
from settings.policy import load_policy
from settings.secrets import load_secrets
from storage.database import Database
from storage.sealed_vault import KeyFromSecret, SealedVault
from storage.time_offsets import refuse_moved_time
from temporal_client.connection import connect

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
        sessions,
        my_case,
        receipt_codes,
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
    app.add_middleware(
        Floods,
        gate=Gate(limits_of(settings), clock),
        proxies=settings.proxies,
        figures=app.state.figures,
    )
    app.add_middleware(Counting, figures=app.state.figures)
    app.add_middleware(StandardHeaders)
    return app


async def _wire(settings: Settings, clock: Clock) -> Wiring:
    secrets = load_secrets(settings.secrets_dir, may_create=not settings.is_production)
    database = Database(settings.database_url.get_secret_value())
    vault = SealedVault(KeyFromSecret(secrets.wrapping_key()))
    temporal = await connect(settings, lazy=True)
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
        receipts=Receipts(database, vault, clock, secrets),
        lost_codes=LostCodes(database, vault, clock, secrets),
        courier=Courier(database, temporal, clock),
        issuer=issuer,
    )
