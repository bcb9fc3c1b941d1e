"""The pages of a questionnaire: where it begins, each question, the overview, and the receipt."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from fastapi import APIRouter, BackgroundTasks, Request, Response

from api.answers import HandedInBody
from api.pages.cookies import leave_cookie
from api.pages.fields import sent_names
from api.pages.forms import as_json
from api.pages.refusing import typed_form
from api.portal.addresses import HOME, at
from api.portal.entering import enter
from api.portal.questionnaire import Answers, Choices, Questionnaire, Step
from api.portal.routing import DraftRoute, go_to, page
from api.portal.steps import FOR, HELPER, MYSELF, SOMEBODY, for_oneself, is_for_somebody
from api.problems import Problem, language_of
from api.receiving import Handover, Incoming
from api.who import draft_cookie
from api.wiring import Parts, Wiring
from catalogues.texts import text
from delivery.drafts import Draft
from domain.languages import Language

type Chosen = Callable[[Wiring, Answers, Language], Awaitable[Mapping[str, Choices]]]
type Warn = Callable[[Wiring, Answers, str, Language], str | None]
type AdviceOnly = Callable[[Wiring, Answers], bool]
type Send = Callable[[Handover, dict[str, object], Language], Awaitable[HandedInBody]]


class Asking:
    """The pages of a questionnaire.

    Args:
        address: of its first page.
        words: its words are below ``portal.<words>``.
        chosen: what can be chosen where that depends on earlier answers, by the name of the field.
        send: hands the answers in.
        warn: says what to know on a page, by the name of its question or of the overview.
        advice_only: tells by the answers whether somebody gets advice and no mediation.
    """

    def __init__(
        self,
        address: str,
        words: str,
        questions: Questionnaire,
        chosen: Chosen,
        send: Send,
        warn: Warn | None = None,
        advice_only: AdviceOnly | None = None,
    ) -> None:
        self._address, self._words = address, words
        self._check, self._receipt = f"{address}/check", f"{address}/receipt"
        self._question = f"{address}/{{step}}"
        self._questions = questions
        self._chosen, self._send = chosen, send
        self._warn, self._advice_only = warn, advice_only

    def router(self) -> APIRouter:
        """Return the routes of its pages."""
        router = APIRouter(route_class=DraftRoute, include_in_schema=False)
        for address, read, write in (
            (self._address, self.read_beginning, self.begin),
            (self._check, self.read_answers, self.send),
            (self._receipt, self.read_receipt, self.go_on),
            (self._question, self.read_question, self.answer),
        ):
            router.add_api_route(address, read, methods=["GET"])
            router.add_api_route(address, write, methods=["POST"])
        return router

    async def read_beginning(self, request: Request) -> Response:
        """Say what will be asked and what happens then, before any question."""
        return page(
            request, f"{self._words}_start", address=at(self._address, language_of(request))
        )

    async def begin(self, parts: Parts, request: Request) -> Response:
        """Begin a new draft, for oneself or for somebody else, and ask the first question."""
        whom = typed_form(request).get(FOR)
        answers = {FOR: SOMEBODY} if whom == SOMEBODY else {}
        return await self.begin_with(parts, request, Draft(answers=answers))

    async def begin_with(self, parts: Wiring, request: Request, draft: Draft) -> Response:
        """Begin with answers that were given elsewhere, and ask the first question.

        A code that nobody has noted down yet is shown first: there is no other copy of it.
        """
        language, former = language_of(request), request.cookies.get(draft_cookie(parts.settings))
        written = await parts.drafts.read(former) if former else None
        if written is not None and written.receipt is not None:
            return go_to(f"{HOME}/{written.form}/receipt", language)
        if former is not None:
            await parts.drafts.forget(former)
        token = await parts.drafts.begin(replace(draft, form=self._words))
        answer = go_to(
            self._question, language, step=next(self._questions.asked(draft.answers)).name
        )
        leave_cookie(parts, answer, draft_cookie(parts.settings), token)
        return answer

    async def read_answers(self, parts: Parts, request: Request) -> Response:
        """Show every answer before it is sent."""
        language, found = language_of(request), await self._draft_of(parts, request)
        if found is None:
            return go_to(self._address, language)
        _, draft = found
        if draft.receipt is not None:
            return go_to(self._receipt, language)
        lacking = self._questions.lacking(draft.answers)
        if lacking is not None:
            return go_to(self._question, language, step=lacking.name)
        choices = await self._chosen(parts, draft.answers, language)
        answers = [
            (step, _in_words(step, draft.answers, choices, language))
            for step in self._questions.asked(draft.answers)
        ]
        return page(
            request,
            "check",
            words=f"portal.{self._words}",
            address=at(self._address, language),
            answers=answers,
            warning=self._warn and self._warn(parts, draft.answers, "check", language),
            for_somebody=is_for_somebody(draft.answers),
        )

    async def send(self, parts: Parts, request: Request, background: BackgroundTasks) -> Response:
        """Send the answers, once, however often this is asked; or ask first who sends them."""
        language, found = language_of(request), await self._draft_of(parts, request)
        if found is None:
            return go_to(self._address, language)
        token, draft = found
        if draft.receipt is None and typed_form(request).get(FOR) == SOMEBODY:
            answers = {**draft.answers, FOR: SOMEBODY}
            await parts.drafts.keep(token, replace(draft, answers=answers))
            return go_to(self._question, language, step=HELPER.name)
        if draft.receipt is None:
            sent = self._questions.sent(draft.answers)
            handed_in = as_json(_in_no_language(request, self._words), sent)
            incoming = Handover(parts, handed_in, Response(), background, draft.key)
            given = await self._send(incoming, sent, language)
            receipt = given.model_dump()
            if self._advice_only and self._advice_only(parts, draft.answers):
                receipt["what_next"] = "advice"
            await parts.drafts.keep(token, replace(draft, answers={}, seen=(), receipt=receipt))
        return go_to(self._receipt, language)

    async def read_receipt(self, parts: Parts, request: Request) -> Response:
        """Show the code by which its owner comes back, until they say that they have it."""
        language, found = language_of(request), await self._draft_of(parts, request)
        if found is None or found[1].receipt is None:
            return go_to(self._address, language)
        return page(
            request,
            "receipt",
            words=f"portal.{self._words}",
            address=at(self._receipt, language),
            receipt=found[1].receipt,
        )

    async def go_on(self, parts: Parts, request: Request) -> Response:
        """Forget the code, and open the case."""
        language, found = language_of(request), await self._draft_of(parts, request)
        if found is None or found[1].receipt is None:
            return go_to(self._address, language)
        receipt = found[1].receipt
        code = receipt.get("helper_code") or receipt["receipt_code"]
        return await enter(parts, request, code)

    async def read_question(self, parts: Parts, request: Request, step: str) -> Response:
        """Ask one question."""
        language, found, asked = (
            language_of(request),
            await self._draft_of(parts, request),
            self._known(step),
        )
        if found is None:
            return go_to(self._address, language)
        draft = found[1]
        if draft.receipt is not None:
            return go_to(self._receipt, language)
        if not asked.asked(draft.answers):
            return go_to(self._check, language)
        choices = await self._chosen(parts, draft.answers, language)
        before = self._questions.before(asked, draft.answers)
        back = (
            at(self._question, language, step=before.name)
            if before
            else at(self._address, language)
        )
        return page(
            request,
            "question",
            step=asked,
            words=f"portal.{self._words}",
            fields=[item.shown(language, choices.get(item.name)) for item in asked.items],
            back=back,
            number=1 + [*self._questions.asked(draft.answers)].index(asked),
            typed=draft.answers,
            warning=self._warn and self._warn(parts, draft.answers, asked.name, language),
            for_somebody=is_for_somebody(draft.answers),
        )

    async def answer(
        self, parts: Parts, request: Request, incoming: Incoming, step: str
    ) -> Response:
        """Keep an answer, and ask what comes next."""
        language, found, asked = (
            language_of(request),
            await self._draft_of(parts, request),
            self._known(step),
        )
        if found is None:
            return page(
                request,
                "late",
                words=f"portal.{self._words}",
                address=at(self._address, language),
                written=[it for name, it in typed_form(request).items() if name in asked.names()],
            )
        token, draft = found
        if not asked.asked(draft.answers):
            return go_to(self._check, language)
        seen = {*draft.seen, asked.name}
        if typed_form(request).get(FOR) == MYSELF:
            answers = for_oneself(draft.answers)
        else:
            typed = {name: it for name, it in typed_form(request).items() if name in asked.names()}
            asked.check(typed)
            await incoming.refuse_receipt_codes(**typed)
            answers = self._questions.answered(asked, draft.answers, typed)
        await parts.drafts.keep(token, replace(draft, answers=answers, seen=sorted(seen)))
        for following in self._questions.asked(answers):
            if following.name not in seen or not following.has_what_it_needs(answers):
                return go_to(self._question, language, step=following.name)
        return go_to(self._check, language)

    async def _draft_of(self, parts: Wiring, request: Request) -> tuple[str, Draft] | None:
        """Return what this browser is writing here, and the token by which it comes back."""
        token = request.cookies.get(draft_cookie(parts.settings))
        draft = await parts.drafts.read(token) if token else None
        return (token, draft) if token and draft and draft.form == self._words else None

    def _known(self, name: str) -> Step:
        found = self._questions.step(name)
        if found is None:
            raise Problem(404, "not-found")
        return found


def _in_no_language(request: Request, form: str) -> Request:
    """Return a request as it counts for what is sent once: the same in every language."""
    return Request({**request.scope, "path": f"/{form}"}, request.receive)


def _in_words(
    step: Step, answers: Answers, choices: Mapping[str, Choices], language: Language
) -> list[tuple[str, str]]:
    """Return the answers to one question: what was asked, and what was answered."""
    told: list[tuple[str, str]] = []
    for item in step.items:
        field = item.shown(language, choices.get(item.name))
        names = sent_names(item.name, item.control)
        given = [answers[name] for name in reversed(names) if name in answers]
        words = dict(field.choices) or {"true": text(language, "portal.yes_no.true")}
        answer = "-".join(words.get(one, one) for one in given)
        told.append((field.label, answer or text(language, "portal.not_answered")))
    return told
