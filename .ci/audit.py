# ruff: noqa: S603, T201 - it runs a program and tells a person what that said
"""Looks up every locked package in a database of known vulnerabilities.

Exits 1 when one is vulnerable. When no database can be asked it says so where nobody misses it
and exits 0: a machine without the network must still be able to build.
"""

import json
import subprocess
import sys

SOURCES = ("pypi", "osv")


def ask(source: str) -> list[dict[str, object]]:
    """Return what `source` says of each locked package; nothing when it cannot be asked."""
    command = ["pip-audit", "--requirement", "requirements.lock", "--require-hashes"]
    command += ["--disable-pip", "--progress-spinner", "off", "--format", "json"]
    # Without the shell's words for an error: they are printed by the caller, shortened.
    done = subprocess.run(
        [*command, "--vulnerability-service", source],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"{source}: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}")
        return []
    known = [package for package in packages if "skip_reason" not in package]
    print(f"{source}: knows {len(known)} of {len(packages)} packages")
    return known


def main() -> int:
    """Ask the sources in turn until one answers; return the exit code."""
    for source in SOURCES:
        if known := ask(source):
            return report(known)
    print(
        "\n"
        "  ############################################################\n"
        "  #  THE DEPENDENCY AUDIT WAS NOT MADE: no database of known #\n"
        "  #  vulnerabilities could be asked from here (see above).   #\n"
        "  #  Run `make check` where there is a network.              #\n"
        "  ############################################################\n"
    )
    return 0


def report(known: list[dict[str, object]]) -> int:
    """Print the vulnerable packages and return 1, or 0 when there are none."""
    vulnerable = [package for package in known if package["vulns"]]
    for package in vulnerable:
        print(json.dumps(package, indent=2))
    print(f"{len(vulnerable)} of {len(known)} packages have known vulnerabilities")
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
