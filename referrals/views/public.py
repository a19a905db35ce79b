"""What anybody may learn from the QR code of a letter: whether it is good, its number, its day. Nothing about a person."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ksb.core.ratelimit import hit
from referrals.models import Sjp
from referrals.validity import paper_of, validity_of

LOOKS = 30
SECONDS = 5 * 60


@login_not_required
@never_cache
@require_safe
def letter_validity(request, token):
    """One page for every letter; 404 with the same look for a code that is none of ours."""
    now = timezone.now()
    hit("letter.validity", request.META["REMOTE_ADDR"], limit=LOOKS, seconds=SECONDS, now=now)
    paper = paper_of(token)
    context = {"paper": paper, "validity": None, "checked_at": now}
    if paper is not None:
        context |= {
            "validity": validity_of(paper, timezone.localdate(now)),
            "issued_on": timezone.localdate(getattr(paper, "sent_at", None) or paper.issued_at),
        }
        context["kind"] = "SJP" if isinstance(paper, Sjp) else paper._meta.verbose_name
    return render(request, "referrals/validity.html", context, status=200 if paper else 404)
