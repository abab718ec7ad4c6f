"""What ours is held against: WSGI applications that do the least that gives the same bytes.

`function` answers with bytes from a file, `unchanged` that they are still the same; `one_view` has
Django without middleware do it; `json_agg` has PostgreSQL make the JSON; `usual` is a page and a
list as one writes them at first, with Django's own middleware.
"""

import json
import os
from pathlib import Path
from threading import local
from typing import Any

_CONTENT = os.environ.get("BENCHMARK_CONTENT", "")
_BODY = Path(_CONTENT).read_bytes() if _CONTENT else b""
_HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(_BODY)))]
_HEADERS += [(name, value) for name, value in json.loads(os.environ.get("BENCHMARK_HEADERS", "[]"))]
_UNCHANGED = [pair for pair in _HEADERS if not pair[0].startswith("Content-")]
_mine = local()

AS_JSON = """
SELECT json_build_object('next', NULL, 'previous', NULL, 'results', json_agg(row_to_json(p)))::text
FROM (
    SELECT p.slug, p.title, p.statement, p.quote, p.kind, p.origin, t.slug AS topic,
        o.slug AS prosecutor, m.slug AS term, p.made_on, p.due_on, p.status, p.status_since,
        p.status_is_provisional, p.confidence, p.last_reviewed_at, p.review_due_on,
        (SELECT json_agg(d.reason) FROM staleness_due d WHERE d.pledge_id = p.id
            AND d.flag_on <= current_date) AS stale_reasons,
        json_build_object('supports', p.supports_count, 'contradicts', p.contradicts_count,
            'context', p.context_count) AS evidence_counts, p.edition, p.updated_at
    FROM pledges_pledge p JOIN pledges_topic t ON t.id = p.topic_id
    JOIN officials_person o ON o.id = p.person_id LEFT JOIN officials_term m ON m.id = p.term_id
    WHERE p.state = 'published' AND o.state = 'published' AND p.status = 'kept'
        AND t.slug = 'topic-4' ORDER BY p.slug LIMIT 50
) p
"""


def function(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer with the bytes."""
    start_response("200 OK", _HEADERS)
    return (_BODY,)


def unchanged(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer that nothing changed, but to the launcher."""
    is_asked = environ["PATH_INFO"] != "/healthz"
    start_response("304 Not Modified" if is_asked else "200 OK", _UNCHANGED)
    return ()


def json_agg(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer with what PostgreSQL makes of the rows."""
    import psycopg

    if not hasattr(_mine, "database"):
        _mine.database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    body = _mine.database.execute(AS_JSON).fetchone()[0].encode()
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    )
    return (body,)


def _django(middleware: bool) -> Any:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler

    settings.ROOT_URLCONF = "benchmarks.usual"
    usual = [name for name in settings.MIDDLEWARE if name.startswith("django.")]
    settings.MIDDLEWARE = usual if middleware else []
    # Templates are kept as Django keeps them, without being folded.
    ((_folding, loaders),) = settings.TEMPLATES[0]["OPTIONS"]["loaders"]
    settings.TEMPLATES[0]["OPTIONS"]["loaders"] = [
        ("django.template.loaders.cached.Loader", loaders)
    ]
    return WSGIHandler()


def __getattr__(name: str) -> Any:
    if name in {"one_view", "usual"}:
        return _django(middleware=name == "usual")
    raise AttributeError(name)
