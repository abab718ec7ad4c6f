"""From bytes to text, when nobody says in which encoding they are."""

import codecs

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from promises.imports.sheets import UnreadableFile

MIXED = "mixed"
# What a person may choose. The first of them explains every text of western Europe and America.
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "latin-1": "ISO 8859-1",
    "iso8859-15": "ISO 8859-15",
    "utf-16": "UTF-16",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "mac-roman": "Mac Roman",
    "cp437": "DOS 437",
    "cp850": "DOS 850",
    "shift_jis": "Shift JIS",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
    MIXED: "UTF-8 and Windows-1252 mixed, line by line",
}
# Which of them are guessed; the others are too like these, or too seldom met.
_GUESSED = ("cp1252", "cp1250", "cp1251", "shift_jis", "gb18030", "big5", "euc_kr")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
# How sure charset-normalizer must be of a language before its guess beats Windows-1252, and what
# is no difference.
SURE = 0.5
_ALIKE = 0.02
_SAMPLE = 200_000


def text_of(content: bytes, encoding: str, remarks: list[str]) -> tuple[str, str]:
    """Return the text and the name of its encoding, the one asked for unless that is "".

    What had to be guessed goes to `remarks`. Raises UnreadableFile.
    """
    for mark, codec, name in _MARKS:
        if content.startswith(mark) and encoding in ("", name):
            return _strict(content, codec, name), name
    if encoding == MIXED:
        return _by_lines(content, remarks), MIXED
    if encoding:
        return _strict(content, encoding, encoding).removeprefix("\ufeff"), encoding
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if wide := _unmarked_utf16(content):
            return _strict(content, wide, "utf-16"), wide
        return text, "utf-8"
    return _guessed(content, remarks)


def _strict(content: bytes, codec: str, name: str) -> str:
    """Decode, or say where it fails."""
    try:
        return content.decode(codec)
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        raise UnreadableFile(
            _("This is not %(encoding)s, from byte %(byte)d on. Choose another encoding.")
            % {"encoding": ENCODINGS.get(name, name), "byte": at}
        ) from error


def _unmarked_utf16(content: bytes) -> str:
    """Return which UTF-16 this is, without its mark: every other byte of Latin text is zero."""
    sample = content[:2000]
    pairs = len(sample) // 2
    if pairs and len(content) % 2 == 0:
        for start, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
            if sample[start::2].count(0) > 0.4 * pairs and sample[1 - start :: 2].count(0) == 0:
                return codec
    return ""


def _guessed(content: bytes, remarks: list[str]) -> tuple[str, str]:
    """Decode what is not UTF-8: perhaps in parts it is, perhaps it is UTF-16 without a mark."""
    if wide := _unmarked_utf16(content):
        return _strict(content, wide, "utf-16"), wide
    if any(_is_utf8(line) for line in content.split(b"\n") if not line.isascii()):
        return _by_lines(content, remarks), MIXED
    name = _likely(content)
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        # The five bytes that Windows-1252 leaves open become control characters, which are refused
        # where they stand.
        text = "".join(_windows(line) for line in content.splitlines(keepends=True))
        name = "cp1252"
    words = _("The file does not say its encoding. It was read as %(encoding)s: check the accents.")
    remarks.append(words % {"encoding": ENCODINGS.get(name, name)})
    return text, name


def _likely(content: bytes) -> str:
    """Return the encoding that explains the bytes best: Windows-1252 unless another does better.

    Where several explain them equally well, the one that is met most often.
    """
    # Read in here: it takes three megabytes, and few files leave something to guess.
    from charset_normalizer import from_bytes

    scores = {"cp1252": 0.0}
    for match in from_bytes(content[:_SAMPLE]):
        for name in map(_name_of, match.could_be_from_charset):
            if name in _GUESSED and match.coherence >= SURE:
                scores[name] = max(match.coherence, scores.get(name, 0))
    best = max(scores.values())
    return next(name for name in ENCODINGS if best - scores.get(name, -1) <= _ALIKE)


def _name_of(encoding: str) -> str:
    """Return the name by which an encoding is offered here, or ""."""
    wanted = codecs.lookup(encoding).name
    return next((one for one in _GUESSED if codecs.lookup(one).name == wanted), "")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _windows(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _by_lines(content: bytes, remarks: list[str]) -> str:
    """Decode line by line: UTF-8 where a line is UTF-8, else Windows-1252; say where."""
    lines: list[str] = []
    other: list[int] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if _is_utf8(line):
            lines.append(line.decode("utf-8"))
        else:
            lines.append(_windows(line))
            other.append(number)
    if other:
        numbers = ", ".join(map(str, other[:10])) + ("…" if len(other) > 10 else "")
        words = ngettext(
            "Two encodings are mixed: %(count)d line is not UTF-8 and was read as Windows-1252"
            " (line %(numbers)s). Check its accents.",
            "Two encodings are mixed: %(count)d lines are not UTF-8 and were read as Windows-1252"
            " (lines %(numbers)s). Check their accents.",
            len(other),
        )
        remarks.append(words % {"count": len(other), "numbers": numbers})
    return "\n".join(lines).removeprefix("\ufeff")
