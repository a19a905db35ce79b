"""The floors of the house: an app imports only from floors below its own (docs/architecture.md)."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {
    "ksb.core": 0,
    "facilities": 1,
    "participants": 2,
    "referrals": 3,
    "claims": 4,
    "budget": 5,
    "verification": 6,
    "reports": 7,
    "ksb": 8,
}


def place_of(module: str) -> str | None:
    """The app a dotted name belongs to; None for what is not ours. `ksb.core` goes before `ksb`."""
    return next((app for app in FLOORS if module == app or module.startswith(f"{app}.")), None)


@cache
def imported_names(file: Path) -> list[tuple[int, str]]:
    """Line and dotted name of each import, those inside functions included."""
    package = file.relative_to(ROOT).parent.parts
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = package[: len(package) - node.level + 1] if node.level else ()
            source = ".".join([*origin, *filter(None, [node.module])])
            found += [(node.lineno, f"{source}.{alias.name}") for alias in node.names]
    return found


def climbs(app: str) -> list[str]:
    found = []
    for file in sorted((ROOT / app.replace(".", "/")).rglob("*.py")):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        if place_of(name) != app:
            continue
        for line, imported in imported_names(file):
            other = place_of(imported)
            if other not in {None, app} and FLOORS[other] >= FLOORS[app]:
                found.append(f"{file.relative_to(ROOT)}:{line} imports {imported}")
    return found


@pytest.mark.parametrize("app", FLOORS)
def test_an_app_imports_only_from_the_floors_below_it(app):
    assert climbs(app) == []


def test_the_check_sees_an_import_that_climbs(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims/intake.py").write_text(
        "def read():\n    from verification.models import Review\n    from . import rules\n"
    )
    assert climbs("claims") == ["claims/intake.py:2 imports verification.models.Review"]


def test_nothing_outside_the_wiring_reads_the_settings_package():
    """Settings are read through django.conf, so that a test or an installation can change them."""
    readers = [
        f"{file.relative_to(ROOT)}:{line}"
        for app in FLOORS
        for file in (ROOT / app.replace(".", "/")).rglob("*.py")
        if "settings" not in file.parts
        for line, imported in imported_names(file)
        if imported.startswith("ksb.settings")
    ]
    assert readers == []
