"""Texts that no spreadsheet takes for formulas, written so that they can be read back exactly.

In a sheet a text has an apostrophe in front where a spreadsheet would run it, and one that begins
with an apostrophe gets another (promises.packages.copying), so that `bare` gives every text back.
"""

SHIELD = "'"
# What stands at the start of a text that is shielded: the signs by which a spreadsheet takes it for
# a formula (OWASP: CSV injection), and the shield itself.
SHIELDED = ("=", "+", "-", "@", "\t", "\r", SHIELD)


def bare(cell: str) -> str:
    """Return the text that a cell holds: without the apostrophe that shields it.

    An apostrophe that shields nothing ("'tis") is part of the text: hand-made files have some.
    """
    return cell[1:] if cell.startswith(SHIELD) and cell[1:].startswith(SHIELDED) else cell
