"""docs/production/ starts what the Procfile starts, and its page names every file of it."""

import os
import subprocess
from pathlib import Path

from tests.docs.test_compose import PROCFILE, ROOT

FOLDER = ROOT / "docs" / "production"
PAGE = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")


def lines(unit: str) -> list[tuple[str, str]]:
    """Return the settings of a unit, in order."""
    text = (FOLDER / unit).read_text(encoding="utf-8")
    pairs = [line.partition("=") for line in text.splitlines() if line and line[0] not in "#["]
    return [(name, value) for name, _, value in pairs]


def started(unit: str) -> str:
    """Return the command of a unit as the Procfile writes it."""
    settings = dict(lines(unit))
    command = settings["ExecStart"].replace("/srv/tracker/.venv/bin/", "").replace("${", "$")
    nice = f"nice -n {settings['Nice']} " if "Nice" in settings else ""
    return nice + command.replace("$PORT}", "$PORT")


def test_the_commands_are_those_of_the_procfile() -> None:
    units = {name: f"tracker-{name}.service" for name in ("worker", "beat")}
    units["web"] = "tracker-web@.service"
    assert {name: started(unit) for name, unit in units.items()} == PROCFILE


def test_the_site_does_not_know_the_password_of_the_owner() -> None:
    units = sorted(path.name for path in FOLDER.glob("*.service"))
    knows = [unit for unit in units if ("EnvironmentFile", "/etc/tracker/owner") in lines(unit)]
    assert knows == ["tracker-backup.service"]
    assert len(units) == 4


def test_a_web_counts_as_started_once_it_answers() -> None:
    """Whoever restarts one after the other leaves readers with none, else."""
    (asks,) = [value for name, value in lines("tracker-web@.service") if name == "ExecStartPost"]
    assert asks.startswith("/usr/bin/curl ")
    assert asks.endswith(" --retry-connrefused http://127.0.0.1:%i/healthz")
    assert " curl\n" in PAGE


def test_every_unit_runs_as_the_site_and_writes_only_its_own_folders() -> None:
    wanted = {
        ("User", "tracker"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ReadWritePaths", "/srv/tracker/.local /var/lib/tracker"),
    }
    assert [p.name for p in FOLDER.glob("*.service") if wanted - set(lines(p.name))] == []


def test_the_page_and_the_files_agree() -> None:
    """What the page installs is there, and the proxy asks the processes that it starts."""
    proxy = (FOLDER / "Caddyfile").read_text(encoding="utf-8")
    assert "systemctl enable --now tracker-web@8001 tracker-web@8002 tracker-worker" in PAGE
    assert "reverse_proxy 127.0.0.1:8001 127.0.0.1:8002 {" in proxy
    assert "$SITE_HOST" in proxy
    assert Path(FOLDER / "tracker").stat().st_mode & 0o111


def test_the_wrapper_reads_settings_as_systemd_does(tmp_path: Path) -> None:
    """Values are taken as they stand, though a shell would split, expand or run them."""
    settings = {
        "PLAIN": "postgresql://web:a%2Fb@127.0.0.1:5432/tracker?sslmode=require&x=1",
        "SIGNS": "a&b $HOME `id` $(id) ;c |d <e >f *g ~h #i !j 'k (l)",
        "DOUBLE": "two words",
        "SINGLE": "three short words",
        "EMPTY": "",
        "EQUALS": "a=b=c",
    }
    lines = [
        "# A comment, and a line without a setting",
        "; another",
        "no setting",
        f"PLAIN={settings['PLAIN']}",
        f"SIGNS={settings['SIGNS']}  ",
        'DOUBLE="two words"',
        "SINGLE='three short words'",
        'EMPTY=""',
        "EQUALS=a=b=c",
    ]
    ended, said = _wrapped(tmp_path, "\n".join(lines), "SECRET_KEY=of-the-owner", "--owner", "x")
    assert ended == 0, said
    found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    assert {name: found[name] for name in settings} == settings
    assert found["SECRET_KEY"] == "of-the-owner"
    # As systemd has it: with the home of root, no session with PostgreSQL is encrypted.
    assert found["HOME"] == "/var/lib/tracker"
    assert said.splitlines()[0] == "manage.py x"
    assert "SECRET_KEY" not in _wrapped(tmp_path, "A=b", "SECRET_KEY=of-the-owner", "x")[1]


def test_the_wrapper_refuses_what_systemd_would_read_otherwise(tmp_path: Path) -> None:
    ended, said = _wrapped(tmp_path, "SECRET_KEY=a\\b", "", "x")
    assert (ended, said) == (
        1,
        f"{tmp_path}/etc/environment: write the value of SECRET_KEY without a backslash.\n",
    )


def _wrapped(folder: Path, environment: str, owner: str, *words: str) -> tuple[int, str]:
    """Run the wrapper on files in a folder; its Python prints what it was given."""
    for place, text in (("etc/environment", environment), ("etc/owner", owner)):
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_text(text)
    programs = {
        "srv/.venv/bin/python": '#!/bin/sh\necho "$@"\nexec env\n',
        "bin/setpriv": '#!/bin/sh\nshift 3\nexec "$@"\n',
    }
    for place, text in programs.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text)
        (folder / place).chmod(0o755)
    script = (FOLDER / "tracker").read_text(encoding="utf-8")
    script = script.replace("/etc/tracker", f"{folder}/etc").replace(
        "/srv/tracker", f"{folder}/srv"
    )
    done = subprocess.run(
        ["/bin/sh", "-c", script, "tracker", *words],
        env={"PATH": f"{folder}/bin:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
