"""The page on which the API can be read about and tried; it loads nothing from elsewhere."""

from importlib.resources import files

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

ADDRESS = "/v1/docs"
_FILES = f"{ADDRESS}-files"
_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; "
    "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
)

router = APIRouter(include_in_schema=False)


@router.get(ADDRESS)
async def read_documentation() -> HTMLResponse:
    """Show Swagger UI, from files of our own."""
    page = get_swagger_ui_html(
        openapi_url="/v1/openapi.json",
        title="Wederhoor",
        swagger_js_url=f"{_FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{_FILES}/swagger-ui.css",
        swagger_favicon_url=f"{_FILES}/favicon-32x32.png",
    )
    page.headers["Content-Security-Policy"] = _POLICY
    return page


def page_files() -> tuple[str, StaticFiles]:
    """Return where the files of the page are served, and from what."""
    return _FILES, StaticFiles(directory=str(files("fastapi_swagger").joinpath("resources")))
