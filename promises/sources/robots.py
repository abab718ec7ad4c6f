"""What a server's robots.txt lets us visit, after RFC 9309. Pure decisions."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# Our name in robots.txt files, as it stands in our User-Agent header.
NAME = "PromiseTracker"
# Bytes that are read of one file: RFC 9309, section 2.5, asks for at least this much.
MOST_BYTES = 512_000
_MOST_LINES = 20_000
_LONGEST_DELAY = 120.0
_ESCAPE = re.compile("%([0-9a-fA-F]{2})")


@dataclass(frozen=True)
class Robots:
    """The rules that are for us: (path, whether it may be visited), and the pause in seconds."""

    rules: tuple[tuple[str, bool], ...] = ()
    pause: float = 0.0

    def allows(self, url: str) -> bool:
        """Tell whether we may visit an address: the longest rule that fits decides (2.2.2)."""
        parts = urlsplit(url)
        path = _spelled(parts.path or "/") + (f"?{_spelled(parts.query)}" if parts.query else "")
        if path == "/robots.txt":
            return True
        fitting = [
            (len(pattern), is_allowed) for pattern, is_allowed in self.rules if _fits(pattern, path)
        ]
        return max(fitting)[1] if fitting else True


def read_robots(text: str) -> Robots:
    """Read the groups of a robots.txt that name us, or those for everybody else (2.2.1)."""
    ours, everyones = _Group(), _Group()
    open_groups, is_naming = list[_Group](), False
    for line in text.splitlines()[:_MOST_LINES]:
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon or not key:
            continue
        if key in {"user-agent", "useragent"}:
            open_groups = open_groups if is_naming else []
            is_naming = True
            name = re.match(r"[a-zA-Z_-]*", value)
            if value == "*":
                open_groups.append(everyones)
            elif name and name.group().lower() == NAME.lower():
                open_groups.append(ours)
            for group in open_groups:
                group.is_named = True
            continue
        # Lines that say something else, such as where the sitemap is, end no group.
        if key not in {"allow", "disallow", "crawl-delay"}:
            continue
        is_naming = False
        for group in open_groups:
            group.add(key, value)
    group = ours if ours.is_named else everyones
    return Robots(tuple(group.rules), group.pause)


class _Group:
    def __init__(self) -> None:
        self.rules: list[tuple[str, bool]] = []
        self.pause = 0.0
        self.is_named = False

    def add(self, key: str, value: str) -> None:
        if key == "crawl-delay":
            if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value):
                self.pause = min(float(value), _LONGEST_DELAY)
        elif value.startswith(("/", "*")):
            self.rules.append((_spelled(value), key == "allow"))


def _spelled(path: str) -> str:
    """Return a path in the one spelling that is compared (2.2.2): only what must be is escaped."""
    escaped = quote(path, safe="%/*$?&=:;,@!+~'()[]-._", errors="replace")
    return _ESCAPE.sub(_plain, escaped)


def _plain(escape: re.Match[str]) -> str:
    letter = chr(int(escape.group(1), 16))
    is_free = letter.isascii() and (letter.isalnum() or letter in "-._~")
    return letter if is_free else escape.group().upper()


def _fits(pattern: str, path: str) -> bool:
    """Tell whether a path begins as a rule says (2.2.3): "*" is anything, "$" the end.

    Looks for one piece after the other, so that no pattern takes long.
    """
    is_whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not is_whole or at == len(path)
    last = others.pop() if is_whole else ""
    for piece in others:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return path.endswith(last) and len(path) - len(last) >= at
