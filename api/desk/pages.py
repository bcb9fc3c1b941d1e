"""The pages of the staff, in the house style of all pages."""

from collections.abc import Sequence

from fastapi import Response

from api.desk.addresses import DESK, SIGN_IN, SIGN_OUT
from api.pages import rendering
from api.problems import Problem
from domain.languages import Language

_ADDRESSES = {"desk": DESK, "sign_in": SIGN_IN, "sign_out": SIGN_OUT}


def page(
    name: str,
    language: Language,
    status: int = 200,
    *,
    may_lead_to: Sequence[str] = (),
    **values: object,
) -> Response:
    """Return a page of the desk; see ``rendering.page``."""
    return rendering.page(
        f"desk/{name}", language, status, may_lead_to=may_lead_to, **_ADDRESSES, **values
    )


def problem_page(problem: Problem, language: Language, typed: Sequence[str] = ()) -> Response:
    """Return a problem as a page.

    Args:
        typed: the texts that came with the request, to be shown again.
    """
    answer = page(
        "problem",
        language,
        problem.status_code,
        problem=rendering.told(problem, language),
        typed=typed,
        signed_out=problem.status_code == 401,
    )
    answer.headers.update(problem.headers or {})
    return answer
