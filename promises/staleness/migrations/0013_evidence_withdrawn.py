"""One more reason: what a rating cites was withdrawn.

RULE is the text of promises.staleness.triggers.rule_sql.
"""

from importlib import import_module

from django.conf import settings
from django.db import migrations, models

before = import_module("promises.staleness.migrations.0012_retracted_values")

_NEXT = """
        UNION ALL
        SELECT pledge_id, 'evidence_dead',"""
_WITHDRAWN = """
        UNION ALL
        SELECT pledge_id, 'evidence_withdrawn', false, due_on, until_on, facts
        FROM (
        SELECT newest.pledge_id, min(e.withdrawn_on), NULL::date,
            jsonb_build_object('withdrawn', count(*), 'first', min(e.withdrawn_on))
        FROM newest
        JOIN w ON w.pledge_id = newest.pledge_id
        JOIN updates_citation c ON c.status_update_id = newest.id
        JOIN (
            SELECT id, retracted_at, (retracted_at AT TIME ZONE 'UTC')::date AS withdrawn_on
            FROM evidence_evidence WHERE state = 'retracted'
        ) e ON e.id = c.evidence_id
        WHERE e.retracted_at > greatest(newest.published_at, w.last_reviewed_at, '-infinity')
        GROUP BY newest.pledge_id
        ) _ (pledge_id, due_on, until_on, facts)"""
RULE = before.RULE.replace(_NEXT, _WITHDRAWN + _NEXT)


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0009_topics_are_two_deep'),
        ('staleness', '0012_retracted_values'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='staleflag',
            name='staleness_flag_reason_known',
        ),
        migrations.AlterField(
            model_name='duedate',
            name='reason',
            field=models.CharField(choices=[('review_overdue', 'nobody has looked again in time'), ('review_by_passed', 'an editor wanted it looked at by now'), ('deadline_passed', 'its deadline has passed without an outcome'), ('term_ending', 'the term is about to end without an outcome'), ('term_ended', 'the term has ended without an outcome'), ('office_changed', 'the office changed hands early, without an outcome'), ('never_reviewed', 'no editor here has reviewed it yet'), ('no_evidence', 'it has no published evidence'), ('single_source', 'its rating rests on a single publisher'), ('evidence_withdrawn', 'evidence that its rating rests on was withdrawn'), ('evidence_dead', 'evidence of it has gone from its address'), ('evidence_changed', 'evidence of it says something else than before'), ('evidence_uncaptured', 'its rating rests on evidence without a copy'), ('contradicted', 'newer evidence contradicts it and is not answered'), ('metric_moved', 'a figure has passed its limit since the last look'), ('import_not_run', 'new figures that bear on it are overdue'), ('request_overdue', 'an answer to a request for records is overdue'), ('translation_behind', 'a translation says what it said before'), ('methodology_changed', 'it was rated under older rules'), ('challenge_unanswered', 'a challenge of its rating is unanswered'), ('approval_waiting', 'a status update waits for approval'), ('draft_abandoned', 'a draft lies untouched')], max_length=20),
        ),
        migrations.AlterField(
            model_name='staleflag',
            name='reason',
            field=models.CharField(choices=[('review_overdue', 'nobody has looked again in time'), ('review_by_passed', 'an editor wanted it looked at by now'), ('deadline_passed', 'its deadline has passed without an outcome'), ('term_ending', 'the term is about to end without an outcome'), ('term_ended', 'the term has ended without an outcome'), ('office_changed', 'the office changed hands early, without an outcome'), ('never_reviewed', 'no editor here has reviewed it yet'), ('no_evidence', 'it has no published evidence'), ('single_source', 'its rating rests on a single publisher'), ('evidence_withdrawn', 'evidence that its rating rests on was withdrawn'), ('evidence_dead', 'evidence of it has gone from its address'), ('evidence_changed', 'evidence of it says something else than before'), ('evidence_uncaptured', 'its rating rests on evidence without a copy'), ('contradicted', 'newer evidence contradicts it and is not answered'), ('metric_moved', 'a figure has passed its limit since the last look'), ('import_not_run', 'new figures that bear on it are overdue'), ('request_overdue', 'an answer to a request for records is overdue'), ('translation_behind', 'a translation says what it said before'), ('methodology_changed', 'it was rated under older rules'), ('challenge_unanswered', 'a challenge of its rating is unanswered'), ('approval_waiting', 'a status update waits for approval'), ('draft_abandoned', 'a draft lies untouched')], max_length=20, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='staleflagevent',
            name='reason',
            field=models.CharField(choices=[('review_overdue', 'nobody has looked again in time'), ('review_by_passed', 'an editor wanted it looked at by now'), ('deadline_passed', 'its deadline has passed without an outcome'), ('term_ending', 'the term is about to end without an outcome'), ('term_ended', 'the term has ended without an outcome'), ('office_changed', 'the office changed hands early, without an outcome'), ('never_reviewed', 'no editor here has reviewed it yet'), ('no_evidence', 'it has no published evidence'), ('single_source', 'its rating rests on a single publisher'), ('evidence_withdrawn', 'evidence that its rating rests on was withdrawn'), ('evidence_dead', 'evidence of it has gone from its address'), ('evidence_changed', 'evidence of it says something else than before'), ('evidence_uncaptured', 'its rating rests on evidence without a copy'), ('contradicted', 'newer evidence contradicts it and is not answered'), ('metric_moved', 'a figure has passed its limit since the last look'), ('import_not_run', 'new figures that bear on it are overdue'), ('request_overdue', 'an answer to a request for records is overdue'), ('translation_behind', 'a translation says what it said before'), ('methodology_changed', 'it was rated under older rules'), ('challenge_unanswered', 'a challenge of its rating is unanswered'), ('approval_waiting', 'a status update waits for approval'), ('draft_abandoned', 'a draft lies untouched')], max_length=20, verbose_name='reason'),
        ),
        migrations.AddConstraint(
            model_name='staleflag',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['review_overdue', 'review_by_passed', 'deadline_passed', 'term_ending', 'term_ended', 'office_changed', 'never_reviewed', 'no_evidence', 'single_source', 'evidence_withdrawn', 'evidence_dead', 'evidence_changed', 'evidence_uncaptured', 'contradicted', 'metric_moved', 'import_not_run', 'request_overdue', 'translation_behind', 'methodology_changed', 'challenge_unanswered', 'approval_waiting', 'draft_abandoned'])), name='staleness_flag_reason_known'),
        ),
        migrations.RunSQL(RULE, before.RULE),
    ]
