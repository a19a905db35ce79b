"""What is left of contracts: a hospital sees its own, Dinkes all that have a quota. No quota is hidden."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.models import Contract, ContractTerms, Suspension
from facilities.permissions import NETWORK_READERS, OWN_CONTRACT, requires
from referrals import quota


@requires(*OWN_CONTRACT)
@require_safe
def own_contract(request):
    """The agreement of today of the hospital one works at, with what is left of its quota and its days."""
    today, hospital = timezone.localdate(), request.user.facility
    terms = _terms(request, today).filter(contract__facility=hospital).first()
    context = {
        "hospital": hospital,
        "terms": terms,
        "left": quota.left(terms, quota.used([terms], on=today)) if terms else [],
        "days_left": terms and terms.contract.last_day and (terms.contract.last_day - today).days,
        "suspension": Suspension.objects.visible_to(request.user).on(today).filter(facility=hospital).first(),
        "others": Contract.objects.visible_to(request.user).exclude(pk=terms and terms.contract_id).order_by("-valid"),
    }
    return render(request, "referrals/own_contract.html", context)


@requires(*NETWORK_READERS)
@require_safe
def quotas(request):
    """Every contract of today with a quota, and what the letters have used of it."""
    today = timezone.localdate()
    rows = [terms for terms in _terms(request, today).order_by("contract__facility__name") if terms.has_quota]
    used = quota.used(rows, on=today)
    found = [(terms, quota.left(terms, used)) for terms in rows]
    return render(request, "referrals/quotas.html", {"rows": found})


def _terms(request, today):
    rows = ContractTerms.objects.visible_to(request.user).filter(valid__contains=today)
    return rows.select_related("contract__facility")
