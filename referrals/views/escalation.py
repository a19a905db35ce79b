"""The duty officer's desk: cases that found no hospital, what each hospital answered, and what was found in the end."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from ksb.core.scheme import Parameters, scheme_on
from referrals import cases, drafts, routing
from referrals import escalation as desk
from referrals.enums import EscalationState, ReferralState
from referrals.escalation_forms import SettleForm, UnmetForm, WithdrawForm
from referrals.models import Escalation
from referrals.permissions import ESCALATION_READERS, ISSUERS, SERVICES
from referrals.views.rerouting import start_again
from referrals.workflow import ESCALATION


def _case_or_404(request, escalation_id):
    own = Escalation.objects.visible_to(request.user).with_names()
    return get_object_or_404(own.select_related("resident__household", "puskesmas__kecamatan"), public_id=escalation_id)


@requires(*ESCALATION_READERS)
@require_safe
def escalations(request):
    """What waits for an officer, the oldest first; below, what became of the others."""
    now = timezone.now()
    visible = Escalation.objects.visible_to(request.user).with_names()
    ended = visible.exclude(state__in=Escalation.RUNNING)
    context = {
        "running": visible.running().order_by("opened_at", "pk")[:SHOWN],
        "page": keyset_page(ended, request.GET, keys=("-pk",)),
        "figures": desk.figures(visible, month=timezone.localdate(now).replace(day=1)),
    }
    return render(request, "referrals/escalations.html", context)


SHOWN = 100


@requires(*ESCALATION_READERS)
@require_safe
def escalation(request, escalation_id):
    """The case: who, what was found, what each hospital answered, and the hospitals by rule with their beds."""
    case = _case_or_404(request, escalation_id)
    journal.record("escalation.read", case, actor=request.user)
    return _page(request, case)


def _page(request, case, *, bound=None, status=200):
    """The page of a case; ``bound`` is the form that was sent and has errors."""
    moves = {move.name for move in ESCALATION.allowed(case, request.user)}
    mine = case.taken_by_id == request.user.pk
    found = _routing_list(case) if case.state in Escalation.RUNNING else []
    forms = {"settle": SettleForm(found=found), "give_up": UnmetForm(), "withdraw": WithdrawForm()} | (bound or {})
    context = {
        "case": case,
        "letters": desk.letters_of(case),
        "moves": moves,
        "mine": mine,
        "forms": forms,
        "found": found,
        "may_write": case.state == EscalationState.SETTLED and request.user.has_role(*ISSUERS) and _needs_letter(case),
    }
    return render(request, "referrals/escalation.html", context, status=status)


def _routing_list(case):
    now = timezone.now()
    scheme = scheme_on(timezone.localdate(now))
    return routing.options(
        specialty=case.specialty,
        service=case.service,
        ward=case.ward,
        puskesmas=case.puskesmas,
        on=timezone.localdate(now),
        at=now,
        parameters=scheme.parameters if scheme else Parameters(),
    )


def _needs_letter(case):
    """Whether no letter to the hospital found exists yet."""
    if case.referral and case.referral.issuing_hospital_id:
        return False  # the hospital that has the patient writes the letter
    return not any(
        letter.hospital_id == case.hospital_id and letter.state in cases.GOING_ON for letter in desk.letters_of(case)
    )


# The officer's acts


@requires(*SERVICES)
@require_POST
def take(request, escalation_id):
    return _done(desk.take(escalation=_case_or_404(request, escalation_id), actor=request.user, at=timezone.now()))


@requires(*SERVICES)
@require_POST
def take_over(request, escalation_id):
    return _done(desk.take_over(escalation=_case_or_404(request, escalation_id), actor=request.user, at=timezone.now()))


def _done(case):
    return redirect("referrals:escalation", case.public_id)


@requires(*SERVICES)
@require_POST
def settle(request, escalation_id):
    """A hospital takes the patient."""
    case = _case_or_404(request, escalation_id)
    form = SettleForm(request.POST, found=_routing_list(case))
    return _act(request, case, "settle", form, desk.settle, done=_("The Puskesmas sees the hospital you found."))


@requires(*SERVICES)
@require_POST
def give_up(request, escalation_id):
    """No hospital was found; counted with its reason."""
    case = _case_or_404(request, escalation_id)
    return _act(request, case, "give_up", UnmetForm(request.POST), desk.give_up, done=_("Recorded as not met."))


@requires(*ISSUERS)
@require_POST
def withdraw(request, escalation_id):
    """The Puskesmas no longer needs a hospital."""
    case = _case_or_404(request, escalation_id)
    form = WithdrawForm(request.POST)
    return _act(request, case, "withdraw", form, desk.withdraw, done=_("The duty officer is told."))


def _act(request, case, name, form, service, *, done):
    ESCALATION.check(case, name, actor=request.user)
    if not form.is_valid():
        return _page(request, case, bound={name: form})
    service(escalation=case, actor=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, done)
    return _done(case)


# What the Puskesmas does with it


@requires(*ISSUERS)
@require_POST
def write_found(request, escalation_id):
    """The letter to the hospital the officer found: the same examination, that hospital first."""
    case = _case_or_404(request, escalation_id)
    now = timezone.now()
    if case.state != EscalationState.SETTLED or not _needs_letter(case):
        raise Refused(_("There is no hospital to write a letter to. Read the case again."))
    last = desk.letters_of(case).last()
    if last is not None and last.state == ReferralState.ISSUED:
        desk.take_back(last, actor=request.user, at=now)
    answers = drafts.answers_of(last) if last else desk.answers_of(case)
    draft, way_on = start_again(request, case.person, answers=answers, earlier=last, at=now)
    desk.goes_on_in(case, draft)
    return way_on
