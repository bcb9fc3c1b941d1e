"""Signing in to the Temporal UI in development: choose who you are. Production has none of this."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from jinja2 import Environment
from pydantic import BaseModel, ConfigDict

from api.codec import PATH as CODEC_PATH
from api.codec_origin import origin_of
from api.problems import FieldError, Problem
from api.who import INSPECTION_COOKIE
from api.wiring import Parts, Wiring
from identity.development_provider import (
    CLIENT,
    AuthorizationRequest,
    DevelopmentProvider,
    RequestRefused,
)
from storage import directory

PATH = "/development/sign-in"
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
    answer = urlencode({"code": code, "state": query.state})
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
    if client is None or client.username != CLIENT:
        raise Problem(401, "unauthenticated", headers={"WWW-Authenticate": "Basic"})
    if form.get("grant_type") != "authorization_code":
        raise Problem(400, "invalid-request", [FieldError("grant_type", "value")])
    code, redirect_uri = form.get("code", ""), form.get("redirect_uri", "")
    try:
        tokens = provider.exchange(code, redirect_uri, client.password, parts.clock())
    except RequestRefused as refused:
        raise _problem(refused) from None
    return dict(tokens)


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
