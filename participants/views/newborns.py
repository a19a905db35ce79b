"""Births the night could not match by itself: the child and its candidates side by side, for Dinkes to decide."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.enums import Role
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from ksb.core.ratelimit import TooMany
from participants import newborns
from participants.forms import ChildForm, WhyForm
from participants.lookups import look_up
from participants.models import BirthCandidate, Newborn
from participants.permissions import BIRTH_MATCHERS

READERS = (*BIRTH_MATCHERS, Role.AUDITOR)
PURPOSE = "NEWBORN_MATCH"


@requires(*READERS)
@require_safe
def queue(request):
    """Children with more than one answer of the registry, or an uncertain one; the oldest birth first."""
    rows = Newborn.objects.visible_to(request.user).to_judge().select_related("facility")
    page = keyset_page(rows, request.GET, keys=("pk",))
    return render(request, "participants/newborns/queue.html", {"page": page})


def _child_or_404(request, newborn_id):
    own = Newborn.objects.visible_to(request.user).select_related("mother", "father", "facility", "resident")
    return get_object_or_404(own, public_id=newborn_id)


@requires(*READERS)
def compare(request, newborn_id):
    """The birth beside each candidate, differences marked. A NIK may be typed where the right person is not among them."""
    child = _child_or_404(request, newborn_id)
    form = ChildForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            newborns.match(newborn=child, resident=_chosen(request, child, form), actor=request.user, at=timezone.now())
        except TooMany:
            raise
        except Refused as no:
            if no.code not in ("", "C02", "one_newborn_per_resident"):
                raise
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The child is matched. Its letters follow within a minute."))
            return redirect("participants:births")
    journal.record("newborn.compare", child, actor=request.user)
    return _page(request, child, form)


def _chosen(request, child, form):
    """The candidate whose button was pressed, or the person with the NIK typed, whose look-up is on record."""
    if form.cleaned_data["candidate"]:
        return get_object_or_404(child.candidates, pk=form.cleaned_data["candidate"], rejected=False).resident
    lookup = look_up(nik=form.cleaned_data["nik"], actor=request.user, purpose=PURPOSE, at=timezone.now())
    return lookup.resident


def _page(request, child, form):
    candidates = child.candidates.filter(rejected=False).select_related("resident__household__kelurahan")
    context = {
        "newborn": child,
        "candidates": [(candidate, _differences(child, candidate.resident)) for candidate in candidates],
        "form": form,
        "may_decide": request.user.has_role(*BIRTH_MATCHERS) and child.awaits_nik,
        "may_undo": request.user.has_role(*BIRTH_MATCHERS) and child.state == "MATCHED",
    }
    return render(request, "participants/newborns/compare.html", context)


def _differences(child, person):
    """What is not the same in the birth's record and in the registry."""
    hers = {child.mother_nik, child.mother.nik if child.mother else ""} - {""}
    return {
        "sex": child.sex != person.sex,
        "birth": child.born_on != person.birth_date,
        "mother": person.mother_nik not in hers,
    }


@requires(*BIRTH_MATCHERS)
@require_POST
def reject(request, newborn_id):
    """This person is not the child."""
    child = _child_or_404(request, newborn_id)
    typed = request.POST.get("candidate", "")
    pk = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
    candidate = BirthCandidate.objects.filter(newborn=child, pk=pk).first()
    if candidate is None:
        messages.error(request, _("Choose one of the candidates."))
    else:
        newborns.reject(candidate=candidate, actor=request.user)
        messages.success(request, _("This pair is not proposed again."))
    return redirect("participants:birth", child.public_id)


@requires(*BIRTH_MATCHERS)
def undo(request, newborn_id):
    """A match that was wrong, by the night or by hand."""
    child = _child_or_404(request, newborn_id)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        newborns.unmatch(newborn=child, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        messages.success(request, _("The match is undone. The letters go back to the parent."))
        return redirect("participants:birth", child.public_id)
    return render(request, "participants/newborns/undo.html", {"form": form, "newborn": child})
