"""Who takes part in a case, and who may read what."""

from enum import StrEnum


class Party(StrEnum):
    """Who did something, or of whom something is awaited."""

    COMPLAINANT = "complainant"
    MEDIATOR = "mediator"
    ADVISER = "adviser"
    """Who answers a question."""
    INSTITUTION = "institution"
    SUPERVISOR = "supervisor"
    PORTAL = "portal"


class Audience(StrEnum):
    """Who may read an entry, besides its author and the mediator or adviser of the case.

    A supervisor reads the course of a case, never an entry's text.
    """

    MEDIATOR_ONLY = "mediator_only"
    """A mediator's own note, and what a complainant tells the mediator in confidence."""

    COMPLAINANT = "complainant"
    INSTITUTION = "institution"
    BOTH_SIDES = "both_sides"

    def includes(self, party: Party) -> bool:
        """Tell whether this audience lets the party read the entry."""
        match party:
            case Party.MEDIATOR | Party.ADVISER:
                return True
            case Party.COMPLAINANT:
                return self in {Audience.COMPLAINANT, Audience.BOTH_SIDES}
            case Party.INSTITUTION:
                return self in {Audience.INSTITUTION, Audience.BOTH_SIDES}
            case Party.SUPERVISOR | Party.PORTAL:
                return False
