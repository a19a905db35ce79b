"""A payment struck down at any point is paid once (QUALITY.md R3).

    python -m tests.drills.payments --blows 60

Each blow falls on a payment of its own, at a random statement or commit of proposal, SPP, SPM, SP2D or the bank's confirmation:
the program dies by SIGKILL, its database session is ended, or the session's process dies by SIGKILL, which takes the whole
server down and through recovery. Then somebody goes on where the payment stands. Each effect must be there once.
"""

import argparse
import contextlib
import logging
import os
import random
import signal
import sys
import time
from collections import Counter

WAYS = ("client", "session", "server")
CLAIMS = 3  # of each payment
PATIENCE = 60  # seconds; a server that fell needs some to recover
AFTER = {"PROPOSED": "spp", "SPP_ISSUED": "spm", "SPM_ISSUED": "sp2d", "SP2D_ISSUED": "bank"}
ACTS = {
    "propose": "payment.propose",
    "spp": "payment.issue_spp",
    "spm": "payment.issue_spm",
    "sp2d": "payment.issue_sp2d",
    "bank": "payment.confirm_bank",
}
# Everything a payment of the BAHV leaves behind, in one row; ``{verbs}`` are those of ACTS.
EFFECTS = """
    SELECT (SELECT count(*) FROM budget_paymentpart WHERE bahv_id = %(bahv)s),
           (SELECT string_agg(p.state || ' ' || p.amount, ',') FROM budget_payment p
              JOIN budget_paymentpart part ON part.payment_id = p.id WHERE part.bahv_id = %(bahv)s AND part.live),
           (SELECT count(*) || ' ' || sum(e.amount) FROM budget_ledgerentry e
              JOIN budget_paymentpart part ON part.payment_id = e.payment_id
             WHERE part.bahv_id = %(bahv)s AND e.kind = 'REALISE'),
           (SELECT count(*) || ' ' || sum(c.approved) FROM verification_bahvclaim v JOIN claims_claim c ON c.id = v.claim_id
             WHERE v.bahv_id = %(bahv)s AND c.state = 'PAID'),
           (SELECT b.state FROM verification_bahv v JOIN claims_claimbatch b ON b.id = v.batch_id WHERE v.id = %(bahv)s),
           (SELECT string_agg(n.verb || ' ' || n.times, ',' ORDER BY n.verb)
              FROM (SELECT j.verb, count(*) AS times FROM core_journalentry j
                      JOIN budget_paymentpart part ON part.payment_id = j.object_id
                     WHERE part.bahv_id = %(bahv)s AND j.object_type = 'budget.payment' GROUP BY j.verb) n),
           (SELECT string_agg(n.kind || ' ' || n.times, ',' ORDER BY n.kind)
              FROM (SELECT o.kind, count(*) AS times FROM core_outboxevent o
                      JOIN budget_paymentpart part ON part.payment_id = o.object_id
                     WHERE part.bahv_id = %(bahv)s AND o.kind LIKE '%%payment%%' GROUP BY o.kind) n)"""


class Office:
    """A hospital with signed BAHVs and the officers who pay them."""

    def __init__(self):
        from tests import factories as f
        from tests.budget import factories as b

        self.hospital = b.payable(f.hospital(public=False))
        self.line = b.make_line(10**12, for_public=False)
        roles = ("DINKES_CLAIMS", "TREASURER", "BUDGET_USER", "BUD")
        self.people = {role: f.make_user(role).pk for role in roles}

    def bahv(self):
        from tests.verification import factories as v

        return v.approved_bahv(self.hospital, claims=CLAIMS, budget=False).pk

    def pay(self, bahv):
        """Every act that is still to be done for the BAHV, from where its payment stands. Yields the name of each before it."""
        from budget.models import Payment
        from tests.budget import factories as b
        from verification.models import Bahv

        payment = Payment.objects.filter(parts__bahv=bahv, parts__live=True).first()
        if payment is None:
            yield "propose"
            found = Bahv.objects.select_related("batch__hospital").get(pk=bahv)
            payment = b.propose([found], actor=self._person("DINKES_CLAIMS"), receipt_number=f"KW/{bahv}")
        while act := AFTER.get(payment.state):
            yield act
            payment = self._step(payment, act)

    def _step(self, payment, act):
        from budget import payments
        from tests import factories as f
        from tests.budget import factories as b

        if act == "bank":
            clerk, paid = self._person("TREASURER"), {"date": f.TODAY, "amount": payment.transfer, "reference": "BJB/1"}
            return payments.confirm_bank(payment=payment, actor=clerk, at=f.NOW, **paid)
        actor = self._person(b.STEPS[act][1])
        return b.record(payment, act, actor=actor, number=f"{act}/{payment.pk}")

    def _person(self, role):
        from facilities.models import User

        return User.objects.get(pk=self.people[role])


class Blow:
    """Counts statements and commits of this process and strikes at one of them, before or after it is done."""

    def __init__(self, way, point):
        self.way, self.point, self.count = way, point, 0

    def __call__(self, execute, *args):
        self._strike()
        answer = execute(*args)
        self._strike()
        return answer

    @contextlib.contextmanager
    def falling(self):
        from django.db import connection

        connection.ensure_connection()
        self.backend, commit = connection.connection.info.backend_pid, connection._commit
        connection._commit = lambda: self(commit)
        with connection.execute_wrapper(self):
            yield
        del connection._commit

    def _strike(self):
        self.count += 1
        if self.count != self.point:
            return
        if self.way == "client":
            os.kill(os.getpid(), signal.SIGKILL)
        os.kill(self.backend, signal.SIGTERM if self.way == "session" else signal.SIGKILL)
        time.sleep(0.02)


def struck(office, bahv, way, point):
    """A program that pays, struck at ``point``. Returns the act it was about, or None when it was over before the blow."""
    from django.db import connections

    connections.close_all()
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _be_struck(office, bahv, Blow(way, point), tell)
    os.close(tell)
    with os.fdopen(told) as said:
        acts = said.read().split()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return acts[-1] if code else None


def _be_struck(office, bahv, blow, tell):
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    try:
        with blow.falling():
            for act in office.pay(bahv):
                os.write(tell, f"{act} ".encode())
    except BaseException:
        os._exit(1)
    os._exit(0)


def patiently(work):
    """What the session of a dead program holds is free in a moment; a server that fell comes back."""
    from django.db import DatabaseError, InterfaceError, connection

    until = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except (DatabaseError, InterfaceError):
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(0.1)


def effects(bahv):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(EFFECTS, {"bahv": bahv})
        return cursor.fetchone()


def run(blows, ways, seed):
    """``blows`` that struck, and the payments gone on with. Returns how many things were wrong; prints each."""
    from budget import proof
    from budget.models import BudgetLine

    draw, ends, wrong = random.Random(seed), Counter(), 0
    office = Office()
    first = office.bahv()
    counted = Blow("none", -1)
    with counted.falling():
        assert list(office.pay(first)) == list(ACTS)
    expected, paid = effects(first), [first]
    while sum(count for (_way, act), count in ends.items() if act) < blows:
        way = ways[sum(ends.values()) % len(ways)]
        bahv, point = patiently(office.bahv), draw.randint(1, counted.count)
        act = struck(office, bahv, way, point)
        patiently(lambda bahv=bahv: list(office.pay(bahv)))
        paid.append(bahv)
        ends[way, act] += 1
        if effects(bahv) != expected:
            wrong += 1
            say(f"{way} at point {point} ({act}): {effects(bahv)} instead of {expected}")
    sums = BudgetLine.objects.get(pk=office.line.pk).realised
    owed = len(paid) * int(expected[1].split()[1])
    wrong += (sums != owed) + len(list(proof.differences()))
    for way in ways:
        acts = ", ".join(f"{act} {ends[way, act]}" for act in ACTS)
        say(f"  {way:8} struck in {acts}; over before the blow {ends[way, None]}")
    say(f"{len(paid)} payments, {counted.count} points each, seed {seed}: realised {sums} of {owed} rupiah")
    say(f"{blows} payments struck down, {wrong} effects lost or doubled")
    return wrong


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blows", type=int, default=60)
    parser.add_argument("--ways", default=",".join(WAYS), help="the suite leaves the server standing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--here", action="store_true", help="in the database of DATABASE_URL, not in one of its own")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksb.settings.test")
    os.environ.setdefault("KSB_TEST_SUFFIX", "drill-payments")
    from ksb import embedded

    if not options.here:
        embedded.servers(embedded.TEST).start()
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from tests.support.database import SuiteDatabase

    database = None if options.here else SuiteDatabase()
    if database:
        database.create()
        _keep_what_is_committed()
    try:
        wrong = run(options.blows, options.ways.split(","), options.seed)
    finally:
        if database:
            patiently(database.drop)
    sys.exit(1 if wrong else 0)


def _keep_what_is_committed():
    """The server of the tests answers before a commit is written; here a commit is one, as in production."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" SET synchronous_commit = on')
    connection.close()


if __name__ == "__main__":
    main()
