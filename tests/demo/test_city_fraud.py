"""Planted cases: the ordinary city is untouched, every case stands in the files, and the same seed plants the same."""

import json

import pytest

from claims.rules.catalogue import BY_CODE
from ksb.demo.city.build import Order, make_city
from tests.demo.conftest import ON

RESIDENTS = 12_000


@pytest.fixture(scope="module")
def cities(tmp_path_factory):
    """The same city without and with planted cases, as folders."""
    folders = []
    for fraud in (False, True):
        out = tmp_path_factory.mktemp(f"fraud-{fraud}")
        make_city(Order(residents=RESIDENTS, seed=5, out=out, on=ON, fraud=fraud))
        folders.append(out)
    return folders


def planted(folder):
    return json.loads((folder / "fraud.json").read_text())["cases"]


def test_planting_touches_nothing_but_the_claims(cities):
    plain, planted_in = cities
    for path in plain.iterdir():
        beside = (planted_in / path.name).read_bytes()
        if path.name.startswith("eklaim-"):
            assert beside.startswith(path.read_bytes())
        elif path.name != "truth.json":
            assert beside == path.read_bytes()


def test_every_case_names_rules_of_the_catalogue_and_claims_of_the_files(cities):
    claimed = {
        (path.name.split("-")[1], line.split("\t")[50])
        for path in cities[1].glob("eklaim-*.txt")
        for line in path.read_text().splitlines()[1:]
    }
    letters = {line.split(",")[12] for line in (cities[1] / "fraud-letters.csv").read_text().splitlines()[1:]}
    rules = set()
    for case in planted(cities[1]):
        assert case["claims"] or case["hospital"]
        assert {tuple(claim) for claim in case["claims"]} <= claimed
        rules.update(case["rules"])
    assert rules <= BY_CODE.keys()
    assert {f"FRD-{n:02d}" for n in range(1, 13)} <= rules
    assert len(letters & {sep for _hospital, sep in claimed}) > 1_500


def test_the_same_seed_plants_the_same(cities, tmp_path):
    make_city(Order(residents=RESIDENTS, seed=5, out=tmp_path, on=ON, fraud=True))
    for path in [*cities[1].glob("fraud*"), *cities[1].glob("eklaim-*")]:
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_a_city_too_small_for_its_cases_says_so(tmp_path):
    with pytest.raises(ValueError, match="must be larger"):
        make_city(Order(residents=600, seed=5, out=tmp_path, on=ON, fraud=True))
