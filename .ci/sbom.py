# ruff: noqa: T201 - it tells a person what it wrote
"""Writes what this software is made of as CycloneDX 1.6 (ECMA-424), from requirements.lock.

    python .ci/sbom.py FILE

Every locked package with its version, the hashes it is installed by, and the licence it names.
The same lock gives the same bytes. Exits 1 when a package names no version or no hash.
"""

import json
import re
import sys
import uuid
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> list[dict[str, object]]:
    """Return one component for each package of a lock, by name."""
    found = []
    for entry in re.split(r"\n(?=[A-Za-z0-9])", lock):
        pinned = _PINNED.match(entry)
        if pinned is None:
            continue
        name, version = pinned.groups()
        hashes = sorted(_HASH.findall(entry))
        if not hashes:
            raise SystemExit(f"{name} has no hash in the lock.")
        purl = f"pkg:pypi/{name.lower()}@{version}"
        component: dict[str, object] = {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            # One file of several is installed, depending on the machine.
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": purl,
                    "hashes": [{"alg": "SHA-256", "content": each} for each in hashes],
                }
            ],
        }
        if licence := licence_of(name):
            component["licenses"] = [{"license": {"name": licence}}]
        found.append(component)
    return sorted(found, key=lambda each: str(each["purl"]))


def licence_of(name: str) -> str:
    """Return the licence that an installed package names; "" when it names none or is elsewhere."""
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return ""
    named = [
        line.rpartition(" :: ")[2]
        for line in facts.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    first = (facts.get("License") or "").strip().partition("\n")[0]
    return facts.get("License-Expression") or " OR ".join(named) or first[:80]


def main() -> int:
    """Write the file that is named; return the exit code."""
    target = Path(sys.argv[1])
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    parts = components(lock)
    name = "prosecutor-promise-tracker"
    digest = sha256(json.dumps(parts).encode()).hexdigest()
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": name, "name": name}},
        "components": parts,
        "dependencies": [{"ref": name, "dependsOn": [each["bom-ref"] for each in parts]}],
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bom, indent=1) + "\n", encoding="utf-8")
    without = [str(each["name"]) for each in parts if "licenses" not in each]
    print(f"{len(parts)} packages in {target}; {len(without)} name no licence here")
    return 0 if parts else 1


if __name__ == "__main__":
    sys.exit(main())
