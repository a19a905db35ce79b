"""The night: its steps in order, each told, none lost because another failed, once a day."""

import datetime
import json

import pytest
from django.conf import settings
from django.core.management import call_command

from ksb.core.errors import Refused, WrongState
from ksb.core.models import Job
from participants.eligibility import city
from participants.models import CoverageStatus, Resident
from reports import night
from reports.models import DailyFigure
from reports.tasks import night as task
from tests.factories import NOW, TODAY, fresh_sources
from tests.participants.snapshots import family, people, write

pytestmark = pytest.mark.django_db
STEPS = [step.name for step in night.STEPS]


def run(**how):
    return night.run_night(day=TODAY, at=NOW, **how)


def test_new_people_are_in_the_registry_judged_and_counted_after_the_night():
    write(settings.INBOX_DIR, [*family(3), *people(2)], manifest=True)
    job = run()
    assert (job.state, job.error, list(job.result)) == (Job.State.DONE, "", STEPS)
    assert job.result["registry"]["files"][0]["counters"]["added"] == 5
    assert CoverageStatus.objects.count() == Resident.objects.count() == 5
    assert DailyFigure.objects.get(day=TODAY, measure="residents", key="").value == 5
    assert not any(len(word) == 16 for word in json.dumps(job.result).replace('"', " ").split() if word.isdigit())


def test_a_night_without_files_is_a_good_night():
    fresh_sources()
    assert run().state == Job.State.DONE


def test_a_step_that_fails_is_told_and_keeps_no_other_from_running(monkeypatch):
    def broken(**how):
        raise ZeroDivisionError

    monkeypatch.setattr("participants.inbox.take_jkn", broken)
    write(settings.INBOX_DIR, people(2), manifest=True)
    job = run()
    assert (job.state, job.error) == (Job.State.FAILED, "jkn: ZeroDivisionError")
    assert [name for name in STEPS if job.result[name]["state"] == "ok"] == [name for name in STEPS if name != "jkn"]
    assert CoverageStatus.objects.count() == 2


def test_a_refused_file_is_a_failure_with_its_sentence():
    write(settings.INBOX_DIR, people(2), manifest={"rows": 9})
    job = run()
    assert job.state == Job.State.FAILED
    assert "9" in job.error
    assert job.result["coverage"]["state"] == "ok"


def test_a_refusal_of_a_step_is_told_in_its_own_words(monkeypatch):
    def refuse(**how):
        raise Refused("Sedang dipakai.")

    monkeypatch.setattr(city, "reevaluate", refuse)
    assert run().error == "coverage: Sedang dipakai."


def test_a_night_that_is_done_is_not_repeated_unless_asked(monkeypatch):
    fresh_sources()
    done = run()
    monkeypatch.setattr(night, "_take", lambda *args: pytest.fail("a step ran again"))
    assert run().finished == done.finished
    with pytest.raises(pytest.fail.Exception):
        run(again=True)


def test_a_night_that_was_interrupted_goes_on_where_it_stopped(monkeypatch):
    Job.objects.create(name="night", day=TODAY, result={name: {"state": "ok"} for name in STEPS[:3]})
    ran = []
    take = night._take
    monkeypatch.setattr(night, "_take", lambda step, *args: ran.append(step.name) or take(step, *args))
    assert (run().state, ran) == (Job.State.DONE, STEPS[3:])


def test_a_step_that_failed_is_tried_again_by_the_next_call():
    failed = {name: {"state": "ok"} for name in STEPS} | {"coverage": {"state": "failed", "error": "x"}}
    Job.objects.create(name="night", day=TODAY, state=Job.State.FAILED, result=failed)
    job = run()
    assert (job.state, job.result["coverage"]["state"]) == (Job.State.DONE, "ok")


def test_the_next_day_is_another_night():
    fresh_sources()
    assert run().pk != night.run_night(day=TODAY + datetime.timedelta(days=1), at=NOW).pk


def test_one_night_at_a_time(elsewhere):
    with elsewhere("reports.night"), pytest.raises(WrongState):
        run()


def test_the_broker_may_deliver_the_call_again_while_the_night_is_running(elsewhere):
    with elsewhere("reports.night"):
        task()
    assert not Job.objects.exists()


def test_the_command_runs_the_night_now_and_again(capsys):
    fresh_sources()
    for _time in range(2):
        call_command("nightly", "--day", TODAY.isoformat(), "--json")
        told = json.loads(capsys.readouterr().out)
        assert (told["state"], list(told["steps"])) == ("DONE", STEPS)


def test_the_command_ends_with_1_when_a_step_failed():
    write(settings.INBOX_DIR, ["x"], header="NIK", manifest=True)
    with pytest.raises(SystemExit) as caught:
        call_command("nightly", verbosity=0)
    assert caught.value.code == 1
