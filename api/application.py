"""The composition root of the API."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from activities.letters import Composer
from api import (
    attachments,
    availability,
    break_glass,
    case_lists,
    cases,
    codec,
    complaints,
    development_sign_in,
    docs_page,
    dossier,
    erasure,
    export,
    figures,
    guide,
    handing_over,
    health,
    institution_case,
    institution_replies,
    mandates,
    my_case,
    my_digest,
    previews,
    problems,
    questions,
    receipt_codes,
    register,
    sessions,
    staff,
    topics,
)
from api.codec_origin import CodecOrigin
from api.desk import break_glass as desk_break_glass
from api.desk import cases as desk_cases
from api.desk import sign_in as desk_sign_in
from api.desk.addresses import SIGNED_IN
from api.documentation import DocumentedApi
from api.floods import Floods, Gate, limits_of
from api.health import Counting, Figures
from api.pages.rendering import TEMPLATES
from api.portal.routers import PAGES, problem_as_page
from api.tracing import TracedRequests
from api.wire_format import API_VERSION, BoundedBodies, StandardHeaders
from api.wiring import Wiring
from attachments.clean_room import CleanRoom
from attachments.depot import Depot
from attachments.objects import open_objects
from delivery.attaching import Attaching
from delivery.courier import Courier
from delivery.drafts import Drafts
from delivery.holders import HandOver, Holders
from delivery.lost_codes import LostCodes
from delivery.receipts import Receipts
from delivery.reception import Reception
from domain.clock import Clock, system_clock
from domain.languages import SPOKEN
from identity.access_tokens import AccessTokens
from identity.provider import Provider
from identity.relying_party import RelyingParty
from mail.rendering import LetterRenderer
from printing.typesetting import Typesetter
from settings.application import Settings
from settings.key_stores import open_key_rings
from settings.policy import load_policy
from settings.secrets import load_secrets
from storage.database import Database
from storage.erasure_ledger import ErasureLedger
from storage.key_rotation import refuse_other_rings
from storage.ledger_chain import LedgerChain, refuse_entries_from_before
from storage.sealed_vault import SealedVault
from storage.time_offsets import refuse_moved_time
from storage.wrapping_keys import RingKeys
from telemetry.tracing import open_tracing
from temporal_client.codec import EncryptingCodec
from temporal_client.connection import connect
from temporal_client.namespace_keys import NamespaceKeys
from workflows.identifiers import WORKFLOW_TYPES

_DESCRIPTION = f"""
Wederhoor: help and mediation with a complaint about an institution, for every sex worker in the
Netherlands. No account, no name. Follows the Dutch government's REST API Design Rules; errors are
problem details (RFC 9457) in the language of `Accept-Language`
({", ".join(SPOKEN)}).
"""

_VERSIONED = tuple(
    module.router
    for module in (
        complaints,
        questions,
        sessions,
        my_case,
        mandates,
        attachments,
        receipt_codes,
        dossier,
        erasure,
        export,
        case_lists,
        cases,
        previews,
        my_digest,
        break_glass,
        availability,
        handing_over,
        institution_case,
        institution_replies,
        register,
        guide,
        figures,
        topics,
        staff,
    )
)


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
        await parts.browser.aclose()
        await parts.database.close()
        await asyncio.to_thread(parts.tracing.close)

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
    setattr(app.state, problems.PAGES, problem_as_page)
    versioned = APIRouter(prefix="/v1")
    for router in _VERSIONED:
        versioned.include_router(router)
    app.include_router(versioned)
    app.include_router(desk_sign_in.router)
    app.include_router(desk_cases.router)
    app.include_router(desk_break_glass.router)
    app.include_router(codec.router)
    app.include_router(health.router)
    app.include_router(docs_page.router)
    app.mount(*docs_page.page_files())
    for router in PAGES:
        app.include_router(router)
    if not settings.is_production:
        app.include_router(development_sign_in.router)
    problems.install(app)
    app.add_middleware(BoundedBodies)
    app.add_middleware(
        Floods,
        gate=Gate(limits_of(settings), clock),
        proxies=settings.proxies,
        figures=app.state.figures,
    )
    app.add_middleware(Counting, figures=app.state.figures)
    if settings.temporal_ui_url:
        app.add_middleware(
            CodecOrigin,
            path=codec.PATH,
            ui_url=settings.temporal_ui_url,
            with_cookies=not settings.is_production,
        )
    app.add_middleware(StandardHeaders)
    if settings.otlp_endpoint:
        app.add_middleware(TracedRequests)
    return app


async def _wire(settings: Settings, clock: Clock) -> Wiring:
    secrets = load_secrets(settings.secrets_dir, may_create=not settings.is_production)
    database = Database(settings.database_url.get_secret_value())
    rings = open_key_rings(settings, clock())
    wrapping = RingKeys(rings)
    if settings.is_production:
        await refuse_other_rings(database, wrapping)
    vault = SealedVault(wrapping)
    depot = Depot(database, vault, clock, open_objects(settings), CleanRoom())
    reception = Reception(database, vault, clock, secrets)
    chain = LedgerChain(secrets.ledger_key())
    keys = NamespaceKeys(rings)
    trace_key = secrets.entry_trace_key()
    tracing = open_tracing(settings, "api", trace_key, WORKFLOW_TYPES, _templates())
    temporal = await connect(settings, keys, lazy=True, tracing=tracing)
    sign_in = access_tokens = relying_party = None
    if not settings.is_production:
        sign_in = development_sign_in.provider_for(settings, secrets.signing_key())
    browser = httpx.AsyncClient(trust_env=False)
    issuer = settings.oidc_issuer or (sign_in.url if sign_in else "")
    if issuer:
        provider = Provider(issuer, browser, clock, plain_http=not settings.is_production)
        access_tokens = AccessTokens(provider, settings.oidc_audience, clock)
        relying_party = RelyingParty(
            provider,
            clock,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value(),
            redirect_uri=settings.public_url + SIGNED_IN,
        )
    return Wiring(
        settings=settings,
        secrets=secrets,
        database=database,
        vault=vault,
        clock=clock,
        policy=load_policy(settings.policy_file),
        temporal=temporal,
        codec=EncryptingCodec(keys),
        composer=Composer(vault, clock, LetterRenderer(TEMPLATES), settings.public_url),
        chain=chain,
        reception=reception,
        depot=depot,
        attaching=Attaching(reception, depot),
        receipts=Receipts(database, vault, clock, secrets),
        drafts=Drafts(database, clock, secrets),
        lost_codes=LostCodes(database, vault, clock, secrets),
        courier=Courier(database, temporal, clock, settings.public_url, tracing=tracing),
        hand_over=HandOver(database, Holders(database, vault, clock, chain)),
        erasures=ErasureLedger(settings.erasure_ledger, secrets.erasure_key()),
        browser=browser,
        access_tokens=access_tokens,
        relying_party=relying_party,
        sign_in=sign_in,
        tracing=tracing,
        typesetter=Typesetter(TEMPLATES),
    )


def _templates() -> frozenset[str]:
    """Return the templates of the routes that traces may name."""
    routes = (route for router in (*_VERSIONED, codec.router) for route in router.routes)
    return frozenset(route.path for route in routes if isinstance(route, APIRoute))
