"""A folded template says what Django's own says, in each language, with every value."""

from typing import Any

import pytest
from django.template import Context, Engine, Template
from django.template.exceptions import TemplateSyntaxError
from django.urls import NoReverseMatch
from django.utils import translation

from promises.site.folding import _Constant, fold

LIBRARIES = {"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"}
PARTS = {
    "base": "{% load i18n %}<b>{% translate 'Pledges' %}</b>{% block a %}{% endblock %}!",
    "child": "{% extends 'base' %}{% load i18n %}{% block a %}{% translate 'Search' %}"
    "{% url 'site:pledge' slug %}{% endblock %}",
}


def rendered(written: str, is_folded: bool, **values: Any) -> str:
    """Render a text as a template of its own, or over one that it extends."""
    engine = Engine(libraries=LIBRARIES, loaders=[("django.template.loaders.locmem.Loader", PARTS)])
    template = Template(written, engine=engine)
    if is_folded:
        fold(template.nodelist)
    return str(template.render(Context(values)))


@pytest.mark.parametrize(
    "text",
    [
        "a{% load i18n %}{# b #}{% comment %}c{% endcomment %}d",
        "{% load i18n %}{% translate 'Pledges' %}, {% translate 'Search' %}",
        "{% load i18n %}{% translate 'Pledges' as word %}{{ word }}{{ word }}",
        "{% load i18n %}{% translate name %}",
        "{% url 'site:pledges' %}?a=b&amp;{% url 'site:home' %}",
        "{% url 'site:pledge' slug %} {% url 'site:pledge' slug=slug %}",
        "{% url 'site:pledge' 'written-out' %}{% url 'site:pledge' slug as it %}{{ it }}",
        "{% url 'site:data_dated' text %}",
        "{% load i18n %}{% blocktranslate %}Search for “{{ words }}”{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate with words=name|upper %}Search for “{{ words }}”"
        "{% endblocktranslate %}{{ words }}",
        "{% load i18n %}{% blocktranslate %}100% of {{ missing }}{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate count count=many %}{{ count }} pledge{% plural %}"
        "{{ count }} pledges{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate asvar it %}Search{% endblocktranslate %}[{{ it }}]",
        "{% load i18n %}{% translate 'Pledges' %}{% language 'es' %}{% translate 'Pledges' %}"
        "{% url 'site:home' %}{% endlanguage %}{% translate 'Pledges' %}",
        "{% load i18n %}{% for each in name %}{% if each == 'a' %}{{ each }}"
        "{% translate 'Search' %}{% else %}-{% endif %}{% empty %}"
        "{% translate 'Pledges' %}{% endfor %}",
        "{% autoescape off %}{% load i18n %}{% blocktranslate %}Search for “{{ words }}”"
        "{% endblocktranslate %}{% endautoescape %}",
        PARTS["base"],
        PARTS["child"],
    ],
)
def test_it_says_the_same_in_every_language(text: str) -> None:
    values = {
        "slug": "end-cash-bail",
        "name": "banana",
        "words": "<bail>",
        "many": 3,
        "text": "a b",
    }
    for language in ("en", "es", "en"):
        with translation.override(language):
            plain, folded = (rendered(text, is_folded, **values) for is_folded in (False, True))
            assert folded == plain


def test_what_never_changes_is_one_text() -> None:
    engine = Engine(libraries=LIBRARIES)
    template = Template("{% load i18n %}a{% translate 'Search' %}b{{ c }}d", engine=engine)
    fold(template.nodelist)
    assert [type(node) is _Constant for node in template.nodelist] == [True, False, True]
    with translation.override("en"):
        assert template.render(Context({"c": 1})) == "aSearchb1d"
    with translation.override("es"):
        assert template.render(Context({"c": 2})) == "aBuscarb2d"


def test_a_name_that_is_none_is_refused_as_ever() -> None:
    text = "{% url 'site:pledge' slug %}"
    assert rendered(text, True, slug="good") == "/pledges/good/"
    for bad in ("", "a/b", "ä"):
        with pytest.raises(NoReverseMatch):
            rendered(text, True, slug=bad)


def test_a_sentence_that_cannot_be_filled_fails_as_ever() -> None:
    text = (
        "{% load i18n %}{% blocktranslate count count=many %}a{% plural %}b{% endblocktranslate %}"
    )
    for is_folded in (False, True):
        with pytest.raises(TemplateSyntaxError):
            rendered(text, is_folded, many="many")
