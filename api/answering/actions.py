"""What an institution can do in a case, each on a page of its own, in the order of their list."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response

from api import institution_case
from api.answering.addresses import CASE, ENTRY
from api.answering.asked import Asked
from api.answering.routing import AnsweringRoute, case_page
from api.answers import AcceptedBody
from api.institution_answers import AddressedBody
from api.pages.fields import Control, Field
from api.portal.routing import go_to
from api.problems import language_of
from catalogues.texts import text, text_if_any
from domain.entries import EntryKind
from domain.languages import Language
from domain.waits import Wait


def _always(_: AddressedBody) -> None:
    return None


def _no_more_time(case: AddressedBody) -> str | None:
    running = [
        one for one in case.awaited if one.code is Wait.INSTITUTION_REPLIES and not one.passed
    ]
    if not running:
        return "answering.not_now"
    return None if any(one.extendable for one in running) else "refusal.no_extension"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to say, by one form; its words are below ``answering.do.<kind>``.

    Attributes:
        name: stands in the address of its page.
        hand_in: the route of the API that does it.
        until: whether a day can be named.
        why_not: the key of why it cannot be done now; ``None`` when it can.
    """

    name: str
    kind: EntryKind
    hand_in: Callable[..., Awaitable[AcceptedBody]]
    until: bool = False
    why_not: Callable[[AddressedBody], str | None] = _always

    @property
    def address(self) -> str:
        """The address of its page."""
        return f"{CASE}/{self.name}"

    @property
    def words(self) -> str:
        """Where its words are."""
        return f"answering.do.{self.kind}"

    def fields(self, language: Language) -> Sequence[Field]:
        """Return what its form asks."""
        asked = [self._field("text", Control.TEXT, language, needed=True)]
        if self.until:
            asked.append(self._field("until", Control.PARTS_OF_A_DAY, language))
        return asked

    def _field(
        self, name: str, control: Control, language: Language, *, needed: bool = False
    ) -> Field:
        key = f"{self.words}.{name}"
        hint = text_if_any(language, f"{key}.hint")
        return Field(name, text(language, key), control, needed=needed, hint=hint)


ACTIONS = (
    Action(name="reply", kind=EntryKind.INSTITUTION_REPLY, hand_in=institution_case.reply),
    Action(
        name="extension",
        kind=EntryKind.INSTITUTION_EXTENSION,
        hand_in=institution_case.take_more_time,
        until=True,
        why_not=_no_more_time,
    ),
    Action(
        name="correction",
        kind=EntryKind.INSTITUTION_CORRECTION,
        hand_in=institution_case.correct_facts,
    ),
    Action(
        name="objection",
        kind=EntryKind.INSTITUTION_OBJECTION,
        hand_in=institution_case.object_,
    ),
)


def _add_pages(router: APIRouter, action: Action) -> None:
    """Add the page of an action: its form, and what the form does."""

    async def read(request: Request, case: Asked) -> Response:
        """Say what it means, who will read it, and ask for it."""
        return case_page(
            request,
            "action",
            case,
            action=action,
            fields=action.fields(language_of(request)),
            key=str(uuid4()),
        )

    async def do(
        request: Request, accepted: Annotated[AcceptedBody, Depends(action.hand_in)]
    ) -> Response:
        """Do it, and go where it is told what became of that."""
        return go_to(ENTRY, language_of(request), number=accepted.number)

    router.add_api_route(action.address, read, methods=["GET"])
    router.add_api_route(action.address, do, methods=["POST"])


router = APIRouter(route_class=AnsweringRoute, include_in_schema=False)
for _action in ACTIONS:
    _add_pages(router, _action)
