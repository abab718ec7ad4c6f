"""compose.yaml starts what docs/scale.md says, with the commands of the Procfile."""

import json
import re
from ipaddress import ip_address, ip_network
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
PROCFILE = dict(
    line.split(": exec ", 1)
    for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    if line
)


def test_there_are_two_of_everything_that_may_be_two() -> None:
    found = {name: each.get("deploy", {}).get("replicas", 1) for name, each in SERVICES.items()}
    once = {"proxy": 1, "prepare": 1, "postgres": 1, "redis": 1}
    assert found == {**once, "web": 2, "worker": 2, "beat": 2}


def test_the_commands_are_those_of_the_procfile() -> None:
    for name in ("worker", "beat"):
        assert SERVICES[name]["command"] == PROCFILE[name]
    started = re.search(r"^CMD (.*)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert started is not None
    expected = PROCFILE["web"].replace("127.0.0.1", "0.0.0.0").replace("$PORT", "8000")
    assert " ".join(json.loads(started[1])) == expected


def test_the_site_logs_in_as_a_role_that_owns_nothing() -> None:
    logins = {
        name: SERVICES[name]["environment"]["DATABASE_URL"].partition("://")[2].partition(":")[0]
        for name in ("web", "worker", "beat", "prepare")
    }
    assert logins == {"web": "web", "worker": "web", "beat": "web", "prepare": "tracker"}


def test_the_address_of_the_proxy_is_given_to_nobody_else() -> None:
    proxy = ip_address(SERVICES["proxy"]["networks"]["inside"]["ipv4_address"])
    (network,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert proxy in ip_network(network["subnet"])
    assert proxy not in ip_network(network["ip_range"])
    assert SERVICES["web"]["environment"]["TRUSTED_PROXIES"] == str(proxy)


def test_the_host_that_the_check_of_health_asks_is_allowed() -> None:
    asked = re.search(r"http://([^:/]+)", SERVICES["web"]["healthcheck"]["test"][-1])
    assert asked is not None
    assert asked[1] in SERVICES["web"]["environment"]["ALLOWED_HOSTS"].split(",")


def test_the_figures_are_read_by_containers_and_not_through_the_proxy() -> None:
    """Each host counts in one place, whichever container of it is asked for the figures."""
    given = SERVICES["web"]["environment"]
    inside = [ip_network(each) for each in given["METRICS_NETWORKS"].split(",")]
    proxy = ip_address(SERVICES["proxy"]["networks"]["inside"]["ipv4_address"])
    (network,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert ip_network(network["ip_range"]) in inside
    assert not any(proxy in each for each in inside)
    assert "web" in given["ALLOWED_HOSTS"].split(",")
    shared = {
        name for name, each in SERVICES.items() if "host:/data/host" in each.get("volumes", ())
    }
    assert shared == {"web", "worker", "beat", "prepare"}
    assert given["HOST_FOLDER"] == "/data/host"
    assert "/data/host" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert 'targets: ["web:8000"]' in (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")


def test_one_service_builds_the_image_and_the_others_start_it() -> None:
    assert [name for name, each in SERVICES.items() if "build" in each] == ["prepare"]
    started = {SERVICES[name]["image"] for name in ("prepare", "web", "worker", "beat")}
    assert started == {"promise-tracker"}


def test_no_container_fills_the_disk_with_lines() -> None:
    for name, service in SERVICES.items():
        kept = service["logging"]["options"]
        assert (kept["max-size"], kept["max-file"]) == ("20m", "5"), name


def test_a_web_that_does_not_listen_yet_is_passed_over() -> None:
    """Docker names a web from its start on; a policy that sticks to one tries it until the end."""
    proxy = COMPOSE["configs"]["caddyfile"]["content"]
    assert re.findall(r"^ *(lb_\w+|fail_duration) (.*)$", proxy, re.M) == [
        ("lb_policy", "round_robin"),
        ("lb_try_duration", "5s"),
        ("lb_try_interval", "50ms"),
    ]


def test_a_proxy_that_is_full_ends_without_swapping_and_is_soon_there_again() -> None:
    """Docker waits longer each time before it starts a container, and lets it swap as much."""
    proxy = SERVICES["proxy"]
    assert (proxy["mem_limit"], proxy["memswap_limit"]) == ("1g", "1g")
    assert proxy["command"][:2] == ["sh", "-c"]
    assert "while :; do" in proxy["command"][2]
    lines = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    assert "StartLimitIntervalSec=0 '[Service]' Restart=always RestartSec=1" in lines
    assert "MemoryMax=1G MemorySwapMax=0" in lines


def test_redis_hears_that_it_is_to_end() -> None:
    """Behind a pipe the shell is told, which passes nothing on; after ten seconds all is killed."""
    assert SERVICES["redis"]["command"][2].startswith("exec valkey-server - <<END\n")
