"""What the cache writes into Redis: JSON, where Django by itself writes pickles.

Whoever reads a pickle runs what it says, and Redis is not guarded like the database: with a
pickle, whoever gets at Redis would have the site.
"""

import json
from typing import Any


class JsonSerializer:
    """Reads and writes values of the cache (OPTIONS of settings.CACHES)."""

    def dumps(self, value: Any) -> str:
        """Return the value as JSON. Raises TypeError for what JSON cannot hold."""
        return json.dumps(value)

    def loads(self, kept: bytes) -> Any:
        """Return the value; None, as if it were not there, when it is no JSON."""
        try:
            return json.loads(kept)
        except (ValueError, RecursionError):
            return None
