"""Questions that are asked one by one: each on a page of its own, each after the other.

Going back is always possible, to any question; every answer leads on to the next one that has
none, or to the overview of answers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.pages.fields import Control, Field, sent_fields, sent_names
from api.schemas import TEXT_LIMIT, Sent
from catalogues.texts import text, text_if_any
from domain.languages import Language

type Answers = Mapping[str, str]
type Choices = Sequence[tuple[str, str]]

YES_NO = ("true", "false")


def _always(_: Answers) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a question asks; its words are below ``portal.field.<name>``.

    Attributes:
        asks: the name of its words, where that is another one.
        choices: what can be chosen; each in words at ``<words>.<choice>``.
        limit: characters.
    """

    name: str
    control: Control
    needed: bool = False
    choices: Sequence[str] | type[StrEnum] = ()
    words: str = ""
    limit: int = TEXT_LIMIT
    asks: str = ""

    def shown(self, language: Language, choices: Choices | None = None) -> Field:
        """Return it as it stands on a page.

        Args:
            choices: what can be chosen, where that depends on what was answered before.
        """
        key = f"portal.field.{self.asks or self.name.partition(':')[0]}"
        if choices is None:
            choices = [
                (str(one), text(language, f"{self.words}.{one}")) for one in (*self.choices,)
            ]
        return Field(
            name=self.name,
            label=text(language, key),
            hint=text_if_any(language, f"{key}.hint"),
            control=self.control,
            needed=self.needed,
            choices=choices,
            limit=self.limit,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One question.

    Attributes:
        name: stands in the address of its page; its words are below ``portal.step.<name>``.
        body: what the API reads of it.
        asked: whether it is asked after what was answered before.
        forgets: answers to later questions that no longer fit when this one changes.
    """

    name: str
    items: Sequence[Item]
    body: type[Sent]
    asked: Callable[[Answers], bool] = _always
    forgets: Sequence[str] = ()

    def names(self) -> set[str]:
        """Return the names of everything that its form sends."""
        return {name for item in self.items for name in sent_names(item.name, item.control)}

    def has_what_it_needs(self, answers: Answers) -> bool:
        """Tell whether everything was answered without which nothing can be sent."""
        return all(item.name in answers for item in self.items if item.needed)

    def check(self, typed: Answers) -> None:
        """Check what was typed, as the API does.

        Raises:
            RequestValidationError: naming the fields, as the API would.
        """
        try:
            self.body.model_validate(sent_fields(typed))
        except ValidationError as error:
            found = [{**item, "loc": ("body", *item["loc"])} for item in error.errors()]
            raise RequestValidationError(found) from None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All questions of one form, in order."""

    steps: Sequence[Step]

    def step(self, name: str) -> Step | None:
        """Return a question by its name."""
        return next((step for step in self.steps if step.name == name), None)

    def asked(self, answers: Answers) -> Iterator[Step]:
        """Return the questions that are asked, given what was answered."""
        return (step for step in self.steps if step.asked(answers))

    def before(self, step: Step, answers: Answers) -> Step | None:
        """Return the question before another one; ``None`` when it is the first."""
        earlier = self.steps[: self.steps.index(step)]
        return next((one for one in reversed(earlier) if one.asked(answers)), None)

    def after(self, step: Step, answers: Answers) -> Step | None:
        """Return the question after another one; ``None`` when it was the last."""
        later = self.steps[self.steps.index(step) + 1 :]
        return next((one for one in later if one.asked(answers)), None)

    def lacking(self, answers: Answers) -> Step | None:
        """Return the first question without whose answer nothing can be sent."""
        return next((it for it in self.asked(answers) if not it.has_what_it_needs(answers)), None)

    def answered(self, step: Step, answers: Answers, typed: Answers) -> Answers:
        """Return the answers with those to one question in the place of what they were before."""
        own = {name: value for name, value in typed.items() if name in step.names()}
        changed = any(answers.get(name) != own.get(name) for name in step.names())
        gone = {*step.names(), *(step.forgets if changed else ())}
        return {name: it for name, it in answers.items() if name not in gone} | own

    def sent(self, answers: Answers) -> dict[str, object]:
        """Return what is sent: the answers to what is asked, as the API reads them."""
        names = {name for step in self.asked(answers) for name in step.names()}
        return sent_fields({name: it for name, it in answers.items() if name in names})
