"""Rendering a letter: one text, and the HTML made from the paragraphs of that same text.

There is one template for all languages. It holds the structure, and the catalogues hold the words:
``t("letter.closing.closed", institution=institution_name)`` says one paragraph or sentence in the
language of the letter.

A body template writes paragraphs separated by empty lines. Within a paragraph the lines flow
together, except after a backslash, which breaks the line; lines that begin with ``- `` are the
items of a list, and lines that begin with ``>`` quote somebody (the ``quotation`` filter writes
them). The ``sentence`` filter ends what it is given with a full stop, unless it ends already. A
line that is nothing but an address of the portal, or the reply link's place, becomes a
link in the HTML; nothing else does.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from html import escape
from pathlib import Path
from typing import cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup

from catalogues.texts import text, written_date
from catalogues.wordings import has_unchecked
from domain.digest import DigestFigures
from domain.languages import Language
from domain.letters import Letter
from domain.parties import Party
from domain.retention import REOPENING_WINDOW, RETENTION
from mail.letter import (
    BOTH_HALVES,
    LETTER_CODE_PLACE,
    OPEN_CASE,
    REPLY_LINK_PLACE,
    STAFF_PAGES,
    LetterFacts,
    RenderedLetter,
    RenderedMail,
)

_MARKS_ON_ONE_LETTER = 4
"""More combining marks than any script needs; beyond it they only cover other lines."""

_JOINERS = frozenset("\u200c\u200d")
"""Invisible, but Persian and many emoji cannot be written without them."""

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a paragraph; ``link`` when all of it is an address that may be followed."""

    words: str
    link: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of our own (lines), a list (items), or a quotation (whole paragraphs)."""

    lines: Sequence[Line] = ()
    items: Sequence[str] = ()
    quoted: Sequence[Sequence[str]] = ()


class LetterRenderer:
    """Turns a letter and its facts into what people read.

    Args:
        templates_dir: the folder that holds ``letters`` and ``digest``.
    """

    def __init__(self, templates_dir: Path) -> None:
        self._templates = Environment(
            loader=FileSystemLoader([templates_dir / "letters", templates_dir]),
            undefined=StrictUndefined,
            autoescape=select_autoescape(("html",), default_for_string=True),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # Jinja infers the type of its filters from its own ones.
        filters = cast("dict[str, Callable[..., str]]", self._templates.filters)
        filters["quotation"] = _quotation
        filters["sentence"] = _sentence
        filters["date"] = _date_in_words

    def render(
        self, letter: Letter, recipient: Party, language: Language, facts: LetterFacts
    ) -> RenderedLetter:
        """Render a letter.

        What may not leave by e-mail is not even shown to the template: a letter to a mediator,
        and one to a complainant that leaves by mail, cannot name the institution, quote anybody
        or tell an outcome. Nor can a letter to an institution tell what only the complainant is
        told: grounds, consents, the way to another body. A subject line is written without any
        facts.

        Raises:
            jinja2.UndefinedError: when a template asks for a fact that it may not tell.
            jinja2.TemplateNotFound: when the letter has no templates.
            catalogues.texts.UnknownText: when a text is missing in this language.
        """
        setting = {**_setting(letter, language), "recipient": recipient.value}
        subject = " ".join(self._fill(f"{letter}/subject.txt", setting).split())
        addresses = _addresses(facts.portal_url, language)
        context = {**setting, **addresses, **_told_to(recipient, facts)}
        blocks = _blocks(self._fill(f"{letter}/body.txt", context), facts.portal_url)
        shown = {"subject": subject, "blocks": blocks, "picture": _picture(recipient, facts)}
        html = self._fill("base.html", {**setting, **shown})
        return RenderedLetter(
            letter=letter,
            recipient=recipient,
            language=language,
            subject=subject,
            text=_as_text(blocks),
            html=html,
        )

    def render_digest(
        self, language: Language, figures: DigestFigures, portal_url: str
    ) -> RenderedMail:
        """Render a digest, which has no more to tell than its figures."""
        setting = _setting("digest", language)
        subject = " ".join(self._fill("digest/subject.txt", setting).split())
        told = {**setting, **_addresses(portal_url, language), "figures": figures}
        blocks = _blocks(self._fill("digest/body.txt", told), portal_url)
        shown = {"subject": subject, "blocks": blocks, "picture": Markup("")}
        html = self._fill("base.html", {**setting, **shown})
        return RenderedMail(language=language, subject=subject, text=_as_text(blocks), html=html)

    def _fill(self, template: str, context: Mapping[str, object]) -> str:
        return self._templates.get_template(template).render(context)


def with_reply_link(rendered: RenderedLetter, url: str) -> RenderedLetter:
    """Return the letter with the institution's reply link in the place that was kept for it.

    For the moment of sending only: what is stored keeps ``REPLY_LINK_PLACE``.
    """
    return _put_in(rendered, REPLY_LINK_PLACE, url)


def with_letter_code(rendered: RenderedLetter, code: str) -> RenderedLetter:
    """Return the letter with half of a new receipt code in the place that was kept for it.

    For the moment of sending only, like the reply link.
    """
    return _put_in(rendered, LETTER_CODE_PLACE, code)


def _put_in(rendered: RenderedLetter, place: str, words: str) -> RenderedLetter:
    return replace(
        rendered,
        text=rendered.text.replace(place, words),
        html=rendered.html.replace(place, escape(words)),
    )


def readable(words: str) -> str:
    """Return untrusted text without what could disturb or deceive its reader.

    Line ends become newlines. Control characters and half characters show as U+FFFD; invisible
    formatting (bidirectional overrides, zero-width characters) goes, and so do combining marks
    beyond the fourth on one letter. The reply link's place is broken up, since only a letter's own
    words may hold it.
    """
    kept: list[str] = []
    marks = 0
    for character in _LINE_ENDS.sub("\n", words):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if character in "\n\t" or character in _JOINERS:
            kept.append(character)
        elif category in {"Cc", "Cs"}:
            kept.append("\ufffd")
        elif category != "Cf" and marks <= _MARKS_ON_ONE_LETTER:
            kept.append(character)
    return "".join(kept).replace(REPLY_LINK_PLACE, REPLY_LINK_PLACE.strip("[]"))


def _readable_line(words: str | None) -> str | None:
    """Return an untrusted name or sentence on one line, or ``None`` when nothing is left of it.

    It cannot begin like an item of a list or like a quotation.
    """
    if words is None:
        return None
    return " ".join(readable(words).replace("\\", "/").split()).lstrip("-> ") or None


def _readable_lines(sentences: Sequence[str]) -> Sequence[str]:
    return tuple(line for words in sentences if (line := _readable_line(words)))


def _setting(letter: str, language: Language) -> dict[str, object]:
    return {
        "letter": letter,
        "language": language.value,
        "t": partial(text, language),
        "unchecked": has_unchecked(language),
    }


def _addresses(portal_url: str, language: Language) -> dict[str, str]:
    """Return the pages that a letter may lead to: the same for everybody who gets one."""
    portal = portal_url.rstrip("/")
    return {
        "portal_url": portal_url,
        "desk_url": f"{portal}/{STAFF_PAGES}",
        "open_case_url": f"{portal}/{language}/{OPEN_CASE}",
        "both_halves_url": f"{portal}/{language}/{BOTH_HALVES}",
    }


def _told_to(recipient: Party, facts: LetterFacts) -> dict[str, object]:
    told: dict[str, object] = {
        "case_number": facts.case_number,
        "written_on": facts.written_on,
        "received_on": facts.received_on,
        "reply_link_place": REPLY_LINK_PLACE,
        "letter_code_place": LETTER_CODE_PLACE,
        "due_on": facts.due_on,
        "by_mail": facts.by_mail,
        "recipient_name": (
            None if recipient is Party.COMPLAINANT else _readable_line(facts.recipient_name)
        ),
        "reopening_weeks": REOPENING_WINDOW.days // 7,
        "retention_months": RETENTION.days * 12 // 365,
    }
    if recipient is Party.COMPLAINANT and facts.by_mail:
        return told
    told["wait"] = facts.wait
    told["answer_by"] = facts.answer_by
    if recipient in {Party.MEDIATOR, Party.ADVISER}:
        return told
    told["institution_name"] = _readable_line(facts.institution_name)
    told["outcome"] = facts.outcome
    told["quoted"] = tuple(readable(paragraph) for paragraph in facts.quoted)
    if recipient is Party.COMPLAINANT:
        return told | _told_in_the_case_file(facts)
    return told | _told_to_the_institution(facts)


def _picture(recipient: Party, facts: LetterFacts) -> Markup:
    """Return the picture of a letter in the complainant's case file; nothing for anybody else.

    It is drawn by us, from dates and texts of our own, and escaped where it was drawn.
    """
    in_the_file = recipient is Party.COMPLAINANT and not facts.by_mail
    return Markup(facts.timeline_picture if in_the_file else "")  # noqa: S704


def _told_in_the_case_file(facts: LetterFacts) -> dict[str, object]:
    return {
        "days_to_accept": facts.days_to_accept,
        "mediator_promise_days": facts.mediator_promise_days,
        "mediation": facts.mediation,
        "notices": _readable_lines(facts.notices),
        "tells_of_objecting": facts.tells_of_objecting,
        "consents_asked": tuple(
            (_readable_line(title), _readable_line(explanation))
            for title, explanation in facts.consents_asked
        ),
        "sent_before": tuple((_readable_line(title), day) for title, day in facts.sent_before),
        "ground": _readable_line(facts.ground),
        "route": _readable_line(facts.route),
        "referral_body": _readable_line(facts.referral_body),
        "referral_until": facts.referral_until,
        "referral_source": _readable_line(facts.referral_source),
        "timeline_text": _readable_lines(facts.timeline_text),
    }


def _told_to_the_institution(facts: LetterFacts) -> dict[str, object]:
    return {
        "signed_by": _readable_line(facts.signed_by),
        "contact": facts.contact,
        "extendable": facts.extendable,
        "term_in_words": _readable_lines(facts.term_in_words),
        "silent_since": facts.silent_since,
    }


@pass_context
def _date_in_words(context: Context, day: date) -> str:
    return written_date(day, Language(context["language"]))


def _quotation(paragraphs: Sequence[str]) -> str:
    """Mark every line as somebody else's, so that no text can pass for one of our paragraphs."""
    lines = "\n\n".join(paragraph.strip() for paragraph in paragraphs).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."


def _blocks(filled: str, portal_url: str) -> list[Block]:
    pieces = (piece for piece in re.split(r"\n\s*\n", filled) if piece.strip())
    blocks = (_block(piece, portal_url) for piece in pieces)
    return [block for block in blocks if block != Block()]


def _block(block: str, portal_url: str) -> Block:
    lines = [line.strip() for line in block.strip().split("\n")]
    if all(line.startswith(">") for line in lines):
        return Block(quoted=tuple(_paragraphs([line[1:].strip() for line in lines])))
    if lines[0].startswith("- "):
        items = re.split(r"\n- ", "\n".join(lines)[2:])
        return Block(items=tuple(item.replace("\n", " ") for item in items))
    flowing = " ".join(lines).split("\\ ")
    return Block(lines=tuple(Line(line, _is_link(line, portal_url)) for line in flowing))


def _paragraphs(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    paragraph: list[str] = []
    for line in lines:
        if line:
            paragraph.append(line)
        elif paragraph:
            yield tuple(paragraph)
            paragraph = []
    if paragraph:
        yield tuple(paragraph)


def _is_link(line: str, portal_url: str) -> bool:
    portal = portal_url.rstrip("/")
    ours = line == portal or line.startswith(f"{portal}/")
    return line == REPLY_LINK_PLACE or (ours and " " not in line)


def _as_text(blocks: Sequence[Block]) -> str:
    return "\n\n".join(_block_as_text(block) for block in blocks) + "\n"


def _block_as_text(block: Block) -> str:
    if block.quoted:
        return _quotation(["\n".join(paragraph) for paragraph in block.quoted])
    if block.items:
        return "\n".join(f"- {item}" for item in block.items)
    return "\n".join(line.words for line in block.lines)
