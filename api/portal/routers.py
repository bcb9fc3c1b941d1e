"""Every page for people; what is not there comes last. And a problem as a page."""

from fastapi import Request, Response

from api.desk import pages as desk_pages
from api.desk.addresses import DESK
from api.pages.refusing import Refused
from api.portal import (
    about,
    actions,
    becoming,
    case,
    case_attachments,
    case_file,
    codes,
    complaint,
    consenting,
    figures,
    guide,
    helping,
    home,
    nowhere,
    question,
    topics,
)
from api.portal.routing import problem_page
from api.problems import Problem, language_of

PAGES = (
    home.router,
    home.leaving,
    complaint.router,
    question.router,
    case.router,
    actions.router,
    consenting.router,
    case_file.router,
    case_attachments.router,
    becoming.router,
    codes.router,
    codes.shown,
    helping.shown,
    helping.router,
    figures.router,
    guide.router,
    topics.router,
    about.router,
    nowhere.router,
)


def problem_as_page(request: Request, problem: Problem) -> Response:
    """Return a problem that came up before any route as a page of the desk, or for people."""
    if request.url.path.startswith(DESK):
        return desk_pages.problem_page(problem, language_of(request))
    return problem_page(request, Refused(problem, {}))
