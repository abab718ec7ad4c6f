"""The schema is clean, says everything, and every answer is as it says."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from aiopenapi3 import OpenAPI
from django.core.management import call_command
from django.utils import translation
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from promises.api import problems, whole_schema
from promises.api.resources.scorecards import StatusCountsSerializer
from promises.api.urls import OWN, RESOURCES
from promises.pledges.choices import Status
from tests.api.conftest import Api
from tests.api.contrast import add_contrast
from tests.api.world import World
from tests.record_requests import filed

pytestmark = pytest.mark.django_db
# How the shapes of bodies that callers send are called.
SENT = ("Sent", "Changed")


def operation(path: str) -> dict[str, Any]:
    return dict(whole_schema.schema()["paths"][f"/api/v1/{path}"]["get"])


def check(body: Any, shape: dict[str, Any]) -> None:
    """Raise unless a body is as a part of the schema says."""
    everything = {**shape, "components": whole_schema.schema()["components"]}
    Draft202012Validator(everything, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        body
    )


def test_a_scorecard_counts_every_status() -> None:
    assert list(StatusCountsSerializer().fields) == Status.values


def test_the_schema_is_made_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn")
    assert "openapi: 3.1.0" in capsys.readouterr().out


def test_the_schema_is_valid_openapi(api: Api) -> None:
    schema = api.read("/api/schema/")
    assert schema == whole_schema.schema()
    OpenAPIV31SpecValidator(schema).validate()
    # Another reader, of other people, that takes nothing it does not know.
    read = OpenAPI.loads("http://127.0.0.1:8000/api/schema/", json.dumps(schema))
    assert set(read.paths.paths) == set(schema["paths"])


def test_many_who_ask_first_at_once_get_the_same_whole_schema() -> None:
    whole_schema._made_schema.cache_clear()
    whole = json.dumps(whole_schema.schema())
    whole_schema._made_schema.cache_clear()
    start = Barrier(6)

    def ask(_: int) -> str:
        start.wait()
        return json.dumps(whole_schema.schema())

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(6))) == {whole}
    assert json.dumps(whole_schema.schema()) == whole


def test_the_language_of_whoever_asks_first_is_not_that_of_all() -> None:
    whole_schema._made_schema.cache_clear()
    with translation.override("es"):
        schema = whole_schema.schema()
    about = schema["components"]["schemas"]["PledgeOrigin"]["description"]
    assert about == "* `campaign` - in the campaign\n* `in_office` - in office"


def test_every_way_to_log_in_is_explained() -> None:
    known = set(whole_schema.schema()["components"]["securitySchemes"])
    named = {name for _, _, one in operations() for way in one["security"] for name in way}
    assert named == known == {"key"}


def test_the_schema_is_json_unless_yaml_is_asked_for(api: Api) -> None:
    assert api.ask("/api/schema/")["Content-Type"] == "application/json"
    for kind in ("application/yaml", "application/vnd.oai.openapi"):
        response = api.ask("/api/schema/", Accept=kind)
        assert response["Content-Type"].startswith(kind)
        assert response.content.startswith(b"openapi: 3.1.0")
    assert api.ask("/api/schema/", Accept="application/vnd.oai.openapi+json").json()


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return every operation of the schema with its method and path."""
    return [
        (method, path, operation)
        for path, methods in whole_schema.schema()["paths"].items()
        for method, operation in methods.items()
    ]


# What is not read by everybody: each asks for a key.
KEYED = {("post", "/api/v1/suggestions/"), ("get", "/api/v1/suggestions/{reference}/")} | {
    (method, "/api/" + re.sub(r"<slug:(\w+)>", r"{\1}", route))
    for route, _name, _view, does in OWN
    for method in does
}


def test_every_resource_has_a_list_and_a_detail() -> None:
    ids = {operation["operationId"] for _method, _path, operation in operations()}
    open_ = [one for one in operations() if {} in one[2]["security"]]
    assert len(ids) == len(operations())
    assert len(open_) == 1 + 2 * len(RESOURCES)
    assert {method for method, _path, _operation in open_} == {"get"}
    assert {(method, path) for method, path, _ in operations()} - {
        (method, path) for method, path, _ in open_
    } == KEYED


NOT_OF_A_PAST_DAY = {"criteria", "evidence", "status_updates", "metrics"}


def test_everything_is_explained() -> None:
    silent = []
    for method, path, one in operations():
        silent += [path] if not one["description"] else []
        silent += [f"{path} {p['name']}" for p in one.get("parameters", ()) if not p["description"]]
        usual = {"400", "401", "403", "406", "429", "500", "503"}
        read = {"200", "304"} if method == "get" else set()
        assert set(one["responses"]) >= usual | read
        for code, answer in one["responses"].items():
            is_problem = int(code) >= 400
            is_empty = code in {"204", "304"}
            # What the listing of public rows says, it says as a table too.
            is_table = any(p["name"] == "format" for p in one.get("parameters", ()))
            usual_types = ["application/json", *["text/csv"] * is_table] * (not is_empty)
            assert list(answer.get("content", {})) == (
                [problems.MEDIA_TYPE] if is_problem else usual_types
            )
            assert "RateLimit" in answer["headers"]
            assert "Retry-After" in answer["headers"]
    for name, component in whole_schema.schema()["components"]["schemas"].items():
        for field, shape in component.get("properties", {}).items():
            silent += [f"{name}.{field}"] if not shape.get("description") else []
            # Whatever a row has, it always has, but for a pledge on a past day; what is sent may
            # leave out what has a default.
            if name == "PledgeDetail" and field in NOT_OF_A_PAST_DAY:
                assert field not in component["required"]
            elif name != "Problem" and not name.endswith(SENT):
                assert field in component["required"]
    assert silent == []


def test_every_parameter_of_the_views_is_in_the_schema() -> None:
    for resource in RESOURCES:
        path = f"{resource.section}/"
        written = {p["name"] for p in operation(path)["parameters"]}
        assert written == {parameter.name for parameter in resource.list_parameters()}


def test_every_answer_is_as_the_schema_says(api: Api, world: World) -> None:
    add_contrast(world)
    filed.request(by=world.author, about=world.pledge)
    checked = 0
    for resource in RESOURCES:
        path = f"{resource.section}/"
        shape = operation(path)["responses"]["200"]["content"]["application/json"]["schema"]
        page = api.read(f"{path}?page_size=200")
        check(page, shape)
        assert page["results"]
        detail = next(
            methods["get"]
            for name, methods in whole_schema.schema()["paths"].items()
            if name.startswith(f"/api/v1/{path}{{")
        )
        shape = detail["responses"]["200"]["content"]["application/json"]["schema"]
        for row in page["results"][:30]:
            name = next(row[key] for key in ("id", "slug", "prosecutor", "edition") if key in row)
            check(api.read(f"{path}{name}/"), shape)
            checked += 1
    assert checked > 60
    check(api.read(""), operation("")["responses"]["200"]["content"]["application/json"]["schema"])


def test_each_field_can_be_asked_for_alone(api: Api, world: World) -> None:
    add_contrast(world)
    filed.request(by=world.author, about=world.pledge)
    for resource in RESOURCES:
        path = f"{resource.section}/?page_size=1"
        (row,) = api.read(path)["results"]
        for name, value in row.items():
            assert api.read(f"{path}&fields={name}")["results"] == [{name: value}]


@pytest.mark.parametrize(
    ("path", "status"), [("pledges/?a=b", 400), ("pledges/x/", 404), ("pledges/?stale=x", 400)]
)
def test_every_problem_is_as_the_schema_says(path: str, status: int, api: Api) -> None:
    answer = operation("pledges/{slug}/")["responses"][str(status)]
    check(api.problem(path, status), answer["content"][problems.MEDIA_TYPE]["schema"])


def test_the_page_for_people_says_all_of_it_without_a_script(api: Api) -> None:
    page = api.ask("/api/docs/").content.decode()
    assert "<script" not in page
    assert "style=" not in page
    assert page.count('<meta name="description" content="How programs read ') == 1
    for kind in problems.KINDS:
        assert f'id="problem-{kind.name}"' in page
    for method, path, one in operations():
        assert f"{method.upper()} {path}</code>" in page
        for parameter in one.get("parameters", ()):
            assert f"<code>{parameter['name']}</code>" in page
    for name, component in whole_schema.schema()["components"]["schemas"].items():
        for word in component.get("enum", ()):
            assert f"<code>{word}</code>" in page, name
    assert "<code>evidence_counts.supports</code>" in page
    assert "<code>terms[].office</code>" in page


def test_the_page_to_try_requests_has_nothing_inline(api: Api) -> None:
    page = api.ask("/api/docs/try/").content.decode()
    assert "<style" not in page
    assert "<script>" not in page
    assert '<html lang="en">' in page
    assert 'src="/api/docs/try/?script="' in page
    script = api.ask("/api/docs/try/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert b'url: "/api/schema/"' in script.content


def test_every_read_may_fail_on_its_condition_and_every_address_on_its_method() -> None:
    for method, path, one in operations():
        expected = {"405", "412"} if method == "get" else {"405"}
        assert expected <= set(one["responses"]), path
        assert ("412" in one["responses"]) is (method == "get"), path
