"""Agreements with hospitals: signed, changed by addenda, ended early, and who must know that one ends soon (domain.md B25)."""

import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Contract, ContractTerms, EndWarning, Facility
from facilities.permissions import KEEPERS, check
from facilities.querysets import ENDS_SOON
from ksb.core import formats, journal, outbox
from ksb.core.errors import Refused, WrongState
from ksb.core.integrity import refusing

WARN_DAYS = (ENDS_SOON, 60, 30)  # before the last day
ONE_DAY = datetime.timedelta(days=1)
ACCOUNT = ("bank_name", "bank_account", "bank_holder", "tax_number")


def sign(*, facility, number, first, last, paper, terms, actor):
    """Enter a new agreement in force from ``first`` to ``last``, both included. Returns the Contract.

    ``paper`` are signed_on, signed_by_dinkes and signed_by_facility; ``terms`` services, tariff_annex and the quotas. The
    account of the hospital's contract before goes on; a first one is entered by ``facilities.accounts``.
    Raises Refused when the number is taken or another contract is in force in that period.
    """
    check(actor, KEEPERS)
    taken = {
        "one_contract_per_facility_at_a_time": _("Another contract of this facility is in force in this period."),
        "facilities_contract_number_key": _("A contract with this number is entered already."),
    }
    with transaction.atomic(), refusing(taken):
        facility = Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
        valid = DateRange(first, last + ONE_DAY)
        before = facility.contracts.exclude(bank_account="").order_by("-valid").first()
        account = {name: getattr(before, name) for name in ACCOUNT} if before else {}
        contract = Contract.objects.create(
            facility=facility, number=number, valid=valid, created_by=actor, **paper, **account
        )
        ContractTerms.objects.create(
            contract=contract, valid=valid, signed_on=paper.get("signed_on"), created_by=actor, **terms
        )
        journal.record(
            "contract.sign",
            facility,
            actor=actor,
            **{"contract": number, "first": str(first), "last": str(last)},
            **_told(terms),
        )
    return contract


def amend(*, contract, number, signed_on, summary, starts, last, terms, actor):
    """An addendum: from the day ``starts`` these ``terms`` hold, until ``last``, the last day of the agreement from now on.

    Returns the ContractTerms. Raises Refused when ``starts`` is outside the agreement or not after the addendum before, when
    the number is taken, or when the new end meets another contract.
    """
    check(actor, KEEPERS)
    taken = {
        "one_addendum_of_a_number": _("This contract has an addendum of this number already."),
        "one_contract_per_facility_at_a_time": _("Another contract of this facility is in force in this period."),
    }
    with transaction.atomic(), refusing(taken):
        contract = Contract.objects.select_for_update(of=("self",)).select_related("facility").get(pk=contract.pk)
        latest = contract.terms.order_by("-valid").first()
        _check_addendum(contract, latest, starts, last)
        latest.valid = DateRange(latest.valid.lower, starts)
        latest.save(update_fields=["valid"])
        contract.valid = DateRange(contract.valid.lower, last + ONE_DAY)
        contract.save(update_fields=["valid"])
        added = ContractTerms.objects.create(
            contract=contract,
            addendum=number,
            signed_on=signed_on,
            summary=summary,
            valid=DateRange(starts, last + ONE_DAY),
            created_by=actor,
            **terms,
        )
        journal.record(
            "contract.amend",
            contract.facility,
            actor=actor,
            **{
                "contract": contract.number,
                "addendum": number,
                "starts": str(starts),
                "last": str(last),
                "summary": summary,
            },
            **_told(terms),
        )
    return added


def _check_addendum(contract, latest, starts, last):
    if contract.ended_at:
        raise WrongState(_("This contract was ended early. Enter a new one."))
    if starts <= latest.valid.lower:
        raise Refused(
            _("The terms of %(day)s are entered already. The addendum holds from a later day.")
            % {"day": formats.day(latest.valid.lower)},
            code="starts",
        )
    if contract.valid.upper and starts > contract.valid.upper:
        raise Refused(
            _("The agreement ends on %(day)s. An addendum begins the day after at the latest.")
            % {"day": formats.day(contract.last_day)},
            code="starts",
        )
    if last < starts:
        raise Refused(_("The last day lies before the first."), code="last")


def _told(terms):
    """The terms as the journal keeps them."""
    return {name: value for name, value in terms.items() if value not in (None, "", False)}


def end(*, contract, last, reason, actor, at):
    """The agreement ends early, with the day ``last``, today at the earliest. Terms of later days fall away."""
    check(actor, KEEPERS)
    with transaction.atomic():
        contract = Contract.objects.select_for_update(of=("self",)).select_related("facility").get(pk=contract.pk)
        if contract.ended_at or (contract.valid.upper and contract.valid.upper <= timezone.localdate(at)):
            raise WrongState(_("This contract has ended already."))
        if last < max(timezone.localdate(at), contract.valid.lower):
            raise Refused(_("Letters of days that are over stay valid. Choose today or a later day."), code="last")
        if contract.valid.upper and last >= contract.valid.upper - ONE_DAY:
            raise Refused(
                _("The agreement ends on %(day)s anyway.") % {"day": formats.day(contract.last_day)}, code="last"
            )
        contract.terms.filter(valid__startswith__gt=last).delete()
        running = contract.terms.get(valid__contains=last)
        running.valid = DateRange(running.valid.lower, last + ONE_DAY)
        running.save(update_fields=["valid"])
        contract.valid = DateRange(contract.valid.lower, last + ONE_DAY)
        contract.end_reason, contract.ended_at, contract.ended_by = reason.strip(), at, actor
        contract.save(update_fields=["valid", "end_reason", "ended_at", "ended_by"])
        journal.record(
            "contract.end",
            contract.facility,
            actor=actor,
            contract=contract.number,
            last=str(last),
            reason=reason.strip(),
        )
    return contract


def ending(*, on):
    """Agreements that end within 90 days of the day ``on`` and have no successor, the soonest first.

    Each with ``days_left``: 0 on its last day.
    """
    found = list(Contract.objects.ending(on).select_related("facility").order_by("valid__endswith", "facility__name"))
    for contract in found:
        contract.days_left = (contract.last_day - on).days
    return found


def warn(*, on):
    """Tell upwards (``contract.ending`` with last day and days left) which agreements passed a threshold of WARN_DAYS.

    Once per agreement, last day and threshold, however often it runs; an agreement entered late is told at its nearest one.
    Returns how many were told.
    """
    with transaction.atomic():
        due = {(found.pk, found.last_day, _threshold(found)): found for found in ending(on=on)}
        told = EndWarning.objects.filter(contract__in={pk for pk, _last, _days in due})
        for key in set(due) & set(told.values_list("contract", "ends", "days")):
            del due[key]
        EndWarning.objects.bulk_create(
            EndWarning(contract_id=pk, ends=last, days=days, told_on=on) for pk, last, days in due
        )
        for (_pk, last, _days), found in due.items():
            outbox.emit(
                "contract.ending",
                found,
                **{"facility": found.facility_id, "ends": last.isoformat(), "days_left": found.days_left},
            )
    return len(due)


def _threshold(contract):
    return min(days for days in WARN_DAYS if contract.days_left <= days)
