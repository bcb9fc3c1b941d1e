"""How a form on a page of ours is read, and handed on as the JSON that the API reads."""

import hmac
import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.types import Message

from api.codec_origin import origin_of
from api.problems import Problem
from api.wiring import Wiring

FORM_TOKEN = "form_token"  # noqa: S105
KEY = "idempotency_key"
CASE_MARK = "case_mark"
"""Tells to which case a form belongs, once its session has ended."""
UNSENT = frozenset({FORM_TOKEN, KEY, CASE_MARK})
"""What a form carries for its page, and the API never reads."""
MOST_FIELDS = 40
COOKIE_NEEDED = "cookie-needed"
_TYPE = "application/x-www-form-urlencoded"
_UNTOLD = {None, "null"}
"""What browsers without Sec-Fetch-Site call the origin of a form, as we send them no referrer."""

type Form = Mapping[str, str]


async def read_form(request: Request) -> Form:
    """Return the fields of a form that were filled in, with the line ends of our texts.

    Raises:
        Problem: when it is no form.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise Problem(415, "unsupported-media-type")
    try:
        body = (await request.body()).decode("ascii")
        pairs = parse_qsl(body, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Problem(400, "invalid-request") from None
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def refuse_other_pages(
    parts: Wiring,
    request: Request,
    form: Form,
    expected: str | None,
    *,
    older_browsers: bool = False,
) -> None:
    """Refuse a form that does not stand on a page that this browser was shown.

    Args:
        expected: the token that every form on such a page carries; ``None`` when this browser
            did not bring the cookie to which it belongs.
        older_browsers: let the token be enough where the browser does not tell the origin.

    Raises:
        Problem: when it comes from elsewhere.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = origin_of(parts.settings.public_url)
    untold = older_browsers and origin in _UNTOLD
    from_here = site == "same-origin" if site else origin == ours or untold
    if not from_here:
        raise Problem(403, "forbidden")
    if expected is None:
        raise Problem(403, COOKIE_NEEDED)
    if not hmac.compare_digest(form.get(FORM_TOKEN, "").encode(), expected.encode()):
        raise Problem(403, "forbidden")


def as_json(request: Request, fields: Mapping[str, object], key: str | None = None) -> Request:
    """Return a request as the API gets it: these fields as JSON.

    Args:
        key: the Idempotency-Key.
    """
    body = json.dumps(fields).encode()
    kept = {b"content-type", b"content-length", b"idempotency-key"}
    headers = [(name, value) for name, value in request.headers.raw if name not in kept]
    headers.append((b"content-type", b"application/json"))
    if key is not None:
        headers.append((b"idempotency-key", key.encode()))

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({**request.scope, "headers": headers}, receive)
