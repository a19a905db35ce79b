"""What newly learned JKN membership does to letters (domain.md B7 step 5).

An unused letter is flagged for the Puskesmas and the hospital; a letter in use is honoured to the end (good faith, B9).
"""

from django.db import connection, transaction
from django.utils import timezone

from ksb.core import journal
from ksb.core.outbox import handles
from ksb.core.workflow import system_user
from participants.enums import CoverageSource, Decision
from participants.jkn.sync import LEARNED
from referrals.enums import SjpState
from referrals.models import Sjp

# Of the few unused letters, by the index of intervals of a person; the child's letters follow its own membership.
_NOW_INSURED = f"""
    EXISTS (SELECT FROM participants_othercoverage o
             WHERE o.resident_id = s.resident_id AND o.source <> '{CoverageSource.DECLARED}' AND o.status = 0
               AND o.known_to IS NULL AND o.known_from > s.issued_at AND o.valid_from <= %(on)s
               AND (o.valid_to IS NULL OR o.valid_to >= %(on)s))
"""
_UNUSED = f"s.state = '{SjpState.ISSUED}' AND s.decision->>'decision' <> '{Decision.COVERED_COMPLEMENTARY}'"
_FLAG = f"""
    UPDATE referrals_sjp s SET flagged_at = %(at)s, flagged_by_id = %(by)s
     WHERE {_UNUSED} AND s.flagged_at IS NULL AND {_NOW_INSURED}
       AND (s.newborn_id IS NULL OR s.resident_id = (SELECT n.resident_id FROM participants_newborn n
                                                      WHERE n.id = s.newborn_id))
    RETURNING s.id"""
_CLEAR = f"""
    UPDATE referrals_sjp s SET flagged_at = NULL, flagged_by_id = NULL
     WHERE {_UNUSED} AND s.flagged_at IS NOT NULL AND NOT {_NOW_INSURED}
    RETURNING s.id"""


def flag_letters(*, at):
    """Flag unused letters of people whose JKN is known since they were issued; clear flags whose ground is gone.

    Two statements for the whole city. Returns ``{"flagged": n, "cleared": n}``.
    """
    values = {"on": timezone.localdate(at), "at": at, "by": system_user().pk}
    done = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for name, statement, verb in (("flagged", _FLAG, "sjp.flag"), ("cleared", _CLEAR, "sjp.clear_flag")):
            cursor.execute(statement, values)
            letters = [Sjp(pk=pk) for (pk,) in cursor.fetchall()]
            journal.record_many(verb, letters, actor=None)
            done[name] = len(letters)
    return done


@handles(LEARNED)
def look_again(event):
    """A list was applied, or a reviewer named a person."""
    flag_letters(at=timezone.now())
