"""Institutions: whom a complaint can be about."""

from dataclasses import dataclass
from enum import StrEnum

from domain.identifiers import InstitutionId
from domain.languages import Language


class InstitutionKind(StrEnum):
    """What kind of institution it is decides which rules bind it (see ``domain.policy``)."""

    MUNICIPALITY = "municipality"
    NATIONAL_SERVICE = "national_service"
    POLICE = "police"
    BANK_PRIVATE = "bank_private"
    BANK_BUSINESS = "bank_business"
    CARE_INSTITUTION = "care_institution"
    HEALTH_INSURER = "health_insurer"
    OTHER_INSURER = "other_insurer"
    LANDLORD = "landlord"
    """Whoever lets a room or a house: no institution that we mediate with; we show the way."""
    OPERATOR = "operator"
    """Whoever runs a workplace (exploitant): no institution that we mediate with, either."""
    OTHER = "other"


class Region(StrEnum):
    """A province of the Netherlands (ISO 3166-2:NL)."""

    DRENTHE = "drenthe"
    FLEVOLAND = "flevoland"
    FRYSLAN = "fryslan"
    GELDERLAND = "gelderland"
    GRONINGEN = "groningen"
    LIMBURG = "limburg"
    NOORD_BRABANT = "noord_brabant"
    NOORD_HOLLAND = "noord_holland"
    OVERIJSSEL = "overijssel"
    UTRECHT = "utrecht"
    ZEELAND = "zeeland"
    ZUID_HOLLAND = "zuid_holland"


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution in the register.

    Attributes:
        contact_address: where its letters go; an e-mail address of an office, not of a person.
    """

    id: InstitutionId
    kind: InstitutionKind
    name: str
    contact_address: str
    language: Language = Language.DUTCH
    active: bool = True
