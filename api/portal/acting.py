"""What a complainant can do in their case, each on a page of its own."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response

from api.answers import AcceptedBody, MyCaseBody
from api.portal import kept
from api.portal.addresses import CASE, ENTRY
from api.portal.case_pages import MyCase, case_page
from api.portal.questionnaire import Item
from api.portal.routing import below_the_language, go_to
from api.problems import language_of
from api.wiring import Parts, Wiring


def _always(_: MyCaseBody) -> bool:
    return True


def _never(_: MyCaseBody) -> bool:
    return False


def _nothing(_: MyCaseBody) -> Sequence[str]:
    return ()


def _nothing_along(_: MyCaseBody) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to do, by one form; its words are below ``portal.do.<name>``.

    Attributes:
        name: stands in the address of its page.
        hand_in: the route of the API that does it.
        possible: whether it can be done now.
        told: what to know before, besides the words.
        along: what the form sends unseen; a yes or no is about that, and about nothing else.
        taking_back: what a second form sends unseen, which takes the same thing back.
        may_take_back: whether there is anything to take back.
        for_representatives: whether whoever acts for the complainant may do it, too.
    """

    name: str
    hand_in: Callable[..., Awaitable[AcceptedBody]]
    items: Sequence[Item] = ()
    possible: Callable[[MyCaseBody], bool] = _always
    told: Callable[[MyCaseBody], Sequence[str]] = _nothing
    along: Callable[[MyCaseBody], Mapping[str, str]] = _nothing_along
    taking_back: Mapping[str, str] = field(default_factory=dict[str, str])
    may_take_back: Callable[[MyCaseBody], bool] = _never
    for_representatives: bool = False

    @property
    def address(self) -> str:
        """The address of its page."""
        return f"{CASE}/{self.name}"

    @property
    def words(self) -> str:
        """Where its words are."""
        return f"portal.do.{self.name}"

    def is_open_to(self, case: MyCaseBody) -> bool:
        """Tell whether whoever reads the case can do it now."""
        return self.possible(case) and (self.for_representatives or case.read_by is None)


def add_pages(router: APIRouter, action: Action) -> None:
    """Add the page of an action: its form, and what the form does."""

    async def read(parts: Parts, request: Request, case: MyCase) -> Response:
        """Say what it means, who will read it, and ask for it."""
        language = language_of(request)
        return case_page(
            request,
            "action",
            case,
            action=action,
            fields=[item.shown(language) for item in action.items],
            key=str(uuid4()),
            key_of_taking_back=str(uuid4()),
            typed=await kept.form_of(parts, request, case.case_number),
        )

    async def do(
        parts: Parts,
        request: Request,
        accepted: Annotated[AcceptedBody, Depends(action.hand_in)],
    ) -> Response:
        """Do it, and go where it is told what became of that."""
        return await accepted_at(parts, request, accepted)

    router.add_api_route(action.address, read, methods=["GET"])
    router.add_api_route(action.address, do, methods=["POST"])


async def accepted_at(parts: Wiring, request: Request, accepted: AcceptedBody) -> Response:
    """Go where it is told what became of what was sent; it is kept no longer as it was typed."""
    answer = go_to(ENTRY, language_of(request), number=accepted.number)
    found = await kept.read(parts, request)
    if found is not None and below_the_language(request) in found.seen:
        await kept.forget(parts, request, answer)
    return answer
