"""No row that others point to, or that has a history, changes its number.

Here, on the step above all of them, and once: a trigger for each model would make Django build all
models anew sixty times. A table that comes later has `number_stays` in its own migration
(tests/common/test_row_numbers.py).
"""

from django.db import migrations

from promises.common.row_numbers import NUMBERS_STAY, number_may_change, number_stays

TABLES = (
    "accounts_apikey",
    "accounts_user",
    "alerts_subscriber",
    "alerts_subscription",
    "captures_capture",
    "captures_capturewaiver",
    "discovery_candidate",
    "discovery_feed",
    "discovery_feeditem",
    "evidence_evidence",
    "evidence_evidencelink",
    "evidence_resultreportsource",
    "imports_import",
    "imports_importedrow",
    "metrics_metric",
    "metrics_metricannotation",
    "metrics_metricpledge",
    "metrics_metricsource",
    "newsroom_assignment",
    "newsroom_comment",
    "newsroom_embargo",
    "newsroom_plannedpublication",
    "officials_candidacy",
    "officials_conflictofinterest",
    "officials_election",
    "officials_jurisdiction",
    "officials_office",
    "officials_partnership",
    "officials_person",
    "officials_resultreport",
    "officials_term",
    "outbox_delivery",
    "pledges_criterion",
    "pledges_generalterm",
    "pledges_pledge",
    "pledges_pledgetranslation",
    "pledges_topic",
    "record_requests_extension",
    "record_requests_recordrequest",
    "record_requests_recordslaw",
    "record_requests_requestdocument",
    "record_requests_requestpledge",
    "sources_host",
    "sources_passage",
    "sources_source",
    "staleness_digest",
    "staleness_lapse",
    "staleness_metriclimit",
    "staleness_reviewby",
    "staleness_reviewpolicy",
    "staleness_staleflag",
    "suggestions_challenge",
    "suggestions_suggestion",
    "updates_citation",
    "updates_correction",
    "updates_methodologyversion",
    "updates_response",
    "updates_statusupdate",
    "webhooks_endpoint",
    "webhooks_message",
)
# Named by what they hold.
BY_HASH = ("captures_storedfile", "sources_pagetext")
CREATE = "".join(
    [
        NUMBERS_STAY,
        *(number_stays(table) for table in TABLES),
        *(number_stays(table, "sha256") for table in BY_HASH),
    ]
)
DROP = "".join(map(number_may_change, (*TABLES, *BY_HASH))) + "DROP FUNCTION the_number_stays();"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("alerts", "0001_initial"),
        ("captures", "0001_copies_of_evidence"),
        ("discovery", "0001_initial"),
        ("evidence", "0001_initial"),
        ("imports", "0001_initial"),
        ("metrics", "0001_initial"),
        ("newsroom", "0001_initial"),
        ("officials", "0001_initial"),
        ("outbox", "0001_initial"),
        ("pledges", "0001_initial"),
        ("record_requests", "0001_initial"),
        ("serving", "0001_initial"),
        ("sources", "0001_initial"),
        ("staleness", "0001_initial"),
        ("suggestions", "0001_initial"),
        ("updates", "0001_initial"),
        ("webhooks", "0001_endpoints"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
