"""What may stand in a log, who may read the figures, how they are written. No Django."""

import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network

# Upper ends of the classes by which the time of an answer is counted, in seconds.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# What is never written down, and what stands there instead.
_NEVER_WRITTEN = (
    # PostgreSQL quotes the row that broke a rule.
    (re.compile(r"(DETAIL|CONTEXT):.*?(?=\\n|\n|$)"), r"\1: left out"),
    # Passwords in addresses of servers.
    (re.compile(r"(?<=://)[^/\s@'\"]*:[^/\s@'\"]+(?=@)"), "[secret]"),
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+"), "[email]"),
    (re.compile(r"(?i)(bearer\s+)[\w.~+/=-]+"), r"\1[secret]"),
    # Keys of the API beyond their beginning, secrets of webhooks, links in mails.
    (re.compile(r"(ppt_[a-z0-9]{12}_)[A-Za-z0-9]+"), r"\1[secret]"),
    (re.compile(r"whsec_[A-Za-z0-9+/=]+"), "[secret]"),
    (
        re.compile(r"(/(?:follow/\w+|suggestions|challenges|account/\w+)/)[^/\s'\"]{16,}"),
        r"\1[token]",
    ),
)


def scrubbed(text: str) -> str:
    """Return the text without what a log must not hold: addresses of people, secrets, rows."""
    for pattern, instead in _NEVER_WRITTEN:
        text = pattern.sub(instead, text)
    return text


def may_read(*, address: str, networks: Iterable[str], is_forwarded: bool) -> bool:
    """Tell whether the figures are shown to an address.

    `is_forwarded`: the request came through a proxy whose word does not count, so that the
    address is the proxy's and says nothing about who asks.
    """
    if is_forwarded:
        return False
    try:
        number = ip_address(address)
    except ValueError:
        return False
    return any(number in ip_network(network) for network in networks)


def classes_of(seconds: float) -> list[str]:
    """Return the names of all classes an answer of so many seconds belongs to."""
    return [str(end) for end in SECONDS if seconds <= end] + ["+Inf"]


def sample(name: str, **labels: str) -> str:
    """Return the name of a number as Prometheus writes it, its labels in the order given."""
    written = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels.items())
    return f"{name}{{{written}}}" if written else name


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def exposition(kinds: Mapping[str, tuple[str, str]], numbers: Mapping[str, float]) -> str:
    """Return numbers in the text format of Prometheus 0.0.4.

    `kinds`: name → (type, one sentence). A number of no known kind is left out.
    """
    lines: dict[str, list[str]] = {name: [] for name in kinds}
    for written, number in sorted(numbers.items()):
        name = _family(written.partition("{")[0], kinds)
        if name:
            lines[name].append(f"{written} {_number(number)}")
    blocks = []
    for name, (kind, sentence) in kinds.items():
        if lines[name]:
            head = [f"# HELP {name} {sentence}", f"# TYPE {name} {kind}"]
            blocks.append("\n".join([*head, *lines[name]]) + "\n")
    return "".join(blocks)


def _family(name: str, kinds: Mapping[str, tuple[str, str]]) -> str:
    if name in kinds:
        return name
    whole = re.sub(r"_(bucket|sum|count)$", "", name)
    return whole if kinds.get(whole, ("", ""))[0] == "histogram" else ""


def _number(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)
