"""Sending a letter by SMTP, so that the caller knows whether trying again can help."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Protocol

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from domain.addresses import as_it_travels, ascii_domain
from domain.identifiers import DigestId, LetterId
from mail.letter import RenderedMail

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.-]+@[A-Za-z0-9.-]+>")

_ABOUT_THE_SESSION = frozenset({500, 502, 503, 504, 530, 534, 535, 538})
"""Replies of 5xx that speak of our session (sequence, authentication, TLS), whatever the command
they answer: the operator can mend these, so they say nothing about the recipient."""

_SECONDS_TO_SAY_GOODBYE = 2.0


class MailTemporarilyFailed(Exception):
    """The letter was not accepted now; the same letter may be sent again later.

    The message names the step and the reply code; never an address or a text.
    """


class MailPermanentlyRefused(Exception):
    """This recipient's letter will never be accepted; sending it again is of no use.

    The message names the step and the reply code; never an address or a text.
    """


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A PDF that goes along with a letter. Its name tells nothing of a case."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One letter to one address.

    Attributes:
        message_id: the same for every attempt (see ``message_id_for``).
        written_at: the moment on the letter, aware; not the moment of this attempt.

    Raises:
        ValueError: when the moment is naive or the message id has another form.
    """

    message_id: str
    to_address: str = field(repr=False)
    rendered: RenderedMail = field(repr=False)
    written_at: datetime
    enclosed: Enclosure | None = None

    def __post_init__(self) -> None:
        if self.written_at.tzinfo is None:
            raise ValueError("a letter's moment needs a time zone")
        if not _MESSAGE_ID.fullmatch(self.message_id):
            raise ValueError("not a message id; message_id_for() makes one")


class Postman(Protocol):
    """Takes letters to where they go."""

    async def send(self, envelope: Envelope) -> None:
        """Send one letter; returning means that it was accepted for delivery.

        Raises:
            MailTemporarilyFailed: trying again later may help.
            MailPermanentlyRefused: it will not.
        """
        ...

    async def check(self) -> None:
        """Find out whether letters can be handed over now.

        Raises:
            MailTemporarilyFailed: when they cannot.
        """
        ...


def message_id_for(letter_id: LetterId | DigestId, domain: str) -> str:
    """Return the ``Message-ID`` of a letter or digest: the same at every attempt.

    Args:
        letter_id: an opaque id, so the header tells nothing about the case.
        domain: the domain of the sender's address.
    """
    return f"<{letter_id}@{ascii_domain(domain)}>"


class SmtpPostman:
    """Hands letters to one SMTP server, over a new connection for each.

    Args:
        host: name or address of the server.
        port: its port.
        username: for AUTH; ``None`` where the server asks for none.
        password: belongs to ``username``.
        use_tls: speak TLS from the first byte (usually port 465).
        start_tls: demand STARTTLS before anything else (usually port 587).
        timeout: seconds that each step of the conversation may take; all of it, twice as many.
        sender_address: the address in ``From`` and the return path.
        sender_name: the name that recipients see; keep it discreet.

    Raises:
        ValueError: when the sender's address is not one, or both kinds of TLS are asked for.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        sender_address: str,
        sender_name: str,
        username: str | None = None,
        password: str | None = None,
        use_tls: bool = False,
        start_tls: bool = False,
        timeout: float = 30.0,
    ) -> None:
        if use_tls and start_tls:
            raise ValueError("choose TLS from the start or STARTTLS, not both")
        self._host = host
        self._port = port
        self._username = username
        self._password = password
        self._use_tls = use_tls
        self._start_tls = start_tls
        self._timeout = timeout
        self._sender = Address(sender_name, addr_spec=as_it_travels(sender_address))

    async def send(self, envelope: Envelope) -> None:
        """Send one letter; see ``Postman.send``."""
        try:
            recipient = Address(addr_spec=as_it_travels(envelope.to_address))
        except ValueError:
            recipient = None
        if recipient is None:
            raise MailPermanentlyRefused("the address cannot be used for e-mail")
        message = _message(envelope, self._sender, recipient)
        failure = await self._converse(recipient, message.as_bytes())
        # Raised here and not where it was caught: the SMTP library's exceptions repeat the
        # address and the server's words, and must not travel along as context.
        if failure is not None:
            raise failure

    async def check(self) -> None:
        """Connect, greet and sign in; see ``Postman.check``."""
        failure = await self._converse(None, b"")
        if failure is not None:
            raise failure

    async def _converse(self, recipient: Address | None, message: bytes) -> Exception | None:
        """Hold one SMTP conversation; return what went wrong, if anything did."""
        try:
            async with asyncio.timeout(2 * self._timeout):
                return await self._steps(recipient, message)
        except TimeoutError:
            return MailTemporarilyFailed("the conversation took too long")

    async def _steps(self, recipient: Address | None, message: bytes) -> Exception | None:
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            use_tls=self._use_tls,
            start_tls=self._start_tls,
            timeout=self._timeout,
            # Otherwise the greeting would tell the name of this machine.
            local_hostname=self._sender.domain,
        )
        step = "connecting"
        try:
            await client.connect()
            step = "greeting"
            await client.ehlo()
            if recipient is None:
                return None
            step = "naming the sender"
            await client.mail(self._sender.addr_spec)
            step = "naming the recipient"
            await client.rcpt(recipient.addr_spec)
            step = "handing over"
            await client.data(message)
        except SMTPResponseException as refusal:
            return _refused(step, refusal.code)
        except Exception as error:  # noqa: BLE001 - whatever it was may repeat the address
            return MailTemporarilyFailed(f"{step}: {type(error).__name__}")
        finally:
            await _say_goodbye(client)
        return None


def _refused(step: str, code: int) -> Exception:
    about_this_letter = step in {"naming the recipient", "handing over"}
    if about_this_letter and 500 <= code <= 599 and code not in _ABOUT_THE_SESSION:
        return MailPermanentlyRefused(f"{step}: the server answered {code}")
    return MailTemporarilyFailed(f"{step}: the server answered {code}")


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    # Whatever was accepted stays accepted: an unfriendly goodbye changes nothing.
    with suppress(SMTPException, OSError):
        if client.is_connected:
            await client.quit(timeout=_SECONDS_TO_SAY_GOODBYE)
    client.close()


def _message(envelope: Envelope, sender: Address, recipient: Address) -> EmailMessage:
    rendered = envelope.rendered
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(envelope.written_at.astimezone(UTC))
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    # Quoted-printable keeps every line under the limit of 998 octets, also a complaint of one.
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    if (enclosed := envelope.enclosed) is not None:
        message.add_attachment(
            enclosed.content, maintype="application", subtype="pdf", filename=enclosed.name
        )
    # Last, since making the parts moves what was there before into the first of them.
    message["Content-Language"] = rendered.language.value
    return message
