"""Programs of hospitals push beds as they push them to BPJS: raw HTTP, the real signature, whatever bodies."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from facilities import bed_keys
from facilities.enums import BedSource, Role
from facilities.models import BedClass, BedCount, BedKey, BedRoom, SeenRequest
from tests import factories as f
from tests.facilities.factories import report

pytestmark = pytest.mark.django_db
BASE = "/aplicaresws/rest/bed"
BODY = {
    "kodekelas": "KL3",
    "koderuang": "MLT-1",
    "namaruang": "Melati 1",
    "kapasitas": "20",
    "tersedia": "6",
    "tersediapria": "2",
    "tersediawanita": "4",
    "tersediapriawanita": "0",
}
SIRANAP_BODY = {"id_tt": "5", "ruang": "Melati", "jumlah": 20, "terpakai": 12, "prepare": 2, "antrian": 3}


class Program:
    """A hospital's scheduler: it knows its cons-id, its secret and an address, and nothing of us."""

    def __init__(self, hospital, *, ppk_code="0903R001"):
        self.hospital = hospital
        self.key, self.secret = bed_keys.issue(facility=hospital, actor=f.system(), at=f.NOW, ppk_code=ppk_code)
        self.http = Client()

    def headers(self, *, at=None, secret=None, cons_id=None):
        cons_id = cons_id or self.key.cons_id
        stamp = str(int((at or timezone.now()).timestamp()))
        told = hmac.new((secret or self.secret).encode(), f"{cons_id}&{stamp}".encode(), hashlib.sha256).digest()
        return {"X-cons-id": cons_id, "X-timestamp": stamp, "X-signature": base64.b64encode(told).decode()}

    def send(self, address, body=None, *, method="POST", content="application/json", headers=None, **signing):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.http.generic(method, address, raw, content, headers=headers or self.headers(**signing))

    def push(self, act="update", ppk=None, **changes):
        signing = {name: changes.pop(name) for name in ("at", "secret", "cons_id") if name in changes}
        return self.send(f"{BASE}/{act}/{ppk or self.hospital.code}", BODY | changes, **signing)


@pytest.fixture
def program():
    return Program(f.hospital())


def code(answer):
    return answer.json()["metadata"]["code"]


def count(ward="CLASS_3"):
    return BedCount.objects.get(ward=ward)


class TestAplicares:
    def test_the_body_of_bpjs_is_taken_unchanged(self, program):
        answer = program.push()
        assert (answer.status_code, answer.json()) == (200, {"metadata": {"code": 1, "message": "OK"}})
        found = count()
        assert (found.capacity, found.free, found.for_men, found.for_women) == (20, 6, 2, 4)
        assert (found.source, found.facility, found.reported_by) == (BedSource.API, program.hospital, f.system())

    @pytest.mark.parametrize("content", ["application/json", "Application/x-www-form-urlencoded", "text/plain"])
    def test_the_content_type_does_not_matter(self, program, content):
        answer = program.send(f"{BASE}/create/{program.hospital.code}", BODY, content=content)
        assert code(answer) == 1

    def test_a_hospital_may_keep_the_code_it_has_with_bpjs(self, program):
        assert code(program.push(ppk="0903r001")) == 1

    def test_rooms_of_a_class_add_up_and_a_second_word_replaces_the_first(self, program):
        program.push()
        program.push(koderuang="MLT-2", kapasitas=10, tersedia=1, tersediapria=0, tersediawanita=1)
        assert (count().capacity, count().free) == (30, 7)
        program.push(tersedia=0, tersediapria=0, tersediawanita=0)
        assert (count().capacity, count().free, count().for_women) == (30, 1, 1)

    def test_classes_the_programme_does_not_pay_are_kept_and_counted_nowhere(self, program):
        assert code(program.push(kodekelas="VIP")) == 1
        assert BedRoom.objects.get().bed_class.code == "VIP"
        assert not BedCount.objects.exists()

    def test_a_room_taken_away_counts_no_more(self, program):
        program.push()
        answer = program.send(f"{BASE}/delete/{program.hospital.code}", {"kodekelas": "KL3", "koderuang": "MLT-1"})
        assert code(answer) == 1
        assert (count().capacity, count().free) == (0, 0)
        assert (
            code(program.send(f"{BASE}/delete/{program.hospital.code}", BODY, at=timezone.now() + timedelta(seconds=2)))
            == 404
        )

    def test_rows_are_read_back_page_by_page(self, program):
        for n in range(3):
            program.push(koderuang=f"R{n}")
        answer = program.send(f"{BASE}/read/{program.hospital.code}/2/1", b"", method="GET").json()
        assert answer["metadata"] == {"code": 1, "message": "OK", "totalitems": 3}
        (row,) = answer["response"]["list"]
        assert (row["koderuang"], row["rownumber"], row["namakelas"], row["tersedia"]) == ("R1", 2, "Kelas III", 6)
        assert set(BODY) | {"kodeppk", "rownumber", "lastupdate", "namakelas"} == set(row)

    def test_the_classes_are_a_list_of_ours_to_read(self, program):
        BedClass.objects.create(vocabulary=BedSource.API, code="PER", name="Perinatologi", ward="NICU")
        answer = program.send("/aplicaresws/rest/ref/kelas", b"", method="GET").json()
        assert {"kodekelas": "PER", "namakelas": "Perinatologi"} in answer["response"]["list"]
        program.push(kodekelas="PER")
        assert count("NICU").free == 6

    def test_a_room_nobody_spoke_of_for_a_day_has_no_free_bed(self, program):
        program.push()
        BedRoom.objects.update(reported_at=timezone.now() - timedelta(hours=25))
        program.push(koderuang="MLT-2", kapasitas=10, tersedia=1, tersediapria=0, tersediawanita=1)
        assert (count().capacity, count().free) == (30, 1)

    def test_an_unsplit_room_says_nothing_of_men_and_women(self, program):
        program.push(tersediapria=0, tersediawanita=0)
        assert (count().for_men, count().for_women) == (None, None)

    def test_what_was_typed_at_the_desk_a_moment_later_stays(self, program):
        report(capacity=20, occupied=20, at=timezone.now() + timedelta(seconds=30))
        assert code(program.push()) == 1
        assert count().source == BedSource.MANUAL

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kodekelas": "XYZ"},
            {"kodekelas": None},
            {"koderuang": ""},
            {"namaruang": "a\x00b"},
            {"namaruang": "x" * 101},
            {"kapasitas": "-1"},
            {"kapasitas": "banyak"},
            {"kapasitas": 1.5},
            {"kapasitas": True},
            {"kapasitas": 10_000},
            {"kapasitas": "٣"},
            {"tersedia": 21},
            {"tersedia": None},
            {"tersediapria": 7},
        ],
    )
    def test_what_cannot_be_true_is_refused_and_changes_nothing(self, program, wrong):
        answer = program.push(**wrong)
        assert (answer.status_code, code(answer)) == (400, 400)
        assert not BedRoom.objects.exists()


class TestSiranap:
    def test_its_words_are_understood(self, program):
        assert code(program.send("/siranap/Fasyankes", SIRANAP_BODY)) == 1
        found = count()
        assert (found.capacity, found.occupied, found.cleaning, found.queue, found.free) == (20, 12, 2, 3, 6)
        assert (found.source, found.for_men) == (BedSource.SIRANAP, None)

    def test_put_writes_delete_takes_away_and_get_lists(self, program):
        program.send("/siranap/Fasyankes", SIRANAP_BODY)
        program.send("/siranap/Fasyankes", SIRANAP_BODY | {"terpakai": 15}, method="PUT")
        listed = program.send("/siranap/Fasyankes", b"", method="GET").json()["response"]["list"]
        assert [(row["id_tt"], row["terpakai"]) for row in listed] == [("0005", 15)]
        program.send("/siranap/Fasyankes", {"id_tt": "5", "ruang": "Melati"}, method="DELETE")
        assert count().capacity == 0

    def test_a_hospital_that_speaks_both_is_not_counted_twice(self, program):
        program.push()
        program.send("/siranap/Fasyankes", SIRANAP_BODY)
        assert (count().capacity, count().source) == (20, BedSource.SIRANAP)


class TestSignature:
    def test_a_wrong_secret_is_refused_without_saying_whether_the_cons_id_exists(self, program):
        wrong = program.push(secret="x")
        unknown = program.push(cons_id="1234567890")
        assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
        assert code(wrong) == 401
        assert not BedRoom.objects.exists()

    @pytest.mark.parametrize("missing", ["X-cons-id", "X-timestamp", "X-signature"])
    def test_every_header_is_needed(self, program, missing):
        headers = program.headers()
        del headers[missing]
        assert code(program.send(f"{BASE}/update/{program.hospital.code}", BODY, headers=headers)) == 401

    @pytest.mark.parametrize("minutes", [-6, 6, -60 * 24])
    def test_a_clock_that_is_wrong_is_told_the_time(self, program, minutes):
        answer = program.push(at=timezone.now() + timedelta(minutes=minutes))
        assert code(answer) == 401
        assert str(int(timezone.now().timestamp()))[:8] in answer.json()["metadata"]["message"]

    @pytest.mark.parametrize("stamp", ["", "abc", "-1", "9" * 30, "1e9", "٣"])
    def test_strange_time_stamps_are_refused(self, program, stamp):
        headers = program.headers() | {"X-timestamp": stamp}
        assert code(program.send(f"{BASE}/update/{program.hospital.code}", BODY, headers=headers)) == 401

    def test_a_request_is_taken_once(self, program):
        headers = program.headers()
        address = f"{BASE}/update/{program.hospital.code}"
        assert code(program.send(address, BODY, headers=headers)) == 1
        again = program.send(address, BODY, headers=headers)
        assert (again.status_code, code(again)) == (409, 409)

    def test_one_time_stamp_serves_all_rooms_of_a_round(self, program):
        headers = program.headers()
        for n in range(3):
            answer = program.send(
                f"{BASE}/update/{program.hospital.code}", BODY | {"koderuang": f"R{n}"}, headers=headers
            )
            assert code(answer) == 1

    def test_a_late_message_is_as_old_as_it_says(self, program):
        now = timezone.now()
        program.push(at=now)
        late = program.push(at=now - timedelta(minutes=3), tersedia=20, tersediapria=2)
        assert code(late) == 409
        assert count().free == 6

    def test_a_clock_slightly_ahead_does_not_report_from_the_future(self, program):
        program.push(at=timezone.now() + timedelta(minutes=4))
        assert count().reported_at <= timezone.now()

    def test_another_hospitals_code_is_refused(self, program):
        answer = program.push(ppk=f.hospital(1).code)
        assert (answer.status_code, code(answer)) == (403, 403)
        assert not BedRoom.objects.exists()

    def test_a_new_key_ends_the_old_one(self, program):
        old = program.headers()
        Program(program.hospital)
        assert code(program.send(f"{BASE}/update/{program.hospital.code}", BODY, headers=old)) == 401
        assert BedKey.objects.living().count() == 1

    def test_a_revoked_key_signs_nothing(self, program):
        bed_keys.revoke(key=program.key, actor=f.make_user(Role.SYSTEM_ADMIN), at=timezone.now())
        assert code(program.push()) == 401

    def test_the_database_holds_no_secret(self, program):
        stored = [str(value) for value in BedKey.objects.values().get().values()]
        assert not any(program.secret in value for value in stored)

    def test_secrets_survive_a_change_of_the_servers_key(self, program, settings):
        settings.SECRET_KEY_FALLBACKS = [django_settings.SECRET_KEY]
        settings.SECRET_KEY = "another one"
        assert code(program.push()) == 1
        settings.SECRET_KEY_FALLBACKS = []
        assert code(program.push(koderuang="R2")) == 401

    def test_guessing_secrets_ends_in_429(self, program, time_machine):
        time_machine.move_to(timezone.now(), tick=False)  # within one window
        answers = [program.push(secret=str(n)).status_code for n in range(bed_keys.BAD_SIGNATURES + 1)]
        assert answers[-2:] == [401, 429]
        assert code(program.push()) == 1

    def test_a_program_that_runs_wild_is_slowed_down(self, program, monkeypatch, time_machine):
        time_machine.move_to(timezone.now(), tick=False)
        monkeypatch.setattr(bed_keys, "REQUESTS", 2)
        answers = [program.push(koderuang=f"R{n}") for n in range(3)]
        assert [code(answer) for answer in answers] == [1, 1, 429]
        assert int(answers[-1].headers["Retry-After"]) <= 60

    def test_remembered_requests_are_forgotten_when_their_time_stamp_is_too_old(self, program):
        program.push()
        assert bed_keys.forget(at=timezone.now()) == 0
        assert bed_keys.forget(at=timezone.now() + timedelta(minutes=11)) == 1
        assert not SeenRequest.objects.exists()

    @pytest.mark.parametrize(
        ("method", "address"), [("GET", f"{BASE}/update/x"), ("POST", "/aplicaresws/rest/ref/kelas")]
    )
    def test_another_method_is_told_the_right_one(self, program, method, address):
        assert code(program.send(address, BODY, method=method)) == 405


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


class TestMutants:
    @given(changes=st.dictionaries(st.sampled_from(list(BODY)), VALUES, min_size=1, max_size=4))
    def test_a_mutated_body_is_taken_whole_or_refused_in_the_envelope(self, changes):
        program = Program(f.hospital())
        answer = program.push(**changes)
        assert code(answer) in (1, 400)
        assert answer.status_code in (200, 400)
        for room in BedRoom.objects.all():
            assert 0 <= room.occupied <= room.capacity

    @given(raw=st.binary(max_size=200))
    def test_bytes_that_are_no_room_are_refused_in_the_envelope(self, raw):
        program = Program(f.hospital())
        assert code(program.send(f"{BASE}/update/{program.hospital.code}", raw)) == 400

    @pytest.mark.parametrize(
        "raw", [b"[" * 50_000, b'{"kodekelas": "\\ud800"}', b"null", b"[]", b"9" * 5_000, b"x" * 70_000]
    )
    def test_monsters_are_refused_in_the_envelope(self, program, raw):
        assert code(program.send(f"{BASE}/update/{program.hospital.code}", raw)) in (400, 413)
