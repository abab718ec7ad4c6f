"""Reads the text of a PDF in a process of its own. Run as a script, which needs nothing of ours:

    python pdf_text.py SECONDS < file.pdf > found.json

A PDF made to harm keeps the reader busy, or fills the memory, inside of one page: only the
system can cut that off, by ending the process (setrlimit).
"""

import json
import resource
import sys
import time
from io import BytesIO
from itertools import islice

MOST_PAGES = 1_000
MOST_CHARACTERS = 2_000_000
MOST_MEMORY = 1_500_000_000


def main(seconds: int) -> None:
    """Read the file that comes in; send out its title and its text. Scanned pages have none."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Where the pages are many, those read so far are better than none.
    title, text = read(sys.stdin.buffer.read(), until=time.monotonic() + seconds * 3 / 4)
    sys.stdout.write(json.dumps({"title": title, "text": text}))


def read(content: bytes, *, until: float) -> tuple[str, str]:
    """Return title and text; no page is begun after `until`, on the monotonic clock."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("It opens only with a password.")
    title = (reader.metadata.title if reader.metadata else "") or ""
    texts, size = list[str](), 0
    for page in islice(reader.pages, MOST_PAGES):
        # A page that is damaged does not hide the others.
        try:
            text = page.extract_text()
        except Exception:
            text = ""
        texts.append(text)
        size += len(text)
        if size > MOST_CHARACTERS or time.monotonic() > until:
            break
    return title, "\n".join(texts)


if __name__ == "__main__":
    main(int(sys.argv[1]))
