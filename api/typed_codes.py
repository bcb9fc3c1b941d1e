"""Codes as somebody typed them."""

from catalogues.receipt_words import read_receipt_code
from domain.receipt_code import InvalidReceiptCode, ReceiptCode, draw_receipt_code


def code_or_nobodys(typed: str) -> ReceiptCode:
    """Return the code, or for what can be none a code of nobody, which costs as much to refuse."""
    try:
        return read_receipt_code(typed)
    except InvalidReceiptCode:
        return draw_receipt_code()
