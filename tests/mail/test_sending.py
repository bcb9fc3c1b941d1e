"""Letters on their way, against a real SMTP server that behaves as well or badly as told."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Any, cast
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller

from domain.identifiers import LetterId
from domain.languages import Language
from domain.letters import Letter
from domain.parties import Party
from mail.letter import RenderedLetter
from mail.sending import (
    Enclosure,
    Envelope,
    MailPermanentlyRefused,
    MailTemporarilyFailed,
    Postman,
    SmtpPostman,
    message_id_for,
)

LETTER_ID = LetterId(UUID("5f6e7a52-4e4e-5d0f-9f3b-0c1d2e3f4a5b"))
SOMEBODY = "plantedname@post.example"
LONG_LINE = "Een zin zonder einde, met é en ș; " * 200


class Server:
    """An SMTP server's conduct: it keeps what it accepts and answers as told."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, list[str], EmailMessage]] = []
        self.raw: list[bytes] = []
        self.greeted_by: str | None = None
        self.at_mail = "250 OK"
        self.at_rcpt = "250 OK"
        self.at_data = "250 OK"
        self.port = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.greeted_by = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.at_mail

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if self.at_rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.at_data.startswith("2"):
            message = message_from_bytes(envelope.content, policy=SMTP_POLICY)
            self.raw.append(envelope.content)
            self.accepted.append((envelope.mail_from, list(envelope.rcpt_tos), message))
        return self.at_data


class FreePortController(Controller):
    """Listens on a port that the system chose, and notes which."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def server() -> Iterator[Server]:
    conduct = Server()
    controller = FreePortController(conduct, hostname="127.0.0.1", port=0)
    controller.start()
    conduct.port = controller.port
    yield conduct
    controller.stop()


@asynccontextmanager
async def scripted_server(*answers: bytes | None) -> AsyncGenerator[int]:
    """Answer each line with the next answer, the first before any; ``None`` cuts the line.

    Yields:
        The port.
    """

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for answer in answers:
                if answer is None:
                    break
                writer.write(answer + b"\r\n")
                await writer.drain()
                if answer.startswith(b"354"):
                    await reader.readuntil(b"\r\n.\r\n")
                elif not await reader.readline():
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listener = await asyncio.start_server(converse, "127.0.0.1", 0)
    async with listener:
        yield listener.sockets[0].getsockname()[1]


def postman_for(
    port: int, *, timeout: float = 5.0, username: str | None = None, start_tls: bool = False
) -> SmtpPostman:
    return SmtpPostman(
        host="127.0.0.1",
        port=port,
        username=username,
        password="secret" if username else None,
        start_tls=start_tls,
        timeout=timeout,
        sender_address="post@wederhoor.example",
        sender_name="Wederhoor",
    )


def envelope(to_address: str = SOMEBODY, words: str = "Er is nieuws.") -> Envelope:
    return Envelope(
        message_id=message_id_for(LETTER_ID, "wederhoor.example"),
        to_address=to_address,
        rendered=RenderedLetter(
            letter=Letter.NEWS,
            recipient=Party.COMPLAINANT,
            language=Language.DUTCH,
            subject="Er staat een bericht voor u klaar: één",
            text=f"{words}\n",
            html=f"<!doctype html><p>{words}</p>\n",
        ),
        written_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    )


def told(raised: pytest.ExceptionInfo[Exception]) -> str:
    """Everything that a log or a failure in Temporal's history could tell of an exception."""
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
    return f"{raised.value!r} {raised.value}"


class TestALetterAccepted:
    async def test_carries_its_text_and_its_html(self, server: Server) -> None:
        await postman_for(server.port).send(envelope())

        [(sender, recipients, message)] = server.accepted
        assert sender == "post@wederhoor.example"
        assert recipients == [SOMEBODY]
        assert message.get_content_type() == "multipart/alternative"
        text, html = cast("list[EmailMessage]", list(message.iter_parts()))
        assert text.get_content_type() == "text/plain"
        assert text.get_content().split() == ["Er", "is", "nieuws."]
        assert html.get_content_type() == "text/html"
        assert "<p>Er is nieuws.</p>" in html.get_content()

    async def test_carries_what_is_enclosed_beside_them(self, server: Server) -> None:
        enclosed = Enclosure("letter.pdf", b"%PDF-1.7 \x00\xff")

        await postman_for(server.port).send(replace(envelope(), enclosed=enclosed))

        [(_, _, message)] = server.accepted
        assert message.get_content_type() == "multipart/mixed"
        assert message["Content-Language"] == "nl"
        body = message.get_body(("plain",))
        assert body is not None
        assert body.get_content().split() == ["Er", "is", "nieuws."]
        [attached] = list(message.iter_attachments())
        assert attached.get_content_type() == "application/pdf"
        assert attached.get_filename() == "letter.pdf"
        assert attached.get_content() == enclosed.content
        [raw] = server.raw
        assert raw.isascii()

    async def test_has_these_headers_and_no_others(self, server: Server) -> None:
        await postman_for(server.port).send(envelope())

        [(_, _, message)] = server.accepted
        headers = {name: str(value) for name, value in message.items()}
        assert headers.pop("Content-Type").startswith("multipart/alternative; boundary=")
        assert headers == {
            "From": "Wederhoor <post@wederhoor.example>",
            "To": SOMEBODY,
            "Subject": "Er staat een bericht voor u klaar: één",
            "Date": "Mon, 23 Nov 2026 09:30:00 +0000",
            "Message-ID": f"<{LETTER_ID}@wederhoor.example>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": "nl",
            "MIME-Version": "1.0",
        }

    async def test_has_the_same_message_id_every_time(self, server: Server) -> None:
        for _ in range(2):
            await postman_for(server.port).send(envelope())

        ids = {message["Message-ID"] for _, _, message in server.accepted}
        assert len(server.accepted) == 2
        assert ids == {f"<{LETTER_ID}@wederhoor.example>"}

    async def test_keeps_every_line_short_and_in_ascii(self, server: Server) -> None:
        await postman_for(server.port).send(envelope(words=f"{LONG_LINE}\n.\nFrom here"))

        [raw] = server.raw
        assert raw.isascii()
        assert max(len(line) for line in raw.splitlines()) <= 200
        [(_, _, message)] = server.accepted
        text, _ = cast("list[EmailMessage]", list(message.iter_parts()))
        assert text.get_content().splitlines() == [LONG_LINE, ".", "From here"]

    async def test_does_not_tell_the_name_of_this_machine(self, server: Server) -> None:
        await postman_for(server.port).send(envelope())

        assert server.greeted_by == "wederhoor.example"

    async def test_never_mixes_two_recipients(self, server: Server) -> None:
        postman = postman_for(server.port)
        people = [f"person{number}@post.example" for number in range(6)]

        await asyncio.gather(*(postman.send(envelope(one, f"For {one}")) for one in people))

        assert sorted(recipients[0] for _, recipients, _ in server.accepted) == people
        for (_, recipients, message), raw in zip(server.accepted, server.raw, strict=True):
            [recipient] = recipients
            assert message["To"] == recipient
            assert not any(one.encode() in raw for one in people if one != recipient)

    async def test_goes_to_an_international_domain(self, server: Server) -> None:
        await postman_for(server.port).send(envelope("info@Gemeente-Súdwest.example"))

        [(_, recipients, _)] = server.accepted
        assert recipients == ["info@xn--gemeente-sdwest-cvb.example"]

    async def test_stays_accepted_when_the_goodbye_fails(self) -> None:
        answers = (b"220 hi", b"250 hi", b"250 OK", b"250 OK", b"354 go", b"250 queued", None)
        async with scripted_server(*answers) as port:
            await postman_for(port).send(envelope())


class TestAPermanentRefusal:
    @pytest.mark.parametrize("answer", ["550 5.1.1 No plantedname here", "501 Syntax", "553 No"])
    async def test_is_a_5xx_for_this_recipient(self, server: Server, answer: str) -> None:
        server.at_rcpt = answer

        with pytest.raises(MailPermanentlyRefused, match=f"answered {answer[:3]}") as raised:
            await postman_for(server.port).send(envelope())

        assert "planted" not in told(raised)

    async def test_is_a_5xx_for_this_letter(self, server: Server) -> None:
        server.at_data = "554 5.6.0 Er is nieuws? We do not want it"

        with pytest.raises(MailPermanentlyRefused, match="answered 554") as raised:
            await postman_for(server.port).send(envelope())

        assert "nieuws" not in told(raised)

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "plantedname",
            "@post.example",
            "planted name@post.example",
            "plantednäme@post.example",
            "plantedname@post.example\r\nRCPT TO:<other@post.example>",
            "plantedname@post.example, other@post.example",
            "Name <plantedname@post.example>",
            "plantedname@" + "a" * 64 + ".example",
            "plantedname@stra\u00dfe.example",
            "planted\x00name@post.example",
            "x" * 250 + "@post.example",
        ],
    )
    async def test_is_an_address_that_cannot_be_used(self, server: Server, address: str) -> None:
        with pytest.raises(MailPermanentlyRefused, match="cannot be used") as raised:
            await postman_for(server.port).send(envelope(address))

        assert "planted" not in told(raised)
        assert server.accepted == []


class TestATemporaryFailure:
    @pytest.mark.parametrize("answer", ["421 Later", "450 Busy", "452 Full"])
    async def test_is_a_4xx_for_this_recipient(self, server: Server, answer: str) -> None:
        server.at_rcpt = answer

        with pytest.raises(MailTemporarilyFailed):
            await postman_for(server.port).send(envelope())

    async def test_is_a_4xx_for_this_letter(self, server: Server) -> None:
        server.at_data = "451 Greylisted"

        with pytest.raises(MailTemporarilyFailed, match="answered 451"):
            await postman_for(server.port).send(envelope())

        server.at_data = "250 OK"
        await postman_for(server.port).send(envelope())
        assert len(server.accepted) == 1

    async def test_is_a_sender_that_the_server_does_not_want(self, server: Server) -> None:
        server.at_mail = "550 No relaying"

        with pytest.raises(MailTemporarilyFailed, match="naming the sender"):
            await postman_for(server.port).send(envelope())

    async def test_is_a_recipient_refused_for_want_of_signing_in(self, server: Server) -> None:
        server.at_rcpt = "530 5.7.0 Authentication required"

        with pytest.raises(MailTemporarilyFailed):
            await postman_for(server.port).send(envelope())

    @pytest.mark.parametrize(
        "answers",
        [
            (None,),
            (b"554 closed for business",),
            (b"220 hi", b"500 what?", b"500 what?"),
            (b"220 hi", None),
            (b"220 hi", b"250 hi", b"250 OK", None),
            (b"220 hi", b"250 hi", b"250 OK", b"250 OK", None),
            (b"220 hi", b"250 hi", b"250 OK", b"250 OK", b"354 go", None),
            (b"220 hi", b"250 hi", b"250 OK", b"nonsense"),
            (b"\xff\xfe\x00",),
        ],
        ids=[
            "cut at once",
            "closed",
            "greeting refused",
            "cut at the greeting",
            "cut at the recipient",
            "cut before the letter",
            "cut after the letter",
            "nonsense",
            "not even text",
        ],
    )
    async def test_is_a_conversation_that_breaks_off(self, answers: tuple[bytes | None]) -> None:
        async with scripted_server(*answers) as port:
            with pytest.raises(MailTemporarilyFailed) as raised:
                await postman_for(port, timeout=1).send(envelope())

        assert "planted" not in told(raised)

    async def test_is_a_server_that_refuses_our_password(self) -> None:
        answers = (b"220 hi", b"250-hi\r\n250 AUTH PLAIN", b"535 5.7.8 No, planted@x", b"221 bye")
        async with scripted_server(*answers) as port:
            with pytest.raises(MailTemporarilyFailed, match="answered 535") as raised:
                await postman_for(port, username="planted@x").send(envelope())

        assert "planted" not in told(raised)

    async def test_is_a_server_without_the_tls_that_we_demand(self, server: Server) -> None:
        with pytest.raises(MailTemporarilyFailed, match="connecting"):
            await postman_for(server.port, start_tls=True).send(envelope())

        assert server.accepted == []

    async def test_is_a_server_that_does_not_listen(self, unused_tcp_port: int) -> None:
        with pytest.raises(MailTemporarilyFailed, match="connecting"):
            await postman_for(unused_tcp_port).send(envelope())

    async def test_is_a_server_that_keeps_silent(self) -> None:
        async with scripted_server(b"220 hi", b"250 hi", b"250 OK", b"250-") as port:
            with pytest.raises(MailTemporarilyFailed, match="Timeout"):
                await postman_for(port, timeout=0.2).send(envelope())


class TestReadiness:
    async def test_is_a_server_that_greets_us(self, server: Server) -> None:
        postman: Postman = postman_for(server.port)

        await postman.check()

        assert server.accepted == []

    async def test_is_missing_when_nobody_listens(self, unused_tcp_port: int) -> None:
        with pytest.raises(MailTemporarilyFailed):
            await postman_for(unused_tcp_port).check()
