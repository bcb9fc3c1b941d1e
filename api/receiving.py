"""How every route hands over what arrived: commit, answer 202, then tell the workflow."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import BackgroundTasks, Depends, Header, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from api.answers import AcceptedBody
from api.problems import FieldError, Problem
from api.wiring import Parts, Wiring
from attachments.depot import SentFile
from catalogues.receipt_words import codes_within
from delivery.courier import NotDelivered
from delivery.receipts import Receipt
from delivery.reception import (
    ComplaintFromQuestion,
    NewComplaint,
    NewMandate,
    NewQuestion,
    Record,
    nothing_more,
)
from delivery.repeats import Request as Repeatable
from domain.entries import NO_DETAILS, EntryDetails
from domain.identifiers import CaseId, EntryNumber
from storage import access
from storage.case_file import NewEntry
from storage.models import EntryStatus

_log = structlog.get_logger()


class Handover:
    """Takes in what arrived with one request; a retry with its Idempotency-Key changes nothing."""

    def __init__(
        self,
        parts: Parts,
        request: Request,
        response: Response,
        background: BackgroundTasks,
        idempotency_key: Annotated[
            str | None,
            Header(
                alias="Idempotency-Key",
                description="A random UUID; the same key and body get the same answer for 24 h. "
                "A complaint needs one.",
            ),
        ] = None,
    ) -> None:
        self._parts = parts
        self._request = request
        self._response = response
        self._background = background
        self._key = idempotency_key

    async def complaint(self, complaint: NewComplaint) -> Receipt:
        """Open a case and say where it can be followed; then start its workflow.

        Raises:
            Problem: without an Idempotency-Key.
        """
        same = await self.repeatable()
        receipt = await self._parts.reception.complaint(complaint, same)
        self._response.headers["Location"] = "/v1/my-case/entries/1"
        self._background.add_task(tell, self._parts, receipt.case, receipt.last_entry)
        return receipt

    async def question(self, question: NewQuestion) -> Receipt:
        """Open a case for a question; then start its workflow.

        Raises:
            Problem: without an Idempotency-Key.
        """
        same = await self.repeatable()
        receipt = await self._parts.reception.question(question, same)
        self._response.headers["Location"] = "/v1/my-case/entries/1"
        self._background.add_task(tell, self._parts, receipt.case, receipt.last_entry)
        return receipt

    async def complaint_from(self, case: CaseId, complaint: ComplaintFromQuestion) -> Receipt:
        """Open a complaint with what a question said; then tell the workflows of both.

        Raises:
            Problem: without an Idempotency-Key.
        """
        same = await self.repeatable()
        receipt, number = await self._parts.reception.complaint_from(case, complaint, same)
        self._response.headers["Location"] = f"/v1/my-case/entries/{number}"
        self._background.add_task(tell, self._parts, receipt.case, receipt.last_entry)
        self._background.add_task(tell, self._parts, case, number)
        return receipt

    async def entry(
        self, case: CaseId, entry: NewEntry, location: str, record: Record = nothing_more
    ) -> AcceptedBody:
        """Commit an entry and say where it can be followed; then ring the bell.

        Args:
            location: the address of the case's entries; the number is added to it.
            record: see ``Reception.entry``.
        """
        same = await self._same_request()
        number = await self._parts.reception.entry(case, entry, same, record)
        self._committed(case, number, location)
        return AcceptedBody(number=number, status=EntryStatus.UNDELIVERED)

    async def mandate(self, case: CaseId, mandate: NewMandate, location: str) -> Receipt:
        """Let somebody act for the complainant, and return their code; then ring the bell.

        Args:
            location: the address of the case's entries; the number is added to it.

        Raises:
            Problem: without an Idempotency-Key.
        """
        same = await self.repeatable()
        receipt = await self._parts.reception.mandate(case, mandate, same)
        self._committed(case, receipt.last_entry, location)
        return receipt

    async def file(
        self,
        case: CaseId,
        sent: SentFile,
        location: str,
        details: EntryDetails = NO_DETAILS,
    ) -> EntryNumber:
        """Keep a file, commit its entry and say where it can be followed; then ring the bell.

        A form has another boundary each time that it is sent; so the file itself counts.

        Args:
            location: the address of the case's entries; the number is added to it.
            details: tell who acts for the complainant, if anybody does.
        """
        named = f"{sent.name}\0{sent.media_type}\0".encode(errors="surrogateescape")
        same = await self._same_request(named + sent.content)
        number = await self._parts.attaching.attach(case, sent, same, details)
        self._committed(case, number, location)
        return number

    async def refuse_receipt_codes(self, **texts: str | None) -> None:
        """Refuse a text that contains a receipt code: others would read it.

        Args:
            texts: by the name of the field.

        Raises:
            Problem: naming the first field that does.
        """
        lookups = {
            self._parts.secrets.receipt_lookup(code): name
            for name, text in texts.items()
            for code in codes_within(text or "")
        }
        if not lookups:
            return
        async with self._parts.database.transaction() as session:
            known = await access.known_receipts(session, lookups)
        if known:
            blame = FieldError(f"#/{lookups[known[0]]}", "contains-receipt-code")
            raise Problem(400, "invalid-request", [blame])

    def _committed(self, case: CaseId, number: EntryNumber, location: str) -> None:
        self._response.headers["Location"] = f"{location}/{number}"
        self._background.add_task(tell, self._parts, case, number)

    async def repeatable(self) -> Repeatable:
        """Return what makes this request the same as an earlier one; its answer is a secret.

        Raises:
            Problem: without an Idempotency-Key.
        """
        same = await self._same_request()
        if same is None:
            blame = FieldError("Idempotency-Key", "missing")
            raise Problem(400, "idempotency-key-required", [blame])
        return same

    async def _same_request(self, content: bytes | None = None) -> Repeatable | None:
        """Return what makes this request the same as an earlier one: key, address and content.

        Args:
            content: what counts, when that is not the body as it was sent.

        Raises:
            Problem: when the key is no random UUID.
        """
        if self._key is None:
            return None
        try:
            key = UUID(self._key)
        except ValueError:
            key = None
        if key is None or key.version != 4 or str(key) != self._key.lower():
            blame = FieldError("Idempotency-Key", "format")
            raise Problem(400, "idempotency-key-required", [blame])
        address = f"{self._request.method} {self._request.url.path}\n".encode()
        if content is None:
            content = await self._request.body()
        return Repeatable(str(key), address + content)


Incoming = Annotated[Handover, Depends()]


async def tell(parts: Wiring, case: CaseId, number: EntryNumber) -> None:
    """Tell the workflow now if that is possible; the relay does it otherwise."""
    try:
        await parts.courier.deliver(case, number)
    except (NotDelivered, SQLAlchemyError) as error:
        _log.info("left_to_the_relay", error=type(error).__name__)
