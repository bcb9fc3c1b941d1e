"""Signing in in development: choose who you are. Production has none of this."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from jinja2 import Environment
from pydantic import BaseModel, ConfigDict

from api.codec import PATH as CODEC_PATH
from api.codec_origin import origin_of
from api.desk.addresses import SIGNED_IN, SIGNED_OUT
from api.problems import FieldError, Problem
from api.who import INSPECTION_COOKIE
from api.wiring import Parts, Wiring
from identity.development_provider import (
    AuthorizationRequest,
    Client,
    CodeExchange,
    DevelopmentProvider,
    RequestRefused,
    client_secret,
)
from settings.application import Settings
from storage import directory

PATH = "/development/sign-in"
TEMPORAL_UI = "temporal-ui"
"""What the Temporal UI is called as a client."""

_PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sign in</title>
<h1>Sign in</h1>
<p>This system is for development: nobody asks for a password.</p>
<form method="post">
{% for member in staff %}
<p><button name="subject" value="{{ member.subject }}">{{ member.subject }}</button>
{{ member.roles | join(', ') }}</p>
{% endfor %}
</form>
</html>
""")

router = APIRouter(prefix=PATH, include_in_schema=False)
_client = HTTPBasic(auto_error=False)


def redirect_uri_of(temporal_ui_url: str) -> str:
    """Return where the Temporal UI waits for its codes."""
    return f"{temporal_ui_url}/auth/sso/callback"


def provider_for(settings: Settings, key: bytes) -> DevelopmentProvider:
    """Return the provider of a system.

    Args:
        key: 32 bytes that stay the same, derived from the application's secret.
    """
    clients = {
        TEMPORAL_UI: Client(
            redirect_uri_of(settings.temporal_ui_url), secret=client_secret(key, TEMPORAL_UI)
        ),
        settings.oidc_client_id: Client(
            settings.public_url + SIGNED_IN, return_uri=settings.public_url + SIGNED_OUT
        ),
    }
    return DevelopmentProvider(key, settings.public_url + PATH, settings.oidc_audience, clients)


def _provider(parts: Parts) -> DevelopmentProvider:
    if parts.sign_in is None:
        raise Problem(404, "not-found")
    return parts.sign_in


type Provider = Annotated[DevelopmentProvider, Depends(_provider)]


class AuthorizationQuery(BaseModel):
    """The parameters of an authorization request; further ones are ignored, as OAuth wants it."""

    model_config = ConfigDict(extra="ignore")

    client_id: str
    redirect_uri: str
    response_type: str
    scope: str
    state: str
    nonce: str
    code_challenge: str = ""
    code_challenge_method: str = ""

    def request(self) -> AuthorizationRequest:
        """Return the request."""
        return AuthorizationRequest(**self.model_dump())


@router.get("/.well-known/openid-configuration")
async def read_metadata(provider: Provider) -> dict[str, object]:
    """Tell what the provider can do."""
    return dict(provider.metadata())


@router.get("/keys")
async def read_keys(provider: Provider) -> dict[str, object]:
    """Return the public key."""
    return dict(provider.public_keys())


@router.get("/authorize")
async def ask_who(
    parts: Parts, provider: Provider, query: Annotated[AuthorizationQuery, Query()]
) -> HTMLResponse:
    """Show a button for everybody of the staff."""
    try:
        provider.check(query.request())
    except RequestRefused as refused:
        raise _problem(refused) from None
    async with parts.database.transaction() as session:
        page = _PAGE.render(staff=await directory.staff(session))
    return HTMLResponse(page, headers={"Content-Security-Policy": _page_policy(parts)})


@router.post("/authorize")
async def sign_in(
    parts: Parts,
    provider: Provider,
    request: Request,
    query: Annotated[AuthorizationQuery, Query()],
) -> RedirectResponse:
    """Send whoever chose a button back to the client, with a code."""
    # A page of somebody else must not sign anybody in. (Origin is "null": we send no referrer.)
    if request.headers.get("sec-fetch-site") != "same-origin":
        raise Problem(403, "forbidden")
    subject = (await _form(request)).get("subject", "")
    async with parts.database.transaction() as session:
        if await directory.staff_by_subject(session, subject) is None:
            raise Problem(400, "invalid-request", [FieldError("subject", "unknown-staff")])
    now = parts.clock()
    try:
        code = provider.grant(query.request(), subject, now)
    except RequestRefused as refused:
        raise _problem(refused) from None
    answer = urlencode({"code": code, "state": query.state, "iss": provider.url})
    back = RedirectResponse(f"{query.redirect_uri}?{answer}", status_code=303)
    _remember(back, provider.access_token(subject, now))
    return back


@router.post("/token")
async def exchange_code(
    parts: Parts,
    provider: Provider,
    request: Request,
    client: Annotated[HTTPBasicCredentials | None, Depends(_client)],
) -> dict[str, object]:
    """Give the client the tokens for its code."""
    form = await _form(request)
    if form.get("grant_type") != "authorization_code":
        raise Problem(400, "invalid-request", [FieldError("grant_type", "value")])
    asked = CodeExchange(
        client_id=client.username if client else form.get("client_id", ""),
        code=form.get("code", ""),
        redirect_uri=form.get("redirect_uri", ""),
        secret=client.password if client else None,
        verifier=form.get("code_verifier", ""),
    )
    try:
        tokens = provider.exchange(asked, parts.clock())
    except RequestRefused as refused:
        if refused.parameter == "client_id":
            raise Problem(401, "unauthenticated", headers={"WWW-Authenticate": "Basic"}) from None
        raise _problem(refused) from None
    return dict(tokens)


@router.get("/sign-out")
async def sign_out(
    provider: Provider, client_id: str, post_logout_redirect_uri: str
) -> RedirectResponse:
    """Forget who signed in, and go back to where they came from."""
    if not provider.may_return_to(client_id, post_logout_redirect_uri):
        raise Problem(400, "invalid-request", [FieldError("post_logout_redirect_uri", "value")])
    back = RedirectResponse(post_logout_redirect_uri, status_code=303)
    back.delete_cookie(INSPECTION_COOKIE, path=CODEC_PATH, httponly=True, samesite="strict")
    return back


def _remember(response: Response, token: str) -> None:
    """Leave the token with the browser, for the codec alone: no script can read it."""
    response.set_cookie(INSPECTION_COOKIE, token, path=CODEC_PATH, httponly=True, samesite="strict")


def _page_policy(parts: Wiring) -> str:
    back = origin_of(parts.settings.temporal_ui_url)
    return f"default-src 'none'; form-action 'self' {back}; frame-ancestors 'none'"


async def _form(request: Request) -> dict[str, str]:
    """Return a form's fields; a strange body has none."""
    return dict(parse_qsl((await request.body()).decode("ascii", "replace")))


def _problem(refused: RequestRefused) -> Problem:
    return Problem(400, "invalid-request", [FieldError(refused.parameter, "value")])
