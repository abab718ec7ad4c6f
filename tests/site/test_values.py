"""Values found the short way are those that Django finds, and are written as it writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, Template
from django.utils import timezone, translation
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from promises.pledges.choices import Status
from promises.site.folding import fold
from promises.site.values import UNKNOWN, looked_up

ENGINE = Engine(
    libraries={"i18n": "django.templatetags.i18n"},
    loaders=[("django.template.loaders.locmem.Loader", {"part": "{{ thing.name }}{{ more }}"})],
)


class Thing:
    """What a page may be given."""

    name = "Jane <b> & 'Example'"
    asked = 0

    def method(self) -> str:
        return "called"

    def with_argument(self, needed: str) -> str:
        return needed

    def missing(self) -> str:
        raise ObjectDoesNotExist

    def delete(self) -> str:
        raise AssertionError("A page deletes nothing.")

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def itself(self) -> "Thing":
        return self

    @property
    def broken(self) -> str:
        raise AttributeError("inside")

    @property
    def odd(self) -> str:
        raise LookupError("inside")


class Rows(list[str]):
    """A list with an attribute."""

    total = 7


class Manager:
    """What is not called."""

    do_not_call_in_templates = True
    kind = "manager"

    def __call__(self) -> str:
        raise AssertionError("It is not called.")


VALUES: dict[str, Any] = {
    "thing": Thing(),
    "facts": {"items": "a key", "inner": {"1": "one", 2: "two"}, "thing": Thing()},
    "rows": Rows(["first", "<second>"]),
    "manager": Manager(),
    "function": lambda: {"a": lambda: "b"},
    "safe": mark_safe("<b>safe</b>"),
    "lazy": lazystr("<lazy>"),
    "number": 1234567,
    "fraction": Decimal("12.50"),
    "float": 0.1,
    "none": None,
    "true": True,
    "day": date(2026, 1, 2),
    "moment": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    "status": Status.KEPT,
    "statuses": Status,
    "bytes": b"ab",
    "False": "a name of a constant",
}
TEXTS = [
    "thing.name", "thing.method", "thing.with_argument", "thing.missing", "thing.delete",
    "thing.itself.itself.name", "thing.nothing", "thing.nothing.more", "thing.0", "thing.asked",
    "facts.items", "facts.inner.1", "facts.inner.2", "facts.inner.3", "facts.thing.name",
    "facts.values", "facts.keys", "rows.0", "rows.1", "rows.9", "rows.total", "rows.name",
    "manager.kind", "function.a", "safe", "safe.upper", "lazy", "lazy.upper", "number",
    "fraction", "float", "none", "none.name", "true", "day", "day.year", "moment", "moment.date",
    "status", "status.label", "status.value", "statuses.KEPT.label", "bytes", "False", "nowhere",
    "nowhere.name", "dicts", "thing.name|upper", "nowhere|default:thing.name", "12", "'<text>'",
    "_('Pledges')", "thing.name|truncatechars:number", "rows|join:thing.name",
]  # fmt: skip


def rendered(text: str, *, is_folded: bool) -> str:
    """Render a text, or return the error that it ends with."""
    template = Template("{% load i18n %}" + text, engine=ENGINE)
    if is_folded:
        fold(template.nodelist)
    try:
        return str(template.render(Context(VALUES)))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_value_is_written_as_django_writes_it(name: str, language: str) -> None:
    written_in = [
        f"{{{{ {name} }}}}",
        f"{{% autoescape off %}}{{{{ {name} }}}}{{% endautoescape %}}",
        f"{{% if {name} %}}a{{% endif %}}",
        f"{{% if not {name} or thing.name == {name} %}}b{{% endif %}}",
        f"{{% for each in {name} %}}{{{{ each }}}}{{{{ forloop.counter }}}}{{% endfor %}}",
        f"{{% with short={name} %}}{{{{ short }}}}{{{{ short.name }}}}{{% endwith %}}",
        f"{{% include 'part' with more={name} %}}",
        f"{{% blocktranslate with words={name} %}}by {{{{ words }}}}{{% endblocktranslate %}}",
    ]
    with translation.override(language), timezone.override("America/New_York"):
        for text in written_in:
            plain = rendered(text, is_folded=False)
            assert rendered(text, is_folded=True) == plain, text


@pytest.mark.parametrize("name", ["thing.broken", "thing.odd"])
def test_a_fault_inside_of_a_value_is_not_hidden(name: str) -> None:
    found = {rendered(f"{{{{ {name} }}}}", is_folded=folded) for folded in (False, True)}
    assert len(found) == 1
    assert found.pop().endswith("Error: inside")


def test_what_is_usual_is_found_without_asking_django() -> None:
    context = Context(VALUES)
    for names, value in (
        (("thing", "itself", "name"), Thing.name),
        (("thing", "method"), "called"),
        (("facts", "thing", "asked"), 0),
        (("function", "a"), "b"),
        (("none",), None),
    ):
        assert looked_up(context, names) == value
    for names in (("rows", "0"), ("thing", "missing"), ("nowhere",), ("facts", "items", "more")):
        assert looked_up(context, names) is UNKNOWN
