"""The bodies of requests and answers about the register of the staff."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool

from api.schemas import Address, Line, Sent, SpokenLanguage, Wire
from domain.languages import Language
from domain.staff import Role


def _once[T](values: list[T]) -> list[T]:
    return list(dict.fromkeys(values))


type Roles = Annotated[list[Role], Field(max_length=len(Role)), AfterValidator(_once)]
type Languages = Annotated[
    list[Language], Field(min_length=1, max_length=len(Language)), AfterValidator(_once)
]


class StaffMemberBody(Wire):
    """Somebody who works here."""

    id: UUID
    subject: str
    """What the identity provider calls them."""
    name: str
    address: str
    """Of e-mail."""
    roles: list[Role]
    language: Language
    """In which they are addressed."""
    languages: list[Language]
    """Which they speak with people in a case."""
    active: bool
    """Who is not gets in nowhere."""


class StaffBody(Wire):
    """The register of the staff, by name; those who left, too."""

    staff: list[StaffMemberBody]


class NewStaffBody(Sent):
    """Somebody who begins to work here."""

    subject: Line
    name: Line
    address: Address
    roles: Roles
    language: SpokenLanguage = Language.DUTCH
    languages: Languages


class StaffChangesBody(Sent):
    """What becomes different of somebody; what is left out stays."""

    name: Line | None = None
    address: Address | None = None
    roles: Roles | None = None
    language: SpokenLanguage | None = None
    languages: Languages | None = None
    active: StrictBool | None = None
