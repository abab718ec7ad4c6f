"""Reads in the API framework, without what it takes along wherever that is installed.

What it leaves out serves pages and tests of its own that nothing here uses, and took seven
megabytes of a web process. Import this before anything else of the framework.
"""

import sys

_LEFT_OUT = [name for name in ("markdown", "pygments", "requests") if name not in sys.modules]
# Python finds no module that has None in its place.
sys.modules.update(dict.fromkeys(_LEFT_OUT))  # type: ignore[arg-type]
try:
    import rest_framework.compat  # noqa: F401 -- the one that asks for them
finally:
    for _name in _LEFT_OUT:
        del sys.modules[_name]
