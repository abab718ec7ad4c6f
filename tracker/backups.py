"""Settings of backups: where they lie, and the programs that make them."""

from tracker import env

# Where `manage.py backup` puts them: only read here, to say when the last was made and tried.
BACKUPS = env.text("BACKUPS", str(env.ROOT / ".local" / "backups"))
# The folder of pg_dump and pg_restore; empty: PATH, or those that came with this environment.
POSTGRES_PROGRAMS = env.text("POSTGRES_PROGRAMS", "")
