"""Dossiers on paper, made of the same answers that programs read."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from api.answers import EntryBody, MyCaseBody, ReferralBody
from api.dossier_answers import DossierBody, DossierLetterBody
from api.export_answers import ExportBody
from catalogues.texts import text, written_date
from domain.calendar import civil_date
from domain.case_number import CaseNumber
from domain.languages import Language
from mail.rendering import Block, Line
from printing.document import Document, Section, Table
from printing.letters import blocks_of


def dossier_document(body: DossierBody, language: Language, written_at: datetime) -> Document:
    """Return a dossier for the next body as a document."""
    made_on = written_date(body.made_on, language)
    institution = body.institution.name
    about = text(language, "dossier.about", day=made_on, institution=institution)
    opening = [about, text(language, "dossier.neutral"), text(language, "dossier.holds")]
    none = text(language, "dossier.term.none")
    return Document(
        language=language,
        title=text(language, "dossier.title", number=body.case_number),
        case_number=CaseNumber(body.case_number),
        written_at=written_at,
        sections=(
            Section(parts=[paragraph(*opening)]),
            _titled(language, "answer", [paragraph(body.standing.text)]),
            _titled(language, "term", [paragraph(*(body.term.why if body.term else [none]))]),
            _titled(language, "letters", letters_sent(body.letters, language)),
            _titled(language, "next", [paragraph(*_next_body(body.referral, language))]),
            _titled(language, "exchange", list(exchange(body.entries, language))),
            *annexes(body.letters, language),
        ),
    )


def paragraph(*sentences: str) -> Block:
    """Return sentences that follow one another."""
    return Block(lines=(Line(" ".join(sentences)),))


def letters_sent(letters: Sequence[DossierLetterBody], language: Language) -> list[Block | Table]:
    """Return the list of what was sent to the institution."""
    if not letters:
        return [paragraph(text(language, "dossier.letters.none"))]
    names = ("day", "letter", "desk", "state")
    columns = [text(language, f"dossier.column.{name}") for name in names]
    rows = [
        (day_of(letter.written_at, language), letter.title, letter.desk_text, letter.status_text)
        for letter in letters
    ]
    return [Table(columns, rows), paragraph(text(language, "dossier.letters.known"))]


def exchange(entries: Sequence[EntryBody], language: Language) -> Iterator[Block]:
    """Return what was written, each with its day and who wrote it."""
    for entry in entries:
        day, author = day_of(entry.received_at, language), text(language, f"party.{entry.author}")
        yield Block(lines=(Line(f"{day}. {author}: {entry.title}"),))
        said = [words for words in (entry.body or {}).values() if words.strip()]
        if said:
            yield Block(quoted=tuple(tuple(words.splitlines()) for words in said))


def annexes(letters: Sequence[DossierLetterBody], language: Language) -> Iterator[Section]:
    """Return the letters in full, each on a page of its own."""
    for number, letter in enumerate(letters, start=1):
        title = text(language, "dossier.annex", n=number, title=letter.title)
        yield Section(title=title, parts=blocks_of(letter.text), on_new_page=True)


def day_of(moment: datetime, language: Language) -> str:
    """Return the day of a moment in the Netherlands, in words."""
    return written_date(civil_date(moment), language)


def _titled(language: Language, name: str, parts: Sequence[Block | Table]) -> Section:
    return Section(title=text(language, f"dossier.{name}.title"), parts=parts)


def _next_body(referral: ReferralBody | None, language: Language) -> list[str]:
    return [text(language, "dossier.next.none")] if referral is None else referral.text


def export_document(body: ExportBody, language: Language, written_at: datetime) -> Document:
    """Return all that is a complainant's as a document."""
    case, made_on = body.case, written_date(body.made_on, language)
    titles = {
        name: text(language, f"export.{name}.title")
        for name in ("case", "consents", "entries", "letters", "files", "sent")
    }
    letters = (
        Section(
            title=f"{titles['letters']}: {it.title}", parts=blocks_of(it.text), on_new_page=True
        )
        for it in body.letters
    )
    return Document(
        language=language,
        title=text(language, "export.title", number=case.case_number),
        case_number=CaseNumber(case.case_number),
        written_at=written_at,
        sections=(
            Section(parts=[paragraph(text(language, "export.about", day=made_on))]),
            Section(title=titles["case"], parts=list(_course(case))),
            Section(title=titles["consents"], parts=_consents(case, language)),
            Section(title=titles["entries"], parts=list(exchange(body.entries, language))),
            Section(title=titles["files"], parts=_files(body, language)),
            Section(
                title=titles["sent"], parts=letters_sent(body.letters_to_institution, language)
            ),
            *letters,
            *annexes(body.letters_to_institution, language),
        ),
    )


def _course(case: MyCaseBody) -> Iterator[Block]:
    name = f"{case.institution.name}. " if case.institution else ""
    yield paragraph(f"{name}{case.stage.text}.")
    if case.notices:
        yield Block(items=tuple(case.notices))
    for clock in case.clocks:
        yield paragraph(*clock.why)
    yield Block(items=tuple(case.timeline))
    ends = (case.outcome.text if case.outcome else None, case.ground)
    told = [words for words in ends if words]
    if told:
        yield paragraph(*told)
    if case.referral is not None:
        yield paragraph(*case.referral.text)


def _consents(case: MyCaseBody, language: Language) -> list[Block]:
    if not case.consents:
        return [_nothing(language)]
    words = {given: text(language, f"portal.consent.{given}") for given in ("given", "not_given")}
    return [
        Block(
            items=tuple(
                f"{it.title} {words['given' if it.given else 'not_given']}" for it in case.consents
            )
        )
    ]


def _files(body: ExportBody, language: Language) -> list[Block]:
    if not body.attachments:
        return [_nothing(language)]
    return [Block(items=tuple(f"{it.path} ({it.scan_text})" for it in body.attachments))]


def _nothing(language: Language) -> Block:
    return paragraph(text(language, "export.nothing"))
