"""The clocks that run, a row for each pledge they concern: what the rule of staleness reads."""

from django.db import migrations

VIEW = """
CREATE VIEW record_requests_due AS
    SELECT about.id, about.pledge_id, request.id AS record_request_id, request.next_due_on AS due_on
    FROM record_requests_recordrequest request
    JOIN record_requests_requestpledge about ON about.record_request_id = request.id
    WHERE request.state = 'published' AND request.next_due_on IS NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [("record_requests", "0001_initial")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW record_requests_due;")]
