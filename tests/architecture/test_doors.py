"""A public column has its place at every door, or stands here: each list is what has none."""

from collections.abc import Iterable

import pytest
from django.contrib.admin import site
from django.contrib.admin.utils import flatten_fieldsets
from django.test import RequestFactory

from promises.accounts.models import User
from promises.api.urls import RESOURCES
from promises.common.columns import Table
from promises.editorial.corrections import PRECISION
from promises.evidence.actions import WORDS as EVIDENCE_WORDS
from promises.evidence.columns import EVIDENCE
from promises.imports.choices import Kind
from promises.imports.fields import targets_of
from promises.packages.tables import ORDER, shape_of
from promises.pledges.actions import WORDS as PLEDGE_WORDS
from promises.pledges.columns import PLEDGES
from promises.site.named import KNOWN

# Sections of the API that are not called as their table.
SECTIONS = {"people": "prosecutors"}


def missing(tables: dict[Table, Iterable[str]]) -> set[str]:
    """Return the columns of these tables that a door does not name."""
    return {
        f"{table.name}.{column.field}"
        for table, named in tables.items()
        for column in shape_of(table).columns
        if column.field not in set(named)
    }


def test_the_api_shows_every_column() -> None:
    shown = {
        resource.section.replace("-", "_"): resource.detail_serializer or resource.serializer
        for resource in RESOURCES
    }
    tables = {
        table: list(serializer().fields)
        for table in ORDER
        if (serializer := shown.get(SECTIONS.get(table.name, table.name)))
    }
    assert len(tables) == 11
    assert missing(tables) == {
        # Whose it is, is called prosecutor.
        "terms.person",
        "pledges.person",
        # An order, not a fact.
        "pledges.position",
    }


@pytest.mark.django_db
def test_the_desk_asks_for_every_column() -> None:
    request = RequestFactory().get("/admin/")
    request.user = User(is_active=True, is_staff=True, is_superuser=True)
    tables = {
        table: flatten_fieldsets(site._registry[table.model].get_fieldsets(request, None))
        for table in ORDER
        if table.model in site._registry
    }
    assert len(tables) == 17
    # Made, and found, by whoever writes them.
    assert missing(tables) == {"status_updates.slug", "status_updates.methodology"}


def test_files_of_researchers_fill_every_column() -> None:
    tables = {
        table: [target.name for target in targets_of(kind)]
        for table, kind in ((PLEDGES, Kind.PLEDGE), (EVIDENCE, Kind.EVIDENCE))
    }
    assert missing(tables) == {
        "pledges.slug",
        "pledges.position",
        "evidence.slug",
        # As the day is written.
        "evidence.date_precision",
        "evidence.is_title_exact",
    }


def test_every_column_is_corrected_or_free() -> None:
    """What readers quote or rely on is changed by a correction, which calls it by its name."""
    assert {*PLEDGE_WORDS, *EVIDENCE_WORDS} - KNOWN.keys() == {PRECISION}
    assert missing({PLEDGES: PLEDGE_WORDS, EVIDENCE: EVIDENCE_WORDS}) == {
        "pledges.slug",
        "pledges.topic",
        "pledges.position",
        "evidence.slug",
        "evidence.is_title_exact",
        "evidence.checked",
    }
