"""Texts that no spreadsheet takes for formulas, written so that they can be read back exactly."""

# Signs by which a spreadsheet takes a text for a formula (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHIELD = "'"


def shielded(text: str) -> str:
    """Return a text with an apostrophe in front where a spreadsheet would run it.

    A text that begins with an apostrophe gets another, so that `bare` gives every text back.
    """
    return f"{SHIELD}{text}" if text.startswith((*_FORMULA, SHIELD)) else text


def bare(cell: str) -> str:
    """Return the text that a cell holds: without the apostrophe that shields it.

    An apostrophe that shields nothing ("'tis") is part of the text: hand-made files have some.
    """
    return (
        cell[1:] if cell.startswith(SHIELD) and cell[1:].startswith((*_FORMULA, SHIELD)) else cell
    )
