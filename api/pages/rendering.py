"""Rendering the pages for people: templates of ours, without scripts, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages.refusing import refused_form
from api.problems import Problem, field_text, language_of
from catalogues.texts import text, text_if_any, written_date, written_time
from domain.calendar import civil_date, last_day_before
from domain.clock import CIVIL_TIME
from domain.languages import Language

STYLE = "/style.css"
TEMPLATES = Path(__file__).parents[2] / "templates"
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{also}; "
    "frame-ancestors 'none'; base-uri 'none'"
)

_templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    name: str,
    language: Language,
    status: int = 200,
    *,
    may_lead_to: Sequence[str] = (),
    **values: object,
) -> Response:
    """Return a page.

    Args:
        name: of its template, below ``templates``: ``desk/case``.
        may_lead_to: other origins to which a form on it may lead.
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

    formats = {"day": day, "moment": moment, "last_day_before": last_day_before}
    content = _templates.get_template(f"{name}.html").render(
        **formats, style=STYLE, language=language, t=words, if_any=if_any, **values
    )
    policy = _POLICY.format(also="".join(f" {origin}" for origin in may_lead_to))
    headers = {"Content-Security-Policy": policy, "Content-Language": language.value}
    return HTMLResponse(content, status, headers)


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in words; ``errors`` by the name of the field."""

    title: str
    detail: str
    errors: Mapping[str, str]


def form_of(request: Request, typed: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """Return what a page with a form shows of it: what was refused, and what stands in its fields.

    Args:
        typed: what stands there when nothing was refused.
    """
    refused = refused_form(request)
    problem = told(refused.problem, language_of(request)) if refused else None
    return {
        "refused": problem,
        "errors": problem.errors if problem else {},
        "typed": {**(typed or {}), **(refused.form if refused else {})},
    }


def told(problem: Problem, language: Language) -> Told:
    """Return what a page tells of a problem."""
    return Told(
        title=text(language, f"problem.{problem.slug}.title"),
        detail=text(language, f"problem.{problem.slug}.detail"),
        errors={
            error.where.rpartition("/")[2]: field_text(error, language) for error in problem.errors
        },
    )
