"""What a postman refuses before any letter leaves."""

from datetime import UTC, datetime

import pytest

from domain.languages import Language
from domain.letters import Letter
from domain.parties import Party
from mail.letter import RenderedLetter
from mail.sending import Envelope, SmtpPostman

RENDERED = RenderedLetter(
    letter=Letter.NEWS,
    recipient=Party.COMPLAINANT,
    language=Language.DUTCH,
    subject="Er staat een bericht voor u klaar",
    text="Er is nieuws.\n",
    html="<p>Er is nieuws.</p>\n",
)
NINE_O_CLOCK = datetime(2026, 11, 23, 9, tzinfo=UTC)


def envelope(message_id: str = "<1@wederhoor.example>", at: datetime = NINE_O_CLOCK) -> Envelope:
    return Envelope(
        message_id=message_id,
        to_address="plantedname@post.example",
        rendered=RENDERED,
        written_at=at,
    )


class TestAnEnvelope:
    def test_does_not_show_its_address_or_text(self) -> None:
        assert "planted" not in repr(envelope())
        assert "nieuws" not in repr(envelope())

    @pytest.mark.parametrize("message_id", ["", "x@y", "<x@y>\r\nBcc: z@z", "<x y@z>"])
    def test_refuses_a_malformed_message_id(self, message_id: str) -> None:
        with pytest.raises(ValueError, match="message_id_for"):
            envelope(message_id)

    def test_refuses_a_moment_without_time_zone(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            envelope(at=NINE_O_CLOCK.replace(tzinfo=None))


class TestAPostman:
    @pytest.mark.parametrize("name", ["Weder\r\nBcc: x@x.example", "Weder\nhoor"])
    def test_refuses_a_sender_name_of_two_lines(self, name: str) -> None:
        with pytest.raises(ValueError, match="CR or LF"):
            SmtpPostman(host="h", port=25, sender_address="a@b.example", sender_name=name)

    def test_refuses_two_kinds_of_tls(self) -> None:
        with pytest.raises(ValueError, match="not both"):
            SmtpPostman(
                host="h",
                port=25,
                sender_address="a@b.example",
                sender_name="W",
                use_tls=True,
                start_tls=True,
            )
