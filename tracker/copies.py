"""Settings of copies of evidence: where they are kept, printed, shown and signed."""

from urllib.parse import urlsplit

from tracker import env

# Where copies of evidence are kept: a folder, or s3://bucket/prefix?endpoint=https://...
_PROFILE = "development" if env.is_development() else ""
CAPTURE_STORE = env.text("CAPTURE_STORE", str(env.ROOT / ".local" / _PROFILE / "captures"))
# Where packages of the whole record are kept that are ready to be handed out: a folder.
PACKAGES = env.text("PACKAGES", str(env.ROOT / ".local" / _PROFILE / "packages"))
# How many copies a run makes side by side.
CAPTURES_AT_ONCE = env.number("CAPTURES_AT_ONCE", 4, least=1)
# Whether copies are made only in time of the processor that nobody else wants (Linux).
CAPTURES_GIVE_WAY = env.choice("CAPTURES_GIVE_WAY", ("yes", "no"), "yes") == "yes"
# The program that prints copies; empty: the Chromium of this machine, if there is one.
CHROMIUM = env.text("CHROMIUM", "")
# The host that shows copies, with nothing of ours on it; empty: copies are only downloaded.
CAPTURE_ORIGIN = env.origin("CAPTURE_ORIGIN", "")
# Copies are other people's pages: on the site's own host they could act as the site.
if CAPTURE_ORIGIN and urlsplit(CAPTURE_ORIGIN).netloc == urlsplit(env.text("SITE_URL", "")).netloc:
    raise env.BadEnvironmentError("CAPTURE_ORIGIN must be another host than that of SITE_URL.")
HOSTS = [str(urlsplit(CAPTURE_ORIGIN).hostname)] if CAPTURE_ORIGIN else []
# Who signs that copies existed at a moment (RFC 3161); empty: nobody does. Its certificates, as
# PEM, are what a signature is checked against.
TIMESTAMP_AUTHORITY_URL = env.text("TIMESTAMP_AUTHORITY_URL", "")
TIMESTAMP_AUTHORITY_ROOT = env.file("TIMESTAMP_AUTHORITY_ROOT")
