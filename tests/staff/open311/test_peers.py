"""Clients and checkers that others wrote, over HTTP: `georeport` reads the server, schemathesis tries to break it."""

import subprocess
import sys
from pathlib import Path

import pytest
from georeport import GeoReport

from tests.staff.open311.conftest import Served


@pytest.mark.parametrize("notation", ["json", "xml"])
def test_georeport_reads_services_definitions_and_requests(served: Served, notation: str) -> None:
    client = GeoReport(served.url, jurisdiction="casablancacity.ma", output_format=notation)
    services = client.get_service_list()
    assert {"voirie", "eclairage"} <= {service["service_code"] for service in services}
    assert client.get_service_definition("eclairage")["service_code"] == "eclairage"
    for read in (
        client.get_service_requests(service_code="voirie", status="open"),
        client.get_service_request(served.number),
    ):
        (found,) = read if isinstance(read, list) else [read]
        assert (found["service_request_id"], found["status"]) == (served.number, "open")


def test_schemathesis_finds_no_failure(served: Served, tmp_path: Path) -> None:
    """All its checks: schemas, status codes, content types, methods, refusal of what the description forbids."""
    run = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            *("run", f"{served.url}/openapi.json", "--max-examples", "15", "--seed", "311", "--workers", "1"),
        ],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6_000:]
