"""Templates whose unchanging parts are put together once for each language.

Most of a page is the same each time: its markup, its words (`{% translate %}`), the addresses of
its menus. Template by template, as they are loaded, runs of such nodes become one text, a sentence
is translated once, and `{% url %}` with a public name in it becomes the two ends of an address.
What pages say is the same as without this.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Template,
    TextNode,
    Variable,
    VariableNode,
)
from django.template.context import Context
from django.template.defaulttags import CommentNode, LoadNode, URLNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

from promises.site.values import UNKNOWN, find_quicker, looked_up, names_of, written

_NAME = re.compile(r"[-a-zA-Z0-9_]+")
# A public name that stands for all others, to see what an address has before and after it.
_ANY_NAME = "any-name-0"


class _Folding(base.Loader):
    """Reads templates; each is folded before anybody else sees it."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """Return the template of that name."""
        template = super().get_template(template_name, skip)
        fold(template.nodelist)
        return template


class Loader(cached.Loader, _Folding):
    """Django's loader that keeps templates, over one that folds them."""


def fold(nodes: NodeList) -> None:
    """Put together what never changes in these nodes and in those inside of them."""
    found: list[Node] = []
    for is_constant, run in groupby(nodes, _is_constant):
        same = list(run)
        found += [_Constant(same)] if is_constant else map(_quicker, same)
    nodes[:] = found
    for node in found:
        parts = list(vars(node).values())
        find_quicker(parts)
        for inner in _lists_in(parts):
            fold(inner)


def _lists_in(values: Any) -> Iterator[NodeList]:
    for value in values:
        if isinstance(value, NodeList):
            yield value
        elif isinstance(value, list | tuple):
            yield from _lists_in(value)


def _is_constant(node: Node) -> bool:
    match node:
        case TextNode() | CommentNode() | LoadNode():
            return True
        case TranslateNode():
            return not node.asvar and _is_written_out(node.filter_expression)
        case URLNode():
            return not (node.args or node.kwargs or node.asvar) and _is_written_out(node.view_name)
        case StaticNode():
            return not node.varname and _is_written_out(node.path)
    return False


def _is_written_out(value: FilterExpression) -> bool:
    """Tell whether a value stands in the template itself."""
    is_text = isinstance(value.var, str) or (
        isinstance(value.var, Variable) and value.var.lookups is None
    )
    return is_text and not value.filters


def _quicker(node: Node) -> Node:
    """Return what says the same as this node, in less time where there is such a thing."""
    match node:
        case URLNode(kwargs={}, asvar=None, args=[_]) if _is_written_out(node.view_name):
            return _Address(node)
        case BlockTranslateNode(plural=None | [], message_context=None, asvar=None):
            return _Sentence(node)
        case LanguageNode():
            return _InLanguage(node)
        case VariableNode():
            return _Value(node)
    return node


def _language(context: Context) -> str | None:
    """Return the language that is written: asked once for each page, not for each word."""
    known: dict[Any, Any] = context.render_context.dicts[0]
    if _language not in known:
        known[_language] = get_language()
    found: str | None = known[_language]
    return found


class _Folded(Node):
    """What stands in the place of others. Faults are told of as the first of those would."""

    child_nodelists = ()

    def __init__(self, first: Node) -> None:
        vars(self).update({name: getattr(first, name, None) for name in ("token", "origin")})


class _Constant(_Folded):
    """A run of nodes that give the same text each time, in each language."""

    def __init__(self, nodes: list[Node]) -> None:
        super().__init__(nodes[0])
        # A tuple, so that nobody folds it again.
        self._nodes = tuple(nodes)
        self._texts: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        """Return the text."""
        key = _language(context), context.autoescape
        text = self._texts.get(key)
        if text is None:
            text = "".join(str(node.render_annotated(context)) for node in self._nodes)
            self._texts[key] = text
        return text


class _Address(_Folded):
    """An address with one public name in it."""

    def __init__(self, node: Any) -> None:
        super().__init__(node)
        self._node = (node,)
        self._argument, self._view = node.args[0], node.view_name
        self._ends: dict[str | None, tuple[str, str] | None] = {}

    def render(self, context: Context) -> str:
        """Return the address."""
        name = self._argument.resolve(context)
        if isinstance(name, str) and _NAME.fullmatch(name):
            language = _language(context)
            if language not in self._ends:
                self._ends[language] = self._ends_in(context)
            if ends := self._ends[language]:
                return f"{ends[0]}{name}{ends[1]}"
        return str(self._node[0].render(context))

    def _ends_in(self, context: Context) -> tuple[str, str] | None:
        """Return what stands around a name, None where names are not taken as they are."""
        try:
            parts = reverse(self._view.resolve(context), args=[_ANY_NAME]).split(_ANY_NAME)
        except NoReverseMatch:
            return None
        return (parts[0], parts[1]) if len(parts) == 2 else None


class _Sentence(_Folded):
    """A sentence with values in it, without a plural."""

    def __init__(self, node: Any) -> None:
        super().__init__(node)
        self._node = (node,)
        self._given = tuple(node.extra_context.items())
        self._english, self._names = node.render_token_list(node.singular)
        self._texts: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """Return the sentence."""
        language = _language(context)
        text = self._texts.get(language)
        if text is None:
            text = self._texts[language] = gettext(self._english)
        values = {name: value.resolve(context) for name, value in self._given}
        try:
            said = {name: values[name] if name in values else context[name] for name in self._names}
            return text % {name: written(value, context) for name, value in said.items()}
        except (KeyError, ValueError):
            # A value that is missing, or a sentence that cannot be filled: Django knows what then.
            return str(self._node[0].render(context))


class _Value(_Folded):
    """A value."""

    def __init__(self, node: Any) -> None:
        super().__init__(node)
        self._expression = node.filter_expression
        find_quicker([self._expression])
        self._names = names_of(self._expression)

    def render(self, context: Context) -> str:
        """Return it as text."""
        value = looked_up(context, self._names) if self._names else UNKNOWN
        if value is UNKNOWN:
            value = self._expression.resolve(context)
        return written(value, context)


class _InLanguage(_Folded):
    """What is written in a language of its own."""

    def __init__(self, node: Any) -> None:
        super().__init__(node)
        self._node = (node,)

    def render(self, context: Context) -> str:
        """Return it, and go on in the language of the page."""
        known: dict[Any, Any] = context.render_context.dicts[0]
        before = known.pop(_language, None)
        try:
            return str(self._node[0].render(context))
        finally:
            known[_language] = before or get_language()
