"""A demonstration that was started days ago is brought up to date, or nobody's cover could be verified."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from ksb.demo import loading
from participants.dukcapil import sync
from participants.enums import SyncKind
from participants.models import SyncRun
from tests import factories as f


@pytest.mark.django_db
def test_the_registry_of_today_follows_from_the_kept_one(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    folder = tmp_path / "city" / f"300-1-{f.TODAY:%Y%m%d}"
    call_command("make_city", residents=300, seed=1, out=folder, on=f.TODAY, verbosity=0)
    first = min(folder.glob("registry-*.csv"))
    sync.run(path=first, actor=None, at=timezone.now())
    for later in sorted(folder.glob("registry-*.csv"))[1:]:
        later.unlink()
        later.with_name(f"{later.name}.json").unlink()
    said = []
    loading._bring_up_to_date(folder, f.TODAY, said.append)
    run = SyncRun.objects.last_applied(SyncKind.REGISTRY)
    assert (run.snapshot_date, run.counters["changed"]) == (f.TODAY, 1)
    loading._bring_up_to_date(folder, f.TODAY, said.append)
    assert len(said) == 1
