"""What is written is true: pages of docs/ made from the code, links, commands and settings."""

import pkgutil
import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from promises.packages.dictionary import as_markdown

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "seeds" / "README.md"]


def test_the_data_model_is_that_of_the_code() -> None:
    assert (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8") == as_markdown()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_heading_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\((?![a-z]+:)([^)#\s]*)#([^)\s]+)", page.read_text(encoding="utf-8"))
    places = [(page.parent / file if file else page, heading) for file, heading in links]
    assert [place for place in places if place[1] not in headings(place[0])] == []


def headings(page: Path) -> set[str]:
    """Return the names under which the headings of a page are linked to."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_named_exists_and_has_these_options(page: Path) -> None:
    shown = code(page)
    known = get_commands()
    program = r"(?:manage\.py|^# tracker|&& tracker)(?: --owner)?"
    named = re.findall(program + r" ([a-z_]+)([^&#\"\n]*)", shown, re.MULTILINE)
    assert {name for name, _ in named} - set(known) == set()
    for name, rest in named:
        command = load_command_class(known[name], name)
        options = command.create_parser("manage.py", name)._option_string_actions
        assert set(re.findall(r"--[a-z-]+", rest)) - set(options) == set(), name
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"(?:^|[$#&] )make ([a-z]+)", shown, re.M)) - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_module_that_is_named_exists(page: Path) -> None:
    folders = r"(?:promises|tests|tracker|docs|seeds|templates|static|locale|benchmarks|\.ci)/"
    words = code(page).splitlines()
    files = [word for word in words if re.fullmatch(folders + r"[\w./-]*", word)]
    assert [word for word in files if not (ROOT / word).exists()] == []
    module = r"(?:promises|tests|benchmarks)(\.\w+)+"
    dotted = [word for word in words if re.fullmatch(module, word)]
    assert [word for word in dotted if not is_there(word)] == []


def code(page: Path) -> str:
    """Return what a page shows as code: each line of a block, and each span on a line."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", prose)])


def is_there(dotted: str) -> bool:
    """Tell whether it is the name of a module, or of something in one."""
    try:
        pkgutil.resolve_name(dotted)
    except (ImportError, AttributeError):
        return False
    return True


def test_every_variable_of_the_environment_is_documented() -> None:
    page = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
    sources = (ROOT / "tracker").glob("*.py")
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    read = set(re.findall(r'\b(?:env\.\w+|choice)\(\s*"([A-Z_]+)"', text))
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    assert read == documented
