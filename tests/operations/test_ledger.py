"""Verifying the ledger from the command line."""

import re
from pathlib import Path

from tests.operations.conftest import Operator
from tests.storage.archive import Archive
from tests.storage.tampering import case_of, tampered


class TestLedgerVerify:
    async def test_says_that_all_is_well(self, operator: Operator, archive: Archive) -> None:
        await case_of(archive)

        code, said = await operator.does("ledger-verify")

        assert code == 0
        assert "the ledger verifies without gaps" in said
        assert "1 cases verified" in said

    async def test_names_each_case_and_entry_that_is_broken(
        self, operator: Operator, archive: Archive
    ) -> None:
        whole, broken = await case_of(archive), await case_of(archive)
        await tampered(
            archive, f"UPDATE entries SET kind = 'response' WHERE case_id = '{broken}' AND number>2"
        )

        code, said = await operator.does("ledger-verify")

        assert code == 1
        number = (await archive.row(broken)).number
        assert re.findall(r"case (\S+), entry (\d+): changed", said) == [
            (number, "3"),
            (number, "4"),
        ]
        assert (await archive.row(whole)).number not in said

    async def test_keeps_the_heads_and_holds_a_later_ledger_against_them(
        self, operator: Operator, archive: Archive, tmp_path: Path
    ) -> None:
        case, heads = await case_of(archive), tmp_path / "heads"
        code, first = await operator.does("ledger-verify", "--heads", heads)
        assert code == 0
        await archive.append(case)
        code, later = await operator.does("ledger-verify", "--against", heads)
        assert code == 0
        assert _digest(first) != _digest(later)

        await tampered(
            archive,
            "DELETE FROM entries WHERE number > 3",
            "DELETE FROM ledger_links WHERE number > 3",
            "UPDATE cases SET entry_count = 3",
        )

        assert (await operator.does("ledger-verify"))[0] == 0
        code, said = await operator.does("ledger-verify", "--against", heads)
        assert code == 1
        assert f"case {(await archive.row(case)).number}, entry 4: truncated" in said

    async def test_refuses_heads_that_are_none(self, operator: Operator, tmp_path: Path) -> None:
        for text in ("[]\n", '{"case": "x"}\n', "nothing\n", '{"case":"x","entry":1,"link":"z"}'):
            (tmp_path / "heads").write_text(text)
            code, said = await operator.does("ledger-verify", "--against", tmp_path / "heads")
            assert (code, "holds no heads" in said) == (1, True)


class TestLedgerBegin:
    async def test_links_what_was_there_once(self, operator: Operator, archive: Archive) -> None:
        await case_of(archive)
        await tampered(archive, "DELETE FROM ledger_links")

        assert await operator.does("ledger-begin") == (0, "4 entries linked\n")
        assert await operator.does("ledger-begin") == (0, "the chain has begun already\n")
        assert (await operator.does("ledger-verify"))[0] == 0


def _digest(said: str) -> str:
    [digest] = re.findall(r"sha256 ([0-9a-f]{64})", said)
    return digest
