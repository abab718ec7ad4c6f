"""docs/production/ starts what the Procfile starts, and its page names every file of it."""

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
