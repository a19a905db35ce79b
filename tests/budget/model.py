"""The budget as plain Python: what the ledger, the payments and the claims must be after any order of acts. Whole rupiah."""

from collections import Counter

TOTALS = ("ceiling", "reserved", "committed", "realised")


class Money:
    """Lines are names. Every act answers whether it is allowed, and changes nothing when it is not."""

    def __init__(self, **ceilings):
        self.lines = {name: dict.fromkeys(TOTALS, 0) | {"ceiling": amount} for name, amount in ceilings.items()}
        self.letters = {}  # number: (line, estimate), while it reserves
        self.claims = {}  # number: [line, approved, state]
        self.payments = {}  # number: [claims, state]

    def issue(self, letter, line, estimate):
        self.letters[letter] = (line, estimate)
        self.lines[line]["reserved"] += estimate

    def end(self, letter):
        line, estimate = self.letters.pop(letter, (None, 0))
        if line:
            self.lines[line]["reserved"] -= estimate

    def decide(self, claim, line, approved, letter):
        self.end(letter)
        if claim in self.claims:
            line, before, _state = self.claims[claim]
        else:
            before = 0
        self.lines[line]["committed"] += approved - before
        self.claims[claim] = [line, approved, "APPROVED"]

    def carry(self, claim, line):
        old, approved, _state = self.claims[claim]
        self.lines[old]["committed"] -= approved
        self.lines[line]["committed"] += approved
        self.claims[claim][0] = line

    def propose(self, payment, claims):
        wanted = self._by_line(claims)
        for line, amount in wanted.items():
            waiting = sum(
                self._by_line(own)[line] for own, state in self.payments.values() if state in ("PROPOSED", "SPP", "SPM")
            )
            if amount > self.lines[line]["ceiling"] - self.lines[line]["realised"] - waiting:
                return False
        for claim in claims:
            self.claims[claim][2] = "PROPOSED"
        self.payments[payment] = [claims, "PROPOSED"]
        return True

    def _by_line(self, claims):
        found = Counter()
        for claim in claims:
            found[self.claims[claim][0]] += self.claims[claim][1]
        return found

    def step(self, payment):
        claims, state = self.payments[payment]
        after = {"PROPOSED": "SPP", "SPP": "SPM", "SPM": "SP2D"}[state]
        if after == "SP2D":
            wanted = self._by_line(claims)
            if any(self.lines[x]["realised"] + rp > self.lines[x]["ceiling"] for x, rp in wanted.items()):
                return False
            for line, amount in wanted.items():
                self.lines[line]["realised"] += amount
            for claim in claims:
                self.claims[claim][2] = "PAID"
        self.payments[payment][1] = after
        return True

    def refuse(self, payment):
        self.payments[payment][1] = "REFUSED"
        for claim in self.payments[payment][0]:
            self.claims[claim][2] = "APPROVED"

    def revise(self, **changes):
        for line, amount in changes.items():
            if self.lines[line]["ceiling"] + amount < self.lines[line]["realised"]:
                return False
        for line, amount in changes.items():
            self.lines[line]["ceiling"] += amount
        return True
