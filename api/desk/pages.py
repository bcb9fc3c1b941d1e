"""Rendering the pages of the staff: templates of ours, without scripts, in each language."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.desk.addresses import DESK, SIGN_IN, SIGN_OUT, STYLE
from api.problems import Problem, field_text
from catalogues.texts import text, text_if_any, written_date, written_time
from domain.calendar import civil_date
from domain.clock import CIVIL_TIME
from domain.languages import Language

FOLDER = Path(__file__).parents[2] / "templates" / "desk"
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{also}; "
    "frame-ancestors 'none'; base-uri 'none'"
)

_templates = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ADDRESSES = {"desk": DESK, "sign_in": SIGN_IN, "sign_out": SIGN_OUT, "style": STYLE}


def page(
    name: str, language: Language, status: int = 200, *, may_lead_to: str = "", **values: object
) -> Response:
    """Return a page.

    Args:
        name: of its template.
        may_lead_to: another origin to which a form on it may lead.
    """

    def words(key: str, /, **more: object) -> str:
        return text(language, key, **more)

    def if_any(key: str) -> str | None:
        return text_if_any(language, key)

    def day(value: date) -> str:
        return written_date(value, language)

    def moment(value: datetime) -> str:
        time = written_time(value.astimezone(CIVIL_TIME).time(), language)
        return f"{day(civil_date(value))}, {time}"

    formats = {"day": day, "moment": moment}
    content = _templates.get_template(f"{name}.html").render(
        **_ADDRESSES, **formats, language=language.value, t=words, if_any=if_any, **values
    )
    policy = _POLICY.format(also=f" {may_lead_to}" if may_lead_to else "")
    headers = {"Content-Security-Policy": policy, "Content-Language": language.value}
    return HTMLResponse(content, status, headers)


def problem_page(problem: Problem, language: Language, typed: Sequence[str] = ()) -> Response:
    """Return a problem as a page.

    Args:
        typed: the texts that came with the request, to be shown again.
    """
    errors = [
        (error.where.rpartition("/")[2], field_text(error, language)) for error in problem.errors
    ]
    answer = page(
        "problem",
        language,
        problem.status_code,
        title=text(language, f"problem.{problem.slug}.title"),
        detail=text(language, f"problem.{problem.slug}.detail"),
        errors=errors,
        typed=typed,
        signed_out=problem.status_code == 401,
    )
    answer.headers.update(problem.headers or {})
    return answer
