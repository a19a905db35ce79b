"""R3: a payment interrupted anywhere is gone on with and paid once. ``make drill-money`` strikes 60 times, the server too."""

import os
import subprocess
import sys

import pytest

from ksb.embedded.home import PROJECT
from tests.support.database import database_url


@pytest.mark.django_db(transaction=True)
def test_R3_a_payment_struck_down_thrice_is_paid_once():
    drill = [sys.executable, "-m", "tests.drills.payments", "--here", "--blows", "3", "--ways", "client,session"]
    done = subprocess.run(
        drill, cwd=PROJECT, env=os.environ | database_url(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 payments struck down, 0 effects lost or doubled" in done.stdout
