"""Values in templates, found and written the short way.

Django tries each name in `{{ pledge.topic.name }}` as a key, as an attribute and as a number, and
asks of each value whether it is a time, a number or a promise of words before it writes it. Nearly
all are attributes of objects, and texts: those are taken at once. For all else Django itself is
asked, from the start, so that pages say what they said.
"""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from django.template.base import FilterExpression, NodeList, Variable, render_value_in_context
from django.template.context import Context
from django.template.smartif import TokenBase
from django.utils.safestring import SafeString

UNKNOWN = object()


def find_quicker(values: Iterable[Any]) -> None:
    """Let what is asked for in these parts of a node be found the short way."""
    for expression in _expressions_in(values):
        name = expression.var
        if isinstance(name, Variable) and name.lookups and not name.translate:
            expression.var = _Name(name.var)


def _expressions_in(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        match value:
            case FilterExpression():
                yield value
            case NodeList():
                pass  # What is in it comes by itself.
            case list() | tuple():
                yield from _expressions_in(value)
            case dict():
                yield from _expressions_in(value.values())
            case TokenBase():
                yield from _expressions_in(vars(value).values())


class _Name(Variable):
    """A name with dots, as written in a template."""

    __slots__ = ()

    def resolve(self, context: Any) -> Any:
        """Return what it stands for. Raises what Django's own raises."""
        value = looked_up(context, self.lookups or ())
        return super().resolve(context) if value is UNKNOWN else value


def names_of(expression: FilterExpression) -> tuple[str, ...]:
    """Return the names that are all there is of an expression, none where there is more to it."""
    is_name = isinstance(expression.var, _Name) and not expression.filters
    return expression.var.lookups if is_name else ()


def looked_up(context: Context, names: tuple[str, ...]) -> Any:
    """Return what these names stand for, UNKNOWN where Django is to be asked."""
    value: Any = UNKNOWN
    first, *rest = names
    for level in reversed(context.dicts):
        if first in level:
            value = level[first]
            break
    try:
        if callable(value):
            value = _answer_of(value)
        for name in rest:
            if type(value) is dict:
                value = value[name]
            elif hasattr(type(value), "__getitem__"):
                return UNKNOWN
            else:
                value = getattr(value, name)
            if callable(value):
                value = _answer_of(value)
    except Exception:
        return UNKNOWN
    return value


def _answer_of(function: Any) -> Any:
    if getattr(function, "do_not_call_in_templates", False):
        return function
    return UNKNOWN if getattr(function, "alters_data", False) else function()


def written(value: Any, context: Context) -> str:
    """Return a value as it stands in a page."""
    kind = type(value)
    if kind is SafeString:
        text: str = value
        return text
    if kind is str:
        return escape(value) if context.autoescape else str(value)
    if kind is int and 0 <= value < 1000:
        # No language writes so small a number in another way.
        return str(value)
    return render_value_in_context(value, context)
