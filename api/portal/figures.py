"""The yearly figures as pages: pictures, the same in tables, and what is hidden."""

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from api import figures
from api.figures import Year
from api.portal.addresses import FIGURES, FIGURES_OF_YEAR, at
from api.portal.routing import PublicRoute, page
from api.problems import language_of
from api.wiring import Parts
from explanations import figures as wording

router = APIRouter(route_class=PublicRoute, include_in_schema=False)


@router.get(FIGURES)
async def list_years(parts: Parts, request: Request) -> Response:
    """List the years of which figures were published."""
    language = language_of(request)
    published = await figures.list_years(parts)
    years = [(one.year, at(FIGURES_OF_YEAR, language, year=one.year)) for one in published.years]
    return page(request, "figures", years=years)


@router.get(FIGURES_OF_YEAR)
async def read_year(parts: Parts, request: Request, year: Year) -> Response:
    """Show the figures of a year."""
    language = language_of(request)
    row = await figures.published_year(parts, year)
    body = await figures.read_figures(parts, request, year)
    plots = {
        table.measure: Markup(wording.plot_svg(table, year, language))  # noqa: S704
        for table in row.figures.all_tables
    }
    return page(
        request,
        "figures_of_year",
        figures=body,
        plots=plots,
        all_years=at(FIGURES, language),
    )
