"""Rows that break a rule which came after them are named, and can be put right."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError

from promises.accounts.models import User
from promises.evidence.actions import retract_evidence
from promises.evidence.models import Evidence
from promises.packages.unkept import unkept
from promises.updates.correcting import correct_evidence
from tests import record
from tests.conftest import without_triggers
from tests.record import NOW

pytestmark = pytest.mark.django_db
RULE = "evidence_evidence_published_on_as_precise_as_known"


def standing_before(rule: str, change: str) -> None:
    """Change rows as they could be before there was this rule of their table."""
    table = change.split()[1]
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [rule]
        )
        (says,) = cursor.fetchone()
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DROP CONSTRAINT {rule}")
        cursor.execute(change)
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {rule} {says} NOT VALID")


def test_what_was_dated_by_month_and_has_no_date(
    author: User, capsys: pytest.CaptureFixture[str]
) -> None:
    pledge = record.pledge(by=author)
    for number in range(12):
        record.evidence(by=author, about=pledge, slug=f"memo-{number}")
    assert list(unkept()) == []
    standing_before(
        RULE, "UPDATE evidence_evidence SET date_precision = 'month', published_on = NULL"
    )
    numbers = [*Evidence.objects.order_by("pk").values_list("pk", flat=True)]
    named = ", ".join(map(str, numbers[:10]))
    says = f"evidence.evidence {named} and 2 more: {RULE}"
    assert [str(one) for one in unkept()] == [says]

    with pytest.raises(CommandError, match=r"Rows that break a rule which came after them: 12\."):
        call_command("verify_record", verbosity=0)
    assert says in capsys.readouterr().out.splitlines()

    # Nothing of it changes before its date is right, not even that it is withdrawn.
    piece = Evidence.objects.get(pk=numbers[0])
    with pytest.raises(IntegrityError, match=RULE), transaction.atomic():
        retract_evidence(evidence=piece, reason="Forged.", by=author, now=NOW)
    piece.refresh_from_db()
    piece.date_precision = "unknown"
    correct_evidence(evidence=piece, kind="correction", note="Unknown.", by=author, now=NOW)
    retract_evidence(evidence=piece, reason="Forged.", by=author, now=NOW)
    assert [one.count for one in unkept()] == [11]


def test_a_table_that_is_not_ours_is_passed_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE notes_of_an_example AS SELECT 0 AS id")
        cursor.execute("ALTER TABLE notes_of_an_example ADD CHECK (id > 0) NOT VALID")
    assert list(unkept()) == []
