"""The guide's answer in plain words (level B1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from catalogues.texts import text, text_if_any, written_date
from domain.guide import Deadline, DeadlineKind, Guidance
from domain.languages import Language
from domain.situations import Nature
from explanations.why import source_in_words, span_in_words

_DRAFTS = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates" / "drafts"),
    undefined=StrictUndefined,
    autoescape=select_autoescape(),
)
_DRAFTED = frozenset({Nature.COMPLAINT, Nature.OBJECTION, Nature.DATA_REQUEST})
_NAME_ASKED = {True: "needs_name", False: "no_name", None: "often_needs_name"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to copy, with what is left to fill in between brackets."""

    subject: str
    text: str


def nature_in_words(guidance: Guidance, language: Language) -> str:
    """Say what it is in law."""
    return text(language, f"nature.{guidance.nature}")


def advice_in_words(guidance: Guidance, language: Language) -> str:
    """Say what somebody can do; of an operator's own row without a text, only what it is."""
    return text_if_any(language, f"situation.{guidance.situation}") or nature_in_words(
        guidance, language
    )


def deadline_in_words(deadline: Deadline, language: Language) -> str:
    """Say until when, or that it was, and by which rule; one that nobody verified says so."""
    if deadline.source is None:
        return text(language, "deadline.no_law")
    if deadline.within is not None:
        term = span_in_words(deadline.within, language)
        promised = text(language, "deadline.through_us", term=term)
        return f"{text(language, 'deadline.no_law')} {promised}"
    source = source_in_words(deadline.source, language)
    key = f"deadline.{deadline.kind}"
    if deadline.day is None:
        return text(language, f"{key}.unknown", source=source)
    said = f"{key}.over" if deadline.over else key
    sentences = [text(language, said, day=written_date(deadline.day, language), source=source)]
    if deadline.kind is DeadlineKind.INSTITUTION_ANSWERS_BY and deadline.reckoned:
        sentences.append(text(language, "deadline.reckoned"))
    if not deadline.verified:
        sentences.append(text(language, "why.unverified"))
    return " ".join(sentences)


def anonymity_in_words(guidance: Guidance, language: Language) -> str:
    """Say how to stay anonymous, and when that ends."""
    return " ".join(_anonymity(guidance, language))


def _anonymity(guidance: Guidance, language: Language) -> Iterator[str]:
    yield text(language, "anonymous.with_us")
    match guidance.nature:
        case Nature.REPORT | Nature.OBJECTION:
            yield text(language, f"anonymous.{guidance.nature}")
        case Nature.COMPLAINT:
            yield text(language, f"anonymous.{_NAME_ASKED[guidance.needs_name]}")
        case Nature.DATA_REQUEST | Nature.QUESTION:
            return


def draft_of(guidance: Guidance, language: Language) -> Draft | None:
    """Return a letter to copy, where one helps, with what its addressee needs to answer it."""
    if guidance.nature not in _DRAFTED:
        return None
    return _draft(guidance.nature, language, with_address=guidance.needs_name is not False)


def draft_to_hand_in(guidance: Guidance, language: Language) -> Draft | None:
    """Return the letter of a complaint to us, who need no name, where we mediate."""
    return _draft(guidance.nature, language, with_address=False) if guidance.mediation else None


def _draft(nature: Nature, language: Language, *, with_address: bool) -> Draft:
    template = _DRAFTS.get_template(f"{nature}.txt")
    written = template.render(t=partial(text, language), with_address=with_address)
    return Draft(text(language, f"draft.{nature}"), written)
