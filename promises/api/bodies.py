"""The body of a request: JSON, read strictly. What is not known there is refused and named."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request

from promises.api.problems import (
    BAD_REQUEST,
    INVALID_BODY,
    LENGTH_REQUIRED,
    TOO_LARGE,
    ProblemError,
)
from promises.common.text import without_control_characters

MEDIA_TYPE = "application/json"
LARGEST = 64_000
# An object, and lists in it. What is nested more deeply nobody can show again to whoever sent it.
DEEPEST = 3
_UNREADABLE = (
    "The body is not JSON in UTF-8, names a field twice, is nested too deeply, or has a number of"
    " thousands of digits."
)


class _AsSent:
    """A value that came as one of its type: a number is no text, and a text no number."""

    sent_as: type | tuple[type, ...]

    def to_internal_value(self, data: Any) -> Any:
        """Return the value."""
        if not isinstance(data, self.sent_as):
            self.fail("invalid", input=data)  # type: ignore[attr-defined]
        return super().to_internal_value(data)  # type: ignore[misc]


class Text(_AsSent, serializers.CharField):
    """A text that came as one: a number is none."""

    default_validators = (without_control_characters,)
    sent_as = str


class Name(_AsSent, serializers.SlugField):
    """The public name of a record, which came as a text."""

    sent_as = str


class Number(_AsSent, serializers.IntegerField):
    """A whole number that came as one: a text is none."""

    sent_as = (int, float)


class Flag(_AsSent, serializers.BooleanField):
    """true or false, and no word that may mean one of them."""

    sent_as = bool


class Choice(serializers.ChoiceField):
    """One of some words; a refusal names them."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the word."""
        if not isinstance(data, str) or data not in self.choices:
            words = ", ".join(map(str, self.choices))
            raise serializers.ValidationError(f"There is no such value. There are: {words}.")
        return data


def read_body(request: Request, kind: type[serializers.Serializer[Any]], **more: Any) -> Any:
    """Return the values of the body as `kind` describes them. Raises ProblemError."""
    found = _parsed(request)
    serializer = kind(data=found, **more)
    known = [name for name, field in serializer.fields.items() if not field.read_only]
    errors = [
        {"field": name, "detail": f"There is no such field here. There are: {', '.join(known)}."}
        for name in found
        if name not in known
    ]
    if not serializer.is_valid():
        errors += list(_flat(serializer.errors))
    if errors:
        raise invalid(*errors)
    return serializer.validated_data


def invalid(*errors: Mapping[str, str]) -> ProblemError:
    """Return the problem of a body with these faults."""
    detail = " ".join(f"{one['field']}: {one['detail']}" for one in errors)
    return ProblemError(INVALID_BODY, detail, errors=[dict(one) for one in errors])


def _parsed(request: Request) -> dict[str, Any]:
    if (request.content_type or "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise UnsupportedMediaType(request.content_type or "", f"Send {MEDIA_TYPE}.")
    if "Transfer-Encoding" in request.headers:
        # WSGI has no end of such a body.
        raise ProblemError(LENGTH_REQUIRED, LENGTH_REQUIRED.about)
    try:
        raw = request._request.body
    except RequestDataTooBig as error:
        raise _too_large() from error
    if len(raw) > LARGEST:
        raise _too_large()
    try:
        found = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ProblemError(BAD_REQUEST, _UNREADABLE) from error
    if not isinstance(found, dict):
        raise ProblemError(BAD_REQUEST, "The body must be a JSON object.")
    if _is_deeper(found, DEEPEST):
        raise ProblemError(BAD_REQUEST, _UNREADABLE)
    return found


def _too_large() -> ProblemError:
    return ProblemError(TOO_LARGE, f"The body may have {LARGEST:,} bytes.")


def _is_deeper(value: Any, most: int) -> bool:
    """Tell whether objects and lists stand in each other more often than this, level by level."""
    level = [value]
    for _ in range(most):
        level = [inner for one in level for inner in _inside(one)]
    return any(isinstance(one, dict | list) for one in level)


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_number(text: str) -> None:
    raise ValueError(text)


def _flat(errors: Any, prefix: str = "") -> Any:
    """Yield what the framework found wrong, nested fields with dotted names."""
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, f"{prefix}.{own}" if prefix and own else prefix or own)
        return
    for error in errors:
        if isinstance(error, Mapping | list):
            yield from _flat(error, prefix)
        else:
            yield {"field": prefix, "detail": str(error)}
