"""An address at which there is no page, said as a page."""

from fastapi import APIRouter

from api.portal.addresses import HOME
from api.portal.routing import PublicRoute
from api.problems import Problem

router = APIRouter(route_class=PublicRoute, include_in_schema=False)


@router.get(f"{HOME}/{{rest:path}}")
async def find_nothing() -> None:
    """Say that there is nothing."""
    raise Problem(404, "not-found")
