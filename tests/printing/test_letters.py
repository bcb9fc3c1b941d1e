"""A letter on paper: what stands in its text, in the same parts."""

from domain.case_number import CaseNumber
from domain.languages import Language
from domain.letters import Letter
from domain.parties import Party
from mail.rendering import Block, Line, with_reply_link
from printing.letters import blocks_of, letter_document
from printing.typesetting import typeset
from tests.mail.reading import PORTAL, every_sending, rendered
from tests.printing.reading import squeezed, tags_of, words_of
from tests.printing.samples import TEMPLATE, WRITTEN_AT


class TestTheBlocksOfALetter:
    def test_are_paragraphs_lists_and_quotations(self) -> None:
        words = "Een,\ntwee\n\n- drie\n- vier\n\n> vijf\n> zes\n>\n> zeven\n"

        assert blocks_of(words) == (
            Block(lines=(Line("Een,"), Line("twee"))),
            Block(items=("drie", "vier")),
            Block(quoted=(("vijf", "zes"), ("zeven",))),
        )

    def test_are_links_below_the_portal_and_nowhere_else(self) -> None:
        words = f"{PORTAL}/x\nhttps://elders.example/\n{PORTAL}.elders.example\n\n> {PORTAL}/x\n"

        assert blocks_of(words, PORTAL) == (
            Block(
                lines=(
                    Line(f"{PORTAL}/x", link=True),
                    Line("https://elders.example/"),
                    Line(f"{PORTAL}.elders.example"),
                )
            ),
            Block(quoted=((f"{PORTAL}/x",),)),
        )

    def test_quote_nothing_where_only_one_line_begins_with_a_mark(self) -> None:
        assert blocks_of("> een\ntwee\n") == (Block(lines=(Line("> een"), Line("twee"))),)


class TestEveryLetter:
    @every_sending
    def test_says_the_same_on_paper(
        self, letter: Letter, recipient: Party, by_mail: bool, language: Language
    ) -> None:
        sent = rendered(letter, recipient, by_mail=by_mail, language=language)
        read = with_reply_link(sent, f"{PORTAL}/answer-here")
        made = typeset(
            TEMPLATE,
            letter_document(
                language,
                read.subject,
                read.text,
                case_number=CaseNumber("lusab-babad-r"),
                written_at=WRITTEN_AT,
                addresses_below=PORTAL,
            ),
        )

        lines = (line.lstrip(">- ") for line in read.text.splitlines())
        printed = squeezed(words_of(made))
        assert [line for line in lines if squeezed(line) not in printed] == []
        assert ("BlockQuote" in tags_of(made)) == ("\n>" in read.text)
        assert ("L" in tags_of(made)) == ("\n- " in read.text)
