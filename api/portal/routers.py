"""Every page for people and institutions; what is not there comes last. A problem as a page."""

from fastapi import Request, Response

from api.answering import actions as answering_actions
from api.answering import case as answering_case
from api.answering import link as answering_link
from api.answering import routing as answering_pages
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
    answering_link.router,
    answering_case.router,
    answering_actions.router,
    nowhere.router,
)


def problem_as_page(request: Request, problem: Problem) -> Response:
    """Return a problem that came up before any route as a page of whom it is for."""
    if request.url.path.startswith(DESK):
        return desk_pages.problem_page(problem, language_of(request))
    if answering_pages.is_ours(request):
        return answering_pages.problem_page(request, Refused(problem, {}))
    return problem_page(request, Refused(problem, {}))
