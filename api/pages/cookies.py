"""Cookies of the pages: no script reads them, and another site's forms do not send them."""

from datetime import timedelta

from fastapi import Request, Response

from api.wiring import Wiring


def leave_cookie(
    parts: Wiring, response: Response, name: str, value: str, lasts: timedelta | None = None
) -> None:
    """Leave a cookie.

    Args:
        lasts: for how long; until the browser is closed when that is not said.
    """
    response.set_cookie(
        name,
        value,
        max_age=None if lasts is None else int(lasts.total_seconds()),
        secure=_https(parts),
        httponly=True,
        samesite="lax",
    )


def take_cookie(parts: Wiring, response: Response, name: str) -> None:
    """Take a cookie away."""
    response.delete_cookie(name, secure=_https(parts), httponly=True, samesite="lax")


async def forget_draft(parts: Wiring, request: Request, response: Response, name: str) -> None:
    """Destroy what we keep under a cookie, and take the cookie away."""
    if name in request.cookies:
        await parts.drafts.forget(request.cookies[name])
    take_cookie(parts, response, name)


def _https(parts: Wiring) -> bool:
    return parts.settings.public_url.startswith("https:")
