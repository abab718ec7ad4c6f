"""A rating on its way from a draft to the pledge's status."""

import pytest

from promises.ledger.chain import verify_chain
from tests import record

pytestmark = pytest.mark.django_db


def test_a_published_update_becomes_the_status_of_its_pledge() -> None:
    author = record.user()
    pledge = record.pledge(by=author)
    update = record.published_update(by=author, of=pledge, status="kept")
    pledge.refresh_from_db()
    assert (pledge.status, pledge.status_since, pledge.confidence) == (
        "kept",
        update.effective_on,
        "medium",
    )
    assert pledge.status_is_provisional is False
    assert pledge.last_reviewed_at == record.NOW
    assert (pledge.supports_count, pledge.contradicts_count, pledge.context_count) == (1, 0, 0)
    verdict = verify_chain()
    assert verdict.fault == ""
    assert pledge.edition == verdict.entries
