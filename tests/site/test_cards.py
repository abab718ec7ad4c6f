"""Share cards: the picture is looked at, pixel by pixel, because lost letters raise no error."""

import json
import pickle
import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from PIL import Image
from redis import Redis

from promises.accounts.models import User
from promises.pledges.actions import retract_pledge
from promises.site import cards
from promises.site.statuses import LABELS
from promises.updates.correcting import correct_pledge
from tests import record
from tests.record import NOW

PAPER = (0xFC, 0xFB, 0xF9)
Box = tuple[int, int, int, int]


def picture(png: bytes) -> Image.Image:
    """Return a card as it is seen."""
    drawn = Image.open(BytesIO(png))
    assert (drawn.format, drawn.size) == ("PNG", (1200, 630))
    return drawn.convert("RGB")


def inked(drawn: Image.Image, box: Box) -> int:
    """Return how many pixels in a box (left, top, right, bottom) are no paper."""
    colours = drawn.crop(box).getcolors(1 << 20)
    assert colours is not None
    return sum(count for count, colour in colours if colour != PAPER)


@pytest.mark.django_db
def test_every_part_of_a_card_is_really_drawn(client: Client, author: User) -> None:
    pledge = record.pledge(by=author, title="Never seek it")
    record.published_update(by=author, of=pledge, status="kept")
    response = client.get(f"/cards/pledges/{pledge.slug}.png")
    assert response["Content-Type"] == "image/png"
    drawn = picture(response.content)
    parts = {
        "name of the site": (72, 60, 500, 94),
        "shape of the status": (72, 140, 128, 196),
        "word of the status": (148, 146, 260, 190),
        "since when": (290, 160, 560, 194),
        "title": (72, 240, 700, 320),
        "who": (72, 520, 400, 550),
        "office": (72, 560, 600, 590),
        "edition": (800, 560, 1128, 590),
    }
    assert {name: inked(drawn, box) > 200 for name, box in parts.items()} == dict.fromkeys(
        parts, True
    )
    # Between title and foot there is nothing.
    assert inked(drawn, (72, 340, 1128, 490)) == 0
    # The shape has the colour of the status.
    assert (0x17, 0x66, 0x3C) in {
        drawn.getpixel((x, y)) for x in range(72, 128) for y in range(140, 196)
    }


def test_without_its_fonts_a_card_would_be_empty_and_this_file_would_notice() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">'
        '<rect width="1200" height="630" fill="#fcfbf9"/>'
        '<text x="72" y="84" font-family="{}" font-size="30">Kept</text></svg>'
    )
    drawn, lost = (
        inked(picture(cards.as_png(svg.format(font))), (72, 40, 400, 100))
        for font in ("Source Sans Pro", "Nowhere Sans")
    )
    assert (drawn > 200, lost) == (True, 0)


def test_each_status_has_the_colour_of_the_style_sheet() -> None:
    css = (Path(settings.STATICFILES_DIRS[0]) / "site.css").read_text(encoding="utf-8")
    light = css[: css.index("prefers-color-scheme: dark")]
    assert {key: re.findall(rf"--{key}: (#\w+);", light)[0] for key in LABELS} == cards.TONES


@pytest.mark.parametrize(
    "title",
    ["Never", "End cash bail " * 14, "W" * 200, "a " * 100, "Nunca pedirá la pena de muerte, ¿sí?"],
)
def test_a_title_is_wrapped_to_the_width_it_really_has(title: str) -> None:
    lines, size = cards.fitted(title.strip())
    assert (size, True) in [(each, len(lines) <= most) for each, most in cards.SIZES]
    widest = max(cards.width_of(line, "serif-bold", size) for line in lines)
    assert widest <= cards.WIDTH - 2 * cards.MARGIN
    whole = " ".join(lines) == " ".join(title.split())
    assert whole or lines[-1].endswith("…") or "W" in title
    # The next larger size would not do.
    larger = [(each, most) for each, most in cards.SIZES if each > size]
    assert all(len(cards.wrapped(title, each)) > most for each, most in larger)


@pytest.mark.django_db
def test_a_card_is_kept_until_what_stands_on_it_changes(
    client: Client, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    real = cards.as_png
    monkeypatch.setattr(cards, "as_png", lambda svg: drawn.append(svg) or real(svg))
    pledge = record.pledge(by=author)
    address = f"/cards/pledges/{pledge.slug}.png"
    first, again = client.get(address), client.get(address)
    assert (first.content == again.content, len(drawn)) == (True, 1)
    unchanged = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content, len(drawn)) == (304, b"", 1)
    pledge.title = "Something else"
    correct_pledge(pledge=pledge, kind="typo", note="N.", by=author, now=NOW)
    later = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (later.status_code, later["ETag"] == first["ETag"], len(drawn)) == (200, False, 2)


@pytest.mark.django_db
def test_a_card_needs_no_redis(client: Client, author: User, settings: Any) -> None:
    backend = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": backend}
    pledge = record.pledge(by=author)
    assert client.get(f"/cards/pledges/{pledge.slug}.png").content[:4] == b"\x89PNG"


@pytest.mark.django_db
def test_only_public_pledges_have_a_card(client: Client, author: User) -> None:
    draft, gone = record.draft_pledge(by=author), record.pledge(by=author)
    retract_pledge(pledge=gone, reason="Wrong.", by=author, now=NOW)
    codes = [
        client.get(f"/cards/pledges/{slug}.png").status_code
        for slug in (draft.slug, gone.slug, "nowhere")
    ]
    assert codes == [404, 410, 404]


class Runs:
    """What a pickle may do to whoever reads it."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.proof,)


@pytest.mark.django_db
def test_whoever_writes_into_redis_runs_nothing_here(
    client: Client, author: User, tmp_path: Path
) -> None:
    proof = tmp_path / "ran"
    pledge = record.pledge(by=author)
    address = f"/cards/pledges/{pledge.slug}.png"
    first = client.get(address)
    key = cache.make_key("card:" + first["ETag"].strip('"'))
    with Redis.from_url(settings.REDIS_URL) as redis:
        ours = redis.get(key)
        assert b64decode(json.loads(ours)).endswith(first.content)
        redis.set(key, pickle.dumps(Runs(proof)))
        assert client.get(address).content == first.content
        assert not proof.exists()
        assert redis.get(key) == ours
