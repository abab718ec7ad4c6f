"""What popolo.json must be: Popolo's own classes, and a stricter profile of ours.

Written from the tables of properties at https://www.popoloproject.com/specs/, as JSON Schema.
"""

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": ["string", "null"]}
# A year, a month or a day; events and memberships may name a time as well (ISO 8601).
DATE: Schema = {"type": ["string", "null"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
DATE_OR_TIME: Schema = {
    "type": ["string", "null"],
    "pattern": r"^\d{4}(-\d{2}(-\d{2}(T\d{2}(:\d{2}(:\d{2})?)?(Z|[+-]\d{2}(:\d{2})?))?)?)?$",
}
LINKS: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"url": {"type": "string", "pattern": "^[a-z]+://"}, "note": TEXT},
        "required": ["url"],
    },
}
EVERYWHERE = {"id": TEXT, "sources": LINKS, "links": LINKS}


def _texts(*names: str) -> dict[str, Schema]:
    return dict.fromkeys(names, TEXT)


PROPERTIES: dict[str, dict[str, Schema]] = {
    "persons": {
        **_texts("name", "summary", "biography", "email", "gender", "image", "sort_name"),
        "birth_date": DATE,
        "death_date": DATE,
    },
    "organizations": {
        **_texts("name", "classification", "parent_id", "area_id", "abstract"),
        "founding_date": DATE,
        "dissolution_date": DATE,
    },
    "posts": {
        **_texts("label", "role", "organization_id", "area_id"),
        "start_date": DATE,
        "end_date": DATE,
    },
    "memberships": {
        **_texts("label", "role", "person_id", "organization_id", "post_id", "area_id"),
        "start_date": DATE_OR_TIME,
        "end_date": DATE_OR_TIME,
    },
    "events": {
        **_texts("name", "classification", "organization_id", "location", "status", "parent_id"),
        "start_date": DATE_OR_TIME,
        "end_date": DATE_OR_TIME,
    },
    "areas": {**_texts("name", "classification", "identifier", "parent_id")},
}
POPOLO: dict[str, Schema] = {
    name: {"type": "object", "properties": {**EVERYWHERE, **properties}}
    for name, properties in PROPERTIES.items()
}

# Ours: nothing empty, nothing that Popolo does not know, whole days, and always a source.
FULL: Schema = {"type": "string", "minLength": 1}
SLUG: Schema = {"type": "string", "pattern": "^[a-z0-9-]+$"}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "format": "date"}
SOURCES: Schema = {
    "type": "array",
    "minItems": 1,
    "uniqueItems": True,
    "items": {
        "type": "object",
        "properties": {"url": {"type": "string", "pattern": "^https?://[^ ]+$"}, "note": FULL},
        "required": ["url", "note"],
        "additionalProperties": False,
    },
}
REQUIRED = {
    "persons": ["name"],
    "organizations": ["name", "classification", "area_id"],
    "posts": ["label", "role", "organization_id", "area_id"],
    "memberships": ["role", "person_id", "organization_id", "post_id", "area_id", "start_date"],
    "events": ["name", "classification", "organization_id", "start_date", "end_date"],
    "areas": ["name", "classification"],
}
# What each reference names.
REFERENCES = {
    "area_id": "areas",
    "organization_id": "organizations",
    "person_id": "persons",
    "post_id": "posts",
}


def _ours(name: str) -> Schema:
    """Return a property as our profile has it."""
    if name == "sources":
        return SOURCES
    if name.endswith("_date"):
        return DAY
    return SLUG if name == "id" or name.endswith("_id") else FULL


PROFILE: dict[str, Schema] = {
    name: {
        "type": "object",
        "properties": {one: _ours(one) for one in ("id", "sources", *properties)},
        "required": ["id", "sources", *REQUIRED[name]],
        "additionalProperties": False,
    }
    for name, properties in PROPERTIES.items()
}
