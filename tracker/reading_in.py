"""What a process that stays needs, read in before it begins."""

import gc
from importlib import import_module


def read_in(*names: str) -> None:
    """Import these modules, and have the collector leave alone all that there is by then.

    It stays as long as the process does. A full collection would go through its hundred and fifty
    thousand objects, while no thread of the process answers, and write to them all, so that
    processes that were forked would no longer share their memory.
    """
    for name in names:
        import_module(name)
    gc.collect()
    gc.freeze()
