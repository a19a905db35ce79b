"""The real ledger, claims and payments beside the model of ``model.py``, driven by Hypothesis in any order."""

import itertools
from collections import Counter

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from budget import documents, ledger, payments, proof
from budget.models import BudgetLine, Payment
from claims.models import Claim
from ksb.core.errors import Refused
from tests import factories as f
from tests.budget import factories as b
from tests.budget.model import TOTALS, Money
from tests.claims import factories as c
from tests.verification import factories as v
from verification.models import Bahv

AMOUNTS = st.integers(200_000, 6_000_000)
CEILINGS = st.integers(0, 30_000_000)
PICK = st.integers(0, 10**6)
_numbers = itertools.count(1)
RUN = Counter()  # how many runs and steps there were, for the drill


class MoneyMachine(RuleBasedStateMachine):
    """One hospital, a line of this year and one of the next that bears debts."""

    def __init__(self):
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        RUN["runs"] += 1

    def teardown(self):
        try:
            assert not list(proof.differences())
        finally:
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    @initialize(now=CEILINGS, later=CEILINGS)
    def begin(self, now, later):
        self.hospital = b.payable(c.hospital())
        made = {"now": b.make_line(now, for_public=False), "later": b.make_line(later, year=2027, for_public=False)}
        self.keys = {name: line.pk for name, line in made.items()}
        self.model = Money(now=now, later=later)
        roles = ("DINKES_CLAIMS", "BUDGET_USER", "TREASURER", "BUD", "DINKES_SERVICES")
        self.people = {role: f.make_user(role) for role in roles}
        self.reader, self.director = v.verifier(), f.make_user("HOSPITAL_DIRECTOR", facility=self.hospital)
        self.resident = f.make_resident()
        self.letters, self.claims, self.bahvs, self.payments = {}, {}, {}, {}

    @rule(estimate=AMOUNTS)
    def issue(self, estimate):
        sjp = c.letter(self.resident, to=self.hospital, estimate=estimate)
        ledger.reserve(sjp, at=f.NOW)
        self.letters[sjp.pk] = sjp
        self.model.issue(sjp.pk, "now", estimate)

    @precondition(lambda self: self.letters)
    @rule(pick=PICK)
    def end(self, pick):
        sjp = self._one(self.letters, pick)
        ledger.release(sjp, actor=None, at=f.NOW)
        self.model.end(sjp.pk)

    @precondition(lambda self: any(sjp not in self.claims for sjp in self.letters))
    @rule(pick=PICK, approved=AMOUNTS)
    def decide(self, pick, approved):
        """A claim of a letter is approved, and its BAHV signed."""
        sjp = self._one({key: one for key, one in self.letters.items() if key not in self.claims}, pick)
        batch = v.submitted(self.hospital, asked=approved, budget=False, sjp=sjp)
        bahv = v.approved_bahv(
            batch=batch, reader=self.reader, director=self.director, dinkes=self.people["DINKES_SERVICES"]
        )
        claim = batch.claims.get()
        self.claims[sjp.pk], self.bahvs[claim.pk] = claim.pk, bahv.pk
        self.model.decide(claim.pk, "now", approved, sjp.pk)

    @precondition(lambda self: any(self.model.claims[claim][2] == "APPROVED" for claim in self.claims.values()))
    @rule(pick=PICK)
    def carry(self, pick):
        open_ones = {c: c for c in self.claims.values() if self.model.claims[c][2] == "APPROVED"}
        key = self._one(open_ones, pick)
        ledger.carry(Claim.objects.filter(pk=key), hospital=self.hospital, year=2027, actor=None, at=f.NOW)
        self.model.carry(key, "later")

    @precondition(lambda self: any(self.model.claims[claim][2] == "APPROVED" for claim in self.claims.values()))
    @rule(pick=PICK, several=st.integers(1, 3))
    def propose(self, pick, several):
        open_ones = [claim for claim in self.claims.values() if self.model.claims[claim][2] == "APPROVED"]
        start = pick % len(open_ones)
        chosen = open_ones[start : start + several]
        number = next(_numbers)
        allowed = self.model.propose(number, chosen)
        payment = self._try(lambda: b.propose([self._bahv(c) for c in chosen], actor=self.people["DINKES_CLAIMS"]))
        assert bool(payment) == allowed
        if payment:
            self.payments[number] = payment.pk

    def _bahv(self, claim):
        return Bahv.objects.select_related("batch__hospital").get(pk=self.bahvs[claim])

    def _running(self):
        return {n: p for n, p in self.payments.items() if self.model.payments[n][1] in ("PROPOSED", "SPP", "SPM")}

    @precondition(lambda self: self._running())
    @rule(pick=PICK)
    def step(self, pick):
        number = self._number(pick)
        document = {"PROPOSED": "spp", "SPP": "spm", "SPM": "sp2d"}[self.model.payments[number][1]]
        role = b.STEPS[document][1]
        allowed = self.model.step(number)
        done = self._try(
            lambda: b.record(
                self._payment(number), document, actor=self.people[role], number=f"{document}/{next(_numbers)}"
            )
        )
        assert bool(done) == allowed

    @precondition(lambda self: self._running())
    @rule(pick=PICK)
    def refuse(self, pick):
        number = self._number(pick)
        state = self.model.payments[number][1]
        role = {"PROPOSED": "TREASURER", "SPP": "BUDGET_USER", "SPM": "BUD"}[state]
        payments.refuse(payment=self._payment(number), reason="Berkas kurang", actor=self.people[role], at=f.NOW)
        self.model.refuse(number)

    def _payment(self, number):
        """As it stands: a refused step leaves the object of its caller ahead of the database."""
        return Payment.objects.get(pk=self.payments[number])

    def _number(self, pick):
        running = self._running()
        return self._one({number: number for number in running}, pick)

    @rule(amount=st.integers(-8_000_000, 8_000_000).filter(bool), shift=st.booleans())
    def revise(self, amount, shift):
        changes = {"now": amount, "later": -amount} if shift else {"now": amount}
        lines = BudgetLine.objects.in_bulk(self.keys.values())
        # Lines of two years share no document; the ledger moves them all the same.
        document = b.document(
            kind="SHIFT" if shift else "DPPA",
            changes={lines[self.keys[name]]: rp for name, rp in changes.items()},
            line=lines[self.keys["now"]],
            actor=self.people["DINKES_CLAIMS"],
        )
        allowed = self.model.revise(**changes)
        done = self._try(lambda: documents.approve(document=document, actor=self.people["BUDGET_USER"], at=f.NOW))
        assert bool(done) == allowed

    @staticmethod
    def _one(choices, pick):
        return choices[sorted(choices)[pick % len(choices)]]

    @staticmethod
    def _try(act):
        """The act's answer, or None when it was refused: then it changed nothing."""
        try:
            with transaction.atomic():
                return act()
        except Refused:
            return None

    @invariant()
    def totals_are_those_of_the_model(self):
        RUN["steps"] += 1
        if not hasattr(self, "model"):
            return
        lines = BudgetLine.objects.in_bulk(self.keys.values())
        kept = {name: {total: getattr(lines[pk], total) for total in TOTALS} for name, pk in self.keys.items()}
        assert kept == self.model.lines
        states = dict(Claim.objects.filter(pk__in=self.claims.values()).values_list("pk", "state"))
        for claim, (_line, _approved, state) in self.model.claims.items():
            assert (states[claim] == "PAID") == (state == "PAID")
