"""Every page for people; what is not there comes last."""

from api.portal import case, complaint, figures, home, nowhere

PAGES = tuple(module.router for module in (home, complaint, case, figures, nowhere))
