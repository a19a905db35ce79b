"""How many SQL statements a page or service takes, whatever the number of rows. A change of a figure is a decision.

def test_page(query_count):
    with query_count("facilities.home"):
        client.get(...)
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

# name -> statements, savepoints not counted; a page with a header counts the reader's new notices, which is one of them
QUERY_COUNTS = {
    "api.eligibility": 1,
    "claims.batch": 15,
    "claims.batches": 7,  # one of them: how many claims of the batches shown lack papers
    "reports.hospital_money": 12,
    "claims.claim": 11,
    "claims.scans": 8,
    "claims.submit": 29,
    "claims.take_in": 36,
    "claims.unclaimed": 6,
    "facilities.facilities": 8,
    "participants.evaluate": 1,
    "participants.family_view": 1,
    "participants.look_up": 1,
    "participants.online_services": 6,
    "participants.reevaluate": 7,  # lock, ids, sweep of a part in a transaction with its plan, journal, unlock
    "participants.run_events": 8,
    "participants.run_quarantine": 7,
    "participants.sync_jkn": 48,
    "participants.sync_registry": 77,
    "participants.sync_run": 6,
    "participants.sync_runs": 8,
    "participants.tickets": 6,
    "referrals.quotas": 6,
    "verification.claim": 18,
    "verification.decide": 20,  # of a letter with its reservation, on to the next claim
}


class _Counted(CaptureQueriesContext):
    def __init__(self, name):
        super().__init__(connection)
        self.expected = QUERY_COUNTS[name]
        self.name = name

    def __exit__(self, *error):
        super().__exit__(*error)
        if error[0] is not None:
            return
        seen = [query["sql"] for query in self.captured_queries if "SAVEPOINT" not in query["sql"]]
        assert len(seen) == self.expected, (
            f"{self.name}: {len(seen)} statements instead of {self.expected}\n" + "\n".join(sql[:300] for sql in seen)
        )


@pytest.fixture
def query_count():
    """``with query_count(name):`` asserts the figure of QUERY_COUNTS."""
    return _Counted
