"""What is on its way out says so in headers, in the schema and on the page; nothing else does."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from promises.api import docs, whole_schema
from promises.api.deprecating import Deprecated
from promises.api.resource import _fields_parameter, reader_of
from promises.api.resources.topics import Topics, TopicSerializer
from tests.api.conftest import Api
from tests.api.world import World

pytestmark = pytest.mark.django_db
OLD = Deprecated(date(2026, 7, 1), date(2027, 7, 1), "Use the other one.")
OLDER = Deprecated(date(2026, 2, 1), date(2028, 7, 1), "Use nothing.")
RULES = '<http://127.0.0.1:8000/api/docs/#what-stays>; rel="deprecation"; type="text/html"'


@pytest.fixture(autouse=True)
def made_anew() -> Iterator[None]:
    """What is made once of the declarations is made again, before and after."""
    kept = (whole_schema._made_schema, docs.sections, _fields_parameter, reader_of)
    for made in kept:
        made.cache_clear()
    yield
    for made in kept:
        made.cache_clear()


def told(api: Api, path: str, **headers: str) -> tuple[str | None, str | None, str | None]:
    answer = api.ask(path, **headers)
    found = answer.headers
    return found.get("Deprecation"), found.get("Sunset"), found.get("Link")


def parameter(name: str) -> Any:
    listed = whole_schema.schema()["paths"]["/api/v1/topics/"]["get"]["parameters"]
    return next(one for one in listed if one["name"] == name)


def test_nothing_is_deprecated_unless_it_is_marked(api: Api, world: World) -> None:
    for path in ("", "topics/", "topics/bail/", "topics/?fields=slug", "pledges/?q=bail"):
        assert told(api, path) == (None, None, None)
    assert "deprecated" not in str(whole_schema.schema()["paths"]["/api/v1/topics/"])


def test_a_resource(api: Api, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Topics, "deprecated", OLD)
    expected = ("@1782864000", "Thu, 01 Jul 2027 23:59:59 GMT", RULES)
    assert told(api, "topics/") == told(api, "topics/bail/") == expected
    assert told(api, "pledges/") == (None, None, None)
    for path in ("/api/v1/topics/", "/api/v1/topics/{slug}/"):
        operation = whole_schema.schema()["paths"][path]["get"]
        assert operation["deprecated"] is True
        assert operation["description"].endswith(OLD.about)
    page = api.ask("/api/docs/").content.decode()
    assert 'id="what-stays"' in page
    assert OLD.about in page


def test_a_parameter(api: Api, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filter_ = next(one for one in Topics.filters if one.name == "q")
    others = [one for one in Topics.filters if one is not filter_]
    marked = type(filter_)(
        filter_.name, filter_.value, filter_.about, narrow=filter_.narrow, deprecated=OLD
    )
    monkeypatch.setattr(Topics, "filters", (*others, marked))
    assert told(api, "topics/?q=bail")[:2] == ("@1782864000", "Thu, 01 Jul 2027 23:59:59 GMT")
    assert told(api, "topics/?principle=3") == (None, None, None)
    assert parameter("q")["deprecated"] is True
    assert parameter("q")["description"].endswith(OLD.about)
    assert "deprecated" not in parameter("principle")
    assert OLD.about in api.ask("/api/docs/").content.decode()


def test_a_field(api: Api, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TopicSerializer, "deprecated", {"principle": OLD})
    assert told(api, "topics/bail/")[0] == "@1782864000"
    assert told(api, "topics/?fields=slug,principle")[0] == "@1782864000"
    assert told(api, "topics/?fields=slug,name") == (None, None, None)
    field = whole_schema.schema()["components"]["schemas"]["Topic"]["properties"]["principle"]
    assert field["deprecated"] is True
    assert field["description"].startswith(OLD.about)
    assert OLD.about in api.ask("/api/docs/").content.decode()


def test_of_several_the_soonest_counts(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Topics, "deprecated", OLDER)
    monkeypatch.setattr(TopicSerializer, "deprecated", {"principle": OLD})
    assert told(api, "topics/bail/") == (
        "@1769904000",
        "Thu, 01 Jul 2027 23:59:59 GMT",
        RULES,
    )


def test_links_to_pages_stay_beside_it(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(api, "changes/?page_size=1")[2]
    assert before is not None
    monkeypatch.setattr("promises.api.resources.changes.Changes.deprecated", OLD)
    assert told(api, "changes/?page_size=1")[2] == f"{before}, {RULES}"


def test_a_problem_of_something_deprecated_says_so_too(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Topics, "deprecated", OLD)
    assert api.ask("topics/none/", status=404)["Deprecation"] == "@1782864000"


def test_nothing_goes_within_a_year() -> None:
    with pytest.raises(ValueError, match="365 days at least"):
        Deprecated(date(2026, 7, 1), date(2027, 6, 30), "Too soon.")
