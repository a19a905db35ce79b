"""``intake_claims``: the fixed interface for machines and the operator."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from claims.models import ClaimBatch
from tests.claims import factories as c

pytestmark = pytest.mark.django_db


def run(tmp_path, content, *options, facility=None):
    """Exit code and output of the command."""
    file = tmp_path / "eklaim.txt"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = io.StringIO()
    code = 0
    try:
        call_command("intake_claims", file, "--facility", facility or c.hospital().code, *options, stdout=out)
    except SystemExit as end:
        code = end.code
    except CommandError as error:
        return error.returncode, str(error)
    return code, out.getvalue()


@pytest.fixture(autouse=True)
def _on_time(monkeypatch):
    monkeypatch.setattr("claims.management.commands.intake_claims.timezone.now", lambda: c.AT)


def test_a_sound_file_is_taken_and_exits_0(tmp_path):
    code, out = run(tmp_path, c.text([c.row(c.letter())]), "--json")
    batch = ClaimBatch.objects.get()
    answer = json.loads(out)
    assert code == 0
    assert {key: answer[key] for key in ("batch", "rows", "accepted", "refused")} == {
        "batch": batch.number,
        "rows": 1,
        "accepted": 1,
        "refused": 0,
    }
    assert answer["lines"] == [
        {
            "line": 2,
            "sep": batch.claims.get().reference,
            "status": "ACCEPTED",
            "state": "READY",
            "findings": [],
        }
    ]


def test_refused_rows_exit_1_and_name_rule_severity_and_message(tmp_path):
    rows = [c.row(c.letter()), c.row(c.letter(), SEX="x"), c.row(c.letter(), KELAS_RAWAT="1")]
    code, out = run(tmp_path, c.text(rows), "--json")
    answer = json.loads(out)
    assert (code, answer["accepted"], answer["refused"]) == (1, 1, 2)
    found = {line["line"]: [(f["rule"], f["severity"]) for f in line["findings"]] for line in answer["lines"]}
    assert found == {2: [], 3: [("ADM-01", "R")], 4: [("CTR-02", "R")]}
    assert all(f["message_id"] and f["message_en"] for line in answer["lines"] for f in line["findings"])


def test_a_remark_alone_exits_0(tmp_path):
    code, _out = run(tmp_path, c.text([c.row(c.letter(), SEX="2")]))
    assert code == 0


def test_a_dry_run_stores_nothing(tmp_path):
    code, out = run(tmp_path, c.text([c.row(c.letter())]), "--dry-run", "--json")
    assert (code, json.loads(out)["batch"], json.loads(out)["accepted"]) == (0, None, 1)
    assert not ClaimBatch.objects.exists()


def test_a_refused_file_exits_1_with_its_sentence(tmp_path):
    code, out = run(tmp_path, b"PK\x03\x04", "--json")
    assert (code, json.loads(out)["rows"]) == (1, 0)
    assert json.loads(out)["refusal"]
    code, out = run(tmp_path, c.text([c.row(c.letter(), KODE_RS="3275999")]), "--json")
    answer = json.loads(out)
    assert (code, answer["refused"], answer["lines"][0]["findings"][0]["rule"]) == (1, 1, "HOS-01")


def test_the_summary_for_people_counts_by_rule(tmp_path):
    code, out = run(tmp_path, c.text([c.row(c.letter()), c.row(c.letter(), SEX="x")]))
    assert code == 1
    assert "2 rows, 1 accepted, 1 refused" in out
    assert "ADM-01 1" in out


def test_wrong_use_exits_2(tmp_path):
    assert run(tmp_path, b"x", facility="0000000")[0] == 2
    with pytest.raises(CommandError) as error:
        call_command("intake_claims", tmp_path / "missing.txt", "--facility", c.hospital().code)
    assert error.value.returncode == 2


def test_the_code_of_the_hospital_may_lack_its_leading_zeros(tmp_path):
    code, out = run(tmp_path, c.text([c.row(c.letter())]), facility="0" + c.hospital().code)
    assert (code, "1 accepted" in out) == (0, True)
