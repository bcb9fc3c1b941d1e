import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from launcher.mail_sink import MailSinkPart
from launcher.ports import free_ports


def letter(number: int = 1, html: str = "<p>Goedendag, <b>u</b></p>") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Wederhoor <portal@example.org>"
    message["To"] = "someone@example.org"
    message["Subject"] = f"Uw klacht {number} <b>é</b>"
    message["Message-ID"] = f"<letter-{number}@example.org>"
    message["Date"] = "Mon, 05 Jan 2026 10:00:00 +0000"
    message.set_content("Goedendag é\n")
    message.add_alternative(html, subtype="html")
    return message


class Sink:
    def __init__(self, part: MailSinkPart) -> None:
        self.part = part

    def send(self, message: EmailMessage) -> None:
        with smtplib.SMTP(self.part.smtp_host, self.part.smtp_port) as smtp:
            smtp.send_message(message)

    def get(self, path: str, host: str = "localhost") -> httpx.Response:
        headers = {"Host": host}
        return httpx.get(f"{self.part.page_url}{path}", headers=headers, trust_env=False)

    def empty(self) -> httpx.Response:
        return httpx.delete(f"{self.part.page_url}/letters", trust_env=False)

    def letters(self) -> list[dict[str, Any]]:
        return self.get("/letters.json").json()


@pytest.fixture
async def sink(tmp_path: Path) -> AsyncIterator[Sink]:
    ports = free_ports(["smtp", "page"])
    part = MailSinkPart(tmp_path, ports["smtp"], ports["page"], faults=True)
    await part.start()
    try:
        await part.ready()
        yield Sink(part)
    finally:
        await part.stop()


class TestMailSink:
    async def test_gives_the_letters_as_json(self, sink: Sink) -> None:
        sink.send(letter())
        (got,) = sink.letters()
        assert got["subject"] == "Uw klacht 1 <b>é</b>"
        assert got["message_id"] == "<letter-1@example.org>"
        assert got["date"] == "Mon, 05 Jan 2026 10:00:00 +0000"
        assert got["envelope_to"] == ["someone@example.org"]
        assert got["envelope_from"] == "portal@example.org"
        assert got["text"] == "Goedendag é\n"
        assert "<b>u</b>" in got["html"]
        assert ["From", "Wederhoor <portal@example.org>"] in got["headers"]

    async def test_finds_letters_by_address_and_words(self, sink: Sink) -> None:
        sink.send(letter())
        for query, found in (
            ("to=someone@example.org", 1),
            ("to=someone@example.org&containing=Goedendag", 1),
            ("to=someone@example.org&containing=Tot+ziens", 0),
            ("to=other@example.org", 0),
            ("containing=Goedendag", 1),
        ):
            assert len(sink.get(f"/letters.json?{query}").json()) == found
        sink.send(letter(2))
        assert len(sink.get("/letters.json?containing=Goedendag").json()) == 2
        sink.empty()
        assert sink.get("/letters.json?containing=Goedendag").json() == []

    async def test_shows_the_newest_first(self, sink: Sink) -> None:
        for number in (1, 2, 3):
            sink.send(letter(number))
        assert [got["message_id"][8] for got in sink.letters()] == ["3", "2", "1"]
        page = sink.get("/").text
        assert page.index("letter-3@") < page.index("letter-1@")

    async def test_never_lets_a_letter_write_the_page(self, sink: Sink) -> None:
        sink.send(letter(html="<script>alert(1)</script>"))
        letter_id = sink.letters()[0]["id"]
        for path in ("/", f"/letters/{letter_id}"):
            page = sink.get(path)
            assert "Uw klacht 1 &lt;b&gt;" in page.text
            assert "<script" not in page.text
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        html = sink.get(f"/letters/{letter_id}/html")
        assert html.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert "<iframe sandbox " in sink.get(f"/letters/{letter_id}").text

    async def test_says_so_when_there_is_no_such_letter(self, sink: Sink) -> None:
        assert sink.get("/letters/20260101T000000000000-1-000000").status_code == 404
        assert sink.get("/letters/..%2ffault").status_code == 404

    async def test_answers_to_no_other_name(self, sink: Sink) -> None:
        assert sink.get("/letters.json", host="evil.example").status_code == 400

    async def test_can_be_emptied(self, sink: Sink) -> None:
        sink.send(letter())
        assert sink.empty().status_code == 204
        assert sink.letters() == []

    async def test_keeps_the_letters_through_a_kill(self, sink: Sink) -> None:
        sink.send(letter())
        before = sink.letters()
        await sink.part.kill()
        await sink.part.start()
        await sink.part.ready()
        assert sink.letters() == before


class TestMailSinkFaults:
    @pytest.mark.parametrize("code", [450, 550])
    async def test_refuse_every_recipient(self, sink: Sink, code: int) -> None:
        sink.part.set_fault(str(code))
        with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
            sink.send(letter())
        assert caught.value.recipients["someone@example.org"][0] == code
        assert sink.letters() == []

    async def test_refuse_the_content(self, sink: Sink) -> None:
        sink.part.set_fault("450-data")
        with pytest.raises(smtplib.SMTPDataError):
            sink.send(letter())
        assert sink.letters() == []

    async def test_keep_the_letter_without_saying_so(self, sink: Sink) -> None:
        sink.part.set_fault("drop-after-data")
        with pytest.raises(smtplib.SMTPServerDisconnected):
            sink.send(letter())
        assert len(sink.letters()) == 1

    async def test_end(self, sink: Sink) -> None:
        sink.part.set_fault("450")
        sink.part.set_fault(None)
        sink.send(letter())
        assert len(sink.letters()) == 1
