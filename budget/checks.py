"""What must be in order before a hospital is paid: each with its sentence and the desk that mends it (domain.md B20 step 1)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from budget import bahvs as minutes
from budget import ledger
from facilities.enums import AccountState, Role
from facilities.models import AccountChange


@dataclass(frozen=True)
class Check:
    """One question, whether it is answered well, and who mends it where not."""

    code: str
    is_met: bool
    message: str
    mended_by: str = ""

    @property
    def sentiment(self):
        return "ok" if self.is_met else "bad"

    @property
    def source(self):
        return "" if self.is_met else self.mended_by


def contract_of(hospital, on):
    """The contract whose account is paid: the one in force, else the last one, or None."""
    contracts = hospital.contracts.order_by("-valid")
    return contracts.filter(valid__contains=on).first() or contracts.first()


def checks(hospital, bahvs, *, on):
    """The checks of a proposal for ``bahvs`` of ``hospital`` on a day, in the order of the file."""
    contract = contract_of(hospital, on)
    services = Role.DINKES_SERVICES.label
    return [
        _contracts(hospital, bahvs, services),
        Check(
            "account",
            bool(contract and contract.bank_account),
            _("A bank account of the hospital is known."),
            services,
        ),
        Check(
            "two_people",
            bool(contract) and _approved_by_two(contract),
            _("The bank account was entered by one person and approved by another."),
            services,
        ),
        Check("npwp", bool(contract and contract.tax_number), _("The hospital's NPWP is known."), services),
        Check(
            "signer",
            all(bahv.hospital_signed_by_id != bahv.batch.submitted_by_id for bahv in bahvs),
            _("The BAHV was signed for the hospital by another person than who handed the claims in."),
            Role.HOSPITAL_DIRECTOR.label,
        ),
        _agreement(bahvs),
    ]


def _contracts(hospital, bahvs, mended_by):
    months = {bahv.batch.service_month for bahv in bahvs}
    covered = {m for m in months if hospital.contracts.filter(valid__contains=m).exists()}
    return Check("contract", covered == months, _("A contract was in force in the months of service."), mended_by)


def _approved_by_two(contract):
    """An approved change holds this very account. A contract that follows another may go on with its account."""
    return AccountChange.objects.filter(
        contract__facility=contract.facility_id,
        state=AccountState.APPROVED,
        bank_name=contract.bank_name,
        bank_account=contract.bank_account,
        bank_holder=contract.bank_holder,
    ).exists()


def _agreement(bahvs):
    agreed = all(sum(breakdown(bahv).values()) == minutes.amount_of(bahv) for bahv in bahvs)
    return Check(
        "agreement",
        agreed,
        _("What the BAHV approves is what the ledger has committed for its claims."),
        Role.AUDITOR.label,
    )


def breakdown(bahv):
    """What the ledger has committed for the claims of a BAHV: ``{line key: rupiah}``."""
    sums = {}
    for own in ledger.commitments(minutes.claims_of(bahv).order_by().values("pk")).values():
        for line, amount in own.items():
            sums[line] = sums.get(line, 0) + amount
    return sums
