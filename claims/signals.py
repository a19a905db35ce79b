"""Patterns over the claims of the last three months that a person should look at (domain.md D7): the night's part.

The thresholds are those of the rule in force. Nothing is refused by a signal and no hospital sees it.
"""

from string import Template

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from claims.models import FraudSignal
from claims.rules import settings
from claims.rules.catalogue import BY_CODE
from claims.signal_patterns import CLAIMS, DAYS, STATEMENTS
from claims.workflow import FRAUD_SIGNAL
from ksb.core.errors import Refused

# A signal that was not proven is looked at again when it is seen in other claims; what is being investigated goes on.
_STORE = """
    INSERT INTO claims_fraudsignal AS s (
        public_id, rule, key, state, hospital_id, score, facts, claims, first_on, last_on, noticed_on, note)
    SELECT gen_random_uuid(), %(rule)s, key, 'NOTICED', hospital_id, greatest(score, 0), facts, coalesce(claims, '{}'), first_on,
           last_on, %(on)s, ''
      FROM ({found}) AS found (key, hospital_id, score, facts, claims, first_on, last_on)
        ON CONFLICT (rule, key) DO UPDATE
       SET score = excluded.score, facts = excluded.facts, claims = excluded.claims, first_on = excluded.first_on,
           last_on = excluded.last_on,
           state = CASE WHEN s.state = 'NOT_PROVEN' AND NOT excluded.claims <@ s.claims THEN 'NOTICED' ELSE s.state END
     WHERE s.state NOT IN ('PROVEN', 'CLOSED')
       AND (s.score, s.facts, s.claims) IS DISTINCT FROM (excluded.score, excluded.facts, excluded.claims)"""


def refresh(*, on):
    """Look for every pattern of this floor as of the day ``on``. Returns how many signals are new or changed, by rule."""
    known = settings.versions()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIMS, {"on": on, "days": DAYS})
        return {rule: store(rule, found, on=on, known=known) for rule, found in STATEMENTS.items()}


def store(rule, found, *, on, known=None):
    """Keep what the SELECT ``found`` finds as signals of ``rule``, unless it is switched off. Returns how many changed."""
    known = settings.versions() if known is None else known
    version = settings.version_on(BY_CODE[rule], on, known.get(rule, []))
    if not version.active:
        return 0
    statement = Template(found).safe_substitute({name: int(number) for name, number in version.thresholds.items()})
    with connection.cursor() as cursor:
        cursor.execute(_STORE.replace("{found}", statement), {"rule": rule, "on": on, "days": DAYS})
        return cursor.rowcount


def judge(*, signal, move, note, actor, at):
    """Take ``signal`` along ``move`` of its workflow. What says something about people or hospitals needs a note."""
    if FRAUD_SIGNAL[move].act and not note.strip():
        raise Refused(_("Write down what was found out."))
    update = {"note": note.strip()} if note.strip() else {}
    return FRAUD_SIGNAL.apply(signal, move, actor=actor, at=at, update=update)


def hit_rates():
    """``{rule: (all, judged, proven)}``: how often people found a pattern to be right. One query."""
    rows = (
        FraudSignal.objects.order_by()
        .values("rule")
        .annotate(
            seen=Count("pk"),
            judged=Count("pk", filter=Q(state__in=["NOT_PROVEN", "PROVEN", "CLOSED"])),
            proven=Count("pk", filter=Q(state__in=["PROVEN", "CLOSED"])),
        )
    )
    return {row["rule"]: (row["seen"], row["judged"], row["proven"]) for row in rows}
