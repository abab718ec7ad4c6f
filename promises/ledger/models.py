import pgtrigger
from django.db import models

from promises.common.history import never_truncated

START_OF_CHAIN = "0" * 64

_APPEND_ONLY = "RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'check_violation';"


class Head(models.Model):
    """The newest edition and its hash: one row, moved forward by every entry.

    Locking it numbers the entries without gaps; comparing it finds a ledger cut off at the end.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    edition = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=START_OF_CHAIN)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="ledger_head_is_one_row")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="moved_only_by_an_entry",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=pgtrigger.Func(
                    f"IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN RETURN NEW; END IF;"
                    f" {_APPEND_ONLY}"
                ),
            ),
            never_truncated(_APPEND_ONLY),
        ]

    def __str__(self) -> str:
        return f"edition {self.edition}"


class Entry(models.Model):
    """One public change. `hash` covers every other column and the hash before it."""

    edition = models.BigIntegerField(primary_key=True)
    event = models.CharField(max_length=60)  # What happened: "pledge:published".
    subject = models.CharField(max_length=400)  # To which row: its table and public name.
    pledge = models.CharField(max_length=200, blank=True)  # Slug of the pledge it is about.
    at = models.DateTimeField()
    by = models.CharField(max_length=150)  # The public name, kept as it was on that day.
    data = models.TextField()  # The row as the public may read it, as canonical JSON.
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["edition"]
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"
        indexes = [
            # Read by a pledge's history and by its edition number.
            models.Index(fields=["pledge", "-edition"], name="ledger_entry_of_pledge"),
            # Read by a loader that asks what an import last wrote of a row.
            models.Index(fields=["subject", "-edition"], name="ledger_entry_of_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["hash"], name="ledger_entry_hash_is_unique"),
        ]
        triggers = [
            # Once a statement, not once a row: an import appends thousands at a time.
            pgtrigger.Trigger(
                name="follows_the_head",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="appended"),
                declare=[("head", "ledger_head%ROWTYPE"), ("stray", "bigint")],
                func=pgtrigger.Func(
                    """
                    SELECT * INTO head FROM ledger_head WHERE id = 1 FOR UPDATE;
                    SELECT min(edition) INTO stray FROM (
                        SELECT edition, previous_hash,
                            coalesce(head.edition, 0) + row_number() OVER line AS expected,
                            lag(hash, 1, head.hash) OVER line AS hash_before
                        FROM appended WINDOW line AS (ORDER BY edition)
                    ) chained
                    WHERE edition <> expected OR previous_hash IS DISTINCT FROM hash_before;
                    IF head.id IS NULL OR stray IS NOT NULL THEN
                        RAISE EXCEPTION 'Entry % does not follow edition %.',
                            stray, head.edition USING ERRCODE = 'check_violation';
                    END IF;
                    UPDATE ledger_head SET edition = last.edition, hash = last.hash
                    FROM (SELECT * FROM appended ORDER BY edition DESC LIMIT 1) last
                    WHERE id = 1;
                    RETURN NULL;
                    """
                ),
            ),
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=pgtrigger.Func(_APPEND_ONLY),
            ),
            never_truncated(_APPEND_ONLY),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.event} {self.subject}"
