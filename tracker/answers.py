"""Settings of the public answers that are kept ready (promises/serving)."""

from tracker import env

# How much room each web process gives to public answers that are ready, in millions of bytes;
# 0: each answer is made when it is asked for.
ANSWERS_MEGABYTES = env.number("ANSWERS_MEGABYTES", 32)
# Whatever begins like this is never the same for everybody, or is a file.
NEVER_KEPT = ["/static/", "/admin/", "/account/", "/internal/", "/healthz", "/readyz"]
# What is counted or refused before an answer that is ready is given, and depends on `Accept`:
# dotted paths of functions that take (environ, is_unchanged).
KEPT_ANSWER_GATES = {"/api/": "promises.api.leases.gate"}
