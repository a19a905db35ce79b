"""Money never exceeds the line, nothing is paid twice, and the ledger is what arithmetic says (QUALITY.md R2).

    python -m tests.drills.money --steps 10000

1. 64 threads post 50 payments each, on one line and on 20, with ceilings for half of the demand; the same race without the
   guard must overspend, or the drill proves nothing. 2. The stateful model of tests/budget runs ``--steps`` random steps; a
divergence is shrunk and shown.
"""

import argparse
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

AMOUNT = 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--payments", type=int, default=50)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksb.settings.test")
    os.environ.setdefault("KSB_TEST_SUFFIX", "drill-money")
    from ksb import embedded

    embedded.servers(embedded.TEST).start()
    import django

    django.setup()
    from tests.support.database import SuiteDatabase

    database = SuiteDatabase()
    database.create()
    try:
        wrong = sum(race(lines, options.threads, options.payments) for lines in (1, 20))
        wrong += model(options.steps)
        wrong += control(options.threads, options.payments)
    finally:
        from django.db import connection

        connection.close()
        database.drop()
    say("Nothing went wrong." if not wrong else f"{wrong} things went wrong.")
    sys.exit(1 if wrong else 0)


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def race(count, threads, payments):
    """Everybody pays at once from ``count`` lines that bear half of the demand. Returns how many sums do not agree."""
    from django.db import connection
    from django.db.models import Sum

    from budget import ledger
    from budget.enums import LedgerKind as K
    from budget.models import BudgetLine, LedgerEntry
    from tests import factories as f
    from tests.budget.factories import make_line

    half = threads * payments * AMOUNT // 2 // count
    lines = [make_line(half, account=f"5.1.{count}.{n}") for n in range(count)]
    actor = f.system()

    def pay(thread):
        draw, done, repeated = random.Random(thread), 0, 0
        for n in range(payments):
            line = draw.choice(lines)
            key = f"drill:{count}:{thread}:{n}"
            try:
                done += ledger.post(K.REALISE, line, AMOUNT, key=key, actor=actor, at=f.NOW) is not None
                repeated += ledger.post(K.REALISE, line, AMOUNT, key=key, actor=actor, at=f.NOW) is not None
            except ledger.Overspent:
                continue
        connection.close()
        return done, repeated

    started = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(pay, range(threads)))
    took = time.monotonic() - started
    keys = [line.pk for line in lines]
    kept = list(BudgetLine.objects.filter(pk__in=keys))
    entries = LedgerEntry.objects.filter(line__in=keys, kind=K.REALISE).aggregate(sum=Sum("amount"))["sum"] or 0
    over = sum(line.realised > line.ceiling for line in kept)
    twice = sum(repeated for _done, repeated in answers)
    acknowledged = sum(done for done, _repeated in answers) * AMOUNT
    cached = sum(line.realised for line in kept)
    lost = int(not cached == entries == acknowledged)
    say(
        f"{threads} threads x {payments} payments, {count} lines: {over} overspent, {twice} paid twice, cached {cached} = "
        f"entries {entries} = acknowledged {acknowledged}, {threads * payments / took:.0f} attempts/s"
    )
    return over + twice + lost


def control(threads, payments):
    """Positive control: read, compare, write, without a guard. It must overspend."""
    from django.db import connection

    from budget.models import BudgetLine
    from tests.budget.factories import make_line

    line = make_line(threads * payments * AMOUNT // 2, account="5.1.control")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE budget_budgetline DROP CONSTRAINT realised_never_above_the_line")

    def pay(_thread):
        for _n in range(payments):
            seen = BudgetLine.objects.get(pk=line.pk)
            if seen.realised + AMOUNT <= seen.ceiling:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "UPDATE budget_budgetline SET realised = realised + %s WHERE id = %s", [AMOUNT, line.pk]
                    )
        connection.close()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(pay, range(threads)))
    line.refresh_from_db()
    say(f"Without the guard: {(line.realised - line.ceiling) // AMOUNT} payments above the line (must be more than 0)")
    return int(line.realised <= line.ceiling)


def model(steps):
    """Random steps beside the model, until there were ``steps``."""
    from django.utils import translation
    from hypothesis import HealthCheck, settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.budget import machine

    profile = settings(
        max_examples=20, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    with translation.override("id"):
        while machine.RUN["steps"] < steps:
            run_state_machine_as_test(machine.MoneyMachine, settings=profile)
    say(f"Model: {machine.RUN['runs']} runs, {machine.RUN['steps']} steps, 0 divergences")
    return 0


if __name__ == "__main__":
    main()
