"""Settings of the public answers that are kept ready (promises/serving)."""

from tracker import env

# Where the processes of one host count what they do, and agree on how new the record is.
HOST_FOLDER = env.text("HOST_FOLDER", str(env.ROOT / ".local"))
# How much room each web process gives to public answers that are ready, in millions of bytes;
# 0: each answer is made when it is asked for.
ANSWERS_MEGABYTES = env.number("ANSWERS_MEGABYTES", 32)
# Whatever begins like this is never the same for everybody, or is a file.
NEVER_KEPT = ["/static/", "/admin/", "/account/", "/internal/", "/healthz", "/readyz"]
# What is counted or refused before an answer that is ready is given, and depends on `Accept`:
# dotted paths of functions that take (environ, is_unchanged).
KEPT_ANSWER_GATES = {"/api/": "promises.api.leases.gate"}
# How many bodies of requests are read at once, at most: of the four threads of a web process
# (Procfile) one is always left to readers; and how many of one network.
BODIES_AT_ONCE, BODIES_OF_ONE = 3, 2
# How many bytes a body may have at addresses that begin like this. The largest are copies of
# evidence, 25 MB, and only the desk takes files.
LARGEST_BODIES = {"/admin/": 27_000_000, "": 3_000_000}
# And how many fields. A page of the desk sends seven for each row, and evidence may bear on
# hundreds of pledges.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# Files up to 2.5 MB are held in memory, larger ones aside.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "promises.serving.aside.UploadAside",
]
