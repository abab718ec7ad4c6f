"""The client as it is handed out, loaded from the one file it is."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from promises.api.client.writing import client_source


def load_client(folder: Path) -> Any:
    """Return the module that the file is."""
    file = folder / "client.py"
    file.write_text(client_source(), encoding="utf-8")
    spec = spec_from_file_location("promise_tracker_client", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    # Where dataclasses look for the names of their annotations.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
