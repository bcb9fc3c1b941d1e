"""Every page for people; what is not there comes last."""

from api.portal import about, case, complaint, guide, home, nowhere, topics

PAGES = tuple(module.router for module in (home, complaint, case, guide, topics, about, nowhere))
