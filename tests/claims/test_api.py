"""Claims from hospitals' programs: the words of the screen, a repeat is no second act, nothing of another hospital."""

import json

import pytest
import time_machine
from django.test import Client
from rest_framework.authtoken.models import Token

from claims.intake.columns import COLUMNS
from claims.models import BatchFile, Claim
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db
URL = "/api/v1/claims/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(c.AT, tick=True):
        yield


def program(place=None):
    user = c.biller(place)
    return {"authorization": f"Token {Token.objects.create(user=user).key}"}


@pytest.fixture
def token():
    return program()


def send(client, rows, token, key="kirim-0001", **query):
    body = rows if isinstance(rows, str | bytes) else json.dumps({"rows": rows})
    return client.post(
        URL, body, "application/json", headers={**token, "idempotency-key": key}, query_params=query or None
    )


def test_rows_are_taken_and_each_is_answered_in_the_words_of_the_screen(client, token):
    rows = [c.row(c.letter()), c.row(c.letter(), KELAS_RAWAT="1"), c.row(c.letter(), SEX="x")]
    answer = send(client, rows, token)
    told = answer.json()
    assert answer.status_code == 200
    assert (told["rows"], told["accepted"], told["refused"]) == (3, 1, 2)
    assert [(line["row"], line["status"], line["state"]) for line in told["lines"]] == [
        (1, "ACCEPTED", "READY"),
        (2, "REFUSED", "BLOCKED"),
        (3, "REFUSED", ""),
    ]
    assert [f["rule"] for f in told["lines"][2]["findings"]] == ["ADM-01"]
    assert told["lines"][1]["findings"][0]["message_en"]
    assert told["lines"][2]["claim"] is None
    one = client.get(f"{URL}{told['lines'][0]['claim']}/", headers=token).json()
    assert (one["state"], one["sep"], one["batch"]) == ("READY", rows[0]["SEP"], told["batch"])
    assert BatchFile.objects.get().source == "PROGRAM"


def test_R6_the_same_key_gives_the_same_answer_and_another_body_is_refused(client, token):
    rows = [c.row(c.letter())]
    first = send(client, rows, token)
    again = send(client, rows, token)
    assert (again.status_code, again.json()) == (200, first.json())
    assert Claim.objects.count() == 1
    other = send(client, [c.row(c.letter())], token)
    assert (other.status_code, other.json()["code"]) == (409, "other_body")
    assert Claim.objects.count() == 1
    assert send(client, rows, token, key="kirim-0002").status_code == 409


def test_a_corrected_row_is_a_new_version_and_older_columns_do(client, token):
    row = c.row(c.letter())
    send(client, [row], token)
    older = {name: value for name, value in row.items() if name in COLUMNS[:-18]}
    told = send(client, [older | {"MRN": "7"}], token, key="kirim-0002").json()
    assert (told["accepted"], told["replaced"]) == (1, 1)
    listed = client.get(URL, {"state": "READY"}, headers=token).json()["results"]
    assert [claim["version"] for claim in listed] == [2]


def test_R5_poison_is_answered_with_what_is_wrong(client, token):
    row = c.row(c.letter())
    poison = [
        *(
            b"",
            b"{",
            b"[]",
            b'{"rows": 5}',
            b'{"rows": []}',
            b'{"rows": [5]}',
            b'{"rows": [{}]}',
            b'{"rows": [{"SEP": 5}]}',
        ),
        *(
            b'{"rows": [{"SEP": "\\u0000"}]}',
            b'{"rows": [{"\\ud800": "x"}]}',
            b'{"rows": [{"SEP": "\\ud800"}]}',
            b"\xff",
        ),
        json.dumps({"rows": [row | {"DPJP": "a\tb"}]}),
        json.dumps({"rows": [row | {"DPJP": "x" * 5000}]}),
        json.dumps({"rows": [row] * 1001}),
    ]
    statuses = [send(client, body, token, key=f"racun-{n:04d}").status_code for n, body in enumerate(poison)]
    assert statuses == [400] * len(poison)
    for key in ("", "x", "é" * 9, "a b c d e f", "k" * 65):
        assert send(client, [row], token, key=key.encode("ascii", "ignore").decode()).status_code == 400
    for value in ("\x00", "9999999", "é"):
        assert send(client, [row], token, hospital=value).status_code == 400
    assert send(client, [{"SEP": "1"}], token).status_code == 409
    odd = [row | {name: "'; --"} for name in COLUMNS]
    assert send(client, odd, token, key="racun-9999").status_code == 200
    assert client.get(URL, {"state": "\x00", "cursor": "x"}, headers=token).status_code in (200, 404)


def test_nothing_of_another_hospital_is_handed_in_or_seen(client, token):
    told = send(client, [c.row(c.letter())], token).json()
    other = program(c.hospital(1))
    assert client.get(f"{URL}{told['lines'][0]['claim']}/", headers=other).status_code == 404
    assert client.get(URL, headers=other).json()["results"] == []
    assert send(client, [c.row(c.letter(), KODE_RS="3275999")], token, key="kirim-0009").status_code == 409
    desk = f.make_user("HOSPITAL_DESK", facility=c.hospital())
    stranger = {"authorization": f"Token {Token.objects.create(user=desk).key}"}
    assert send(client, [c.row(c.letter())], stranger).status_code == 403
    assert client.post(URL, "{}", "application/json").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_R6_the_same_key_in_several_threads_at_once_is_one_act(in_threads, token):
    """Whoever comes second is told the same, or that the first is still being worked on."""
    rows = [c.row(c.letter())]
    answers = in_threads(3, lambda _n: send(Client(), rows, token))
    assert (Claim.objects.count(), BatchFile.objects.count()) == (1, 1)
    told = [answer.json() for answer in answers if answer.status_code == 200]
    assert told
    assert all(one == told[0] for one in told)
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert send(Client(), rows, token).json() == told[0]
