"""Emergencies at the hospital's desk: the list, the report on one page with a check, what follows it. Domain.md B10.

The patient's NIK is typed once and looked up on record; addresses carry opaque ids only.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.enums import Service
from facilities.models import Facility
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.letters import letter_html, pdf_response
from ksb.core.paging import keyset_page
from ksb.core.ratelimit import TooMany
from participants import online
from participants.eligibility import evaluate
from participants.lookups import look_up
from participants.models import Lookup
from participants.special import covers
from referrals import coverage, finding
from referrals import moves as moving
from referrals.emergency import clock, letter, papers, patients, payers, reporting
from referrals.emergency.cover import evaluation_of
from referrals.emergency_forms import AnswerForm, IdentifyForm, NikForm, PaperForm, PayerForm, ReportForm
from referrals.filters import NoticeFilter
from referrals.forms import posted
from referrals.models import EmergencyNotice, EmergencyPaper
from referrals.permissions import DESK, NOTICE_OFFICERS, NOTICE_READERS, PUSKESMAS, SERVICES, may_read_clinical
from referrals.workflow import EMERGENCY
from referrals.workflow.who import speaks_for

PURPOSE = "EMERGENCY"
SHOWN_WAITING = 100


# The list


@requires(*NOTICE_READERS)
@require_safe
def emergencies(request):
    """What waits, by its clock, then everything newest first; for a hospital also whom it has to move."""
    own = EmergencyNotice.objects.visible_to(request.user).with_names()
    decides = request.user.has_role(*SERVICES, *PUSKESMAS)
    waiting = own.to_decide() if decides else own.open()
    rows = NoticeFilter(request.GET, queryset=own)
    context = {
        "waiting": waiting.order_by("due", "pk")[:SHOWN_WAITING],
        "now": timezone.now(),
        "to_move": own.to_move().order_by("stable_at")[:SHOWN_WAITING],
        "page": keyset_page(rows.qs, request.GET, keys=("-pk",)),
        "filter": rows,
        "may_report": request.user.has_role(*DESK),
        "may_report_elsewhere": request.user.has_role(*NOTICE_OFFICERS),
    }
    return render(request, "referrals/emergencies.html", context)


# Report


@requires(*DESK)
def begin_emergency(request):
    """NIK in, opaque id out; or a patient whom nobody knows. Dukcapil can be asked for a NIK that is not known here."""
    form, ask_for = NikForm(posted(request)), ""
    if form.is_valid():
        nik = form.cleaned_data["nik"]
        try:
            found = emergency_look_up(request, nik)
            return redirect("referrals:report_emergency", found.pk)
        except TooMany:
            raise
        except Refused as no:
            form.add_error("nik", no.message)
            ask_for = online.number_to_ask_for(nik, no)
            if no.code == "C02":
                form.add_error(
                    None, _("Not in the registry of Kota Bekasi: a general patient, or one of another city.")
                )
    return render(request, "referrals/emergency_begin.html", {"form": form, "ask_for": ask_for})


def emergency_look_up(request, nik):
    return look_up(nik=nik, actor=request.user, purpose=PURPOSE, at=timezone.now(), service=Service.EMERGENCY)


def _register_look_up(request, number):
    return covers.look_up(number=number, actor=request.user, purpose=PURPOSE, at=timezone.now())


@requires(*DESK)
def report_emergency(request, lookup_id):
    """Who it is and whether covered, with every reason; below, for a covered patient, the report."""
    own = Lookup.objects.visible_to(request.user).filter(actor=request.user, purpose=PURPOSE, special=None)
    lookup = get_object_or_404(own.select_related("resident__household__kelurahan__parent"), pk=lookup_id)
    now = timezone.now()
    resident = lookup.resident
    evaluation = evaluate(
        resident, on=timezone.localdate(now), service=Service.EMERGENCY, facility=_hospital(request), at=now
    )
    context = {
        "resident": resident,
        "evaluation": evaluation,
        "advice": coverage.advice(evaluation),
        "running": EmergencyNotice.objects.visible_to(request.user).open().filter(resident=resident).first(),
    }
    return _report(request, resident, context, now)


@requires(*DESK)
def report_unknown(request):
    """A patient without a name: described, identified later."""
    return _report(request, None, {"resident": None, "evaluation": None}, timezone.now())


def _report(request, resident, context, now):
    hospital = _hospital(request)
    form = ReportForm(posted(request), now=now, known=resident is not None, hospital=hospital)
    return report_page(request, form, resident, context, now, hospital=lambda: hospital)


def report_page(request, form, resident, context, now, *, hospital):
    """Form, check, report. Between the two pages everything travels in the page itself: nothing is kept of a half report.

    ``hospital`` is called when the report is made.
    """
    step = request.POST.get("step", "")
    context = {"begins_at": "referrals:begin_emergency", **context}
    context |= {"form": form, "refusal": None, "clock": clock.parameters_of(now)}
    if step == "change" or not form.is_valid():
        return render(request, "referrals/emergency_report.html", context)
    facts = form.facts()
    if step == "report":
        try:
            notice = reporting.report(hospital=hospital(), actor=request.user, resident=resident, at=now, **facts)
        except Refused as no:
            if no.code == "late":
                form.add_error("late_reason", no.message)
                return render(request, "referrals/emergency_report.html", context)
            context["refusal"] = no
        else:
            if notice.reported_at == now:
                messages.success(request, _("The emergency is reported."))
            else:
                messages.info(request, _("Your hospital has reported this patient already."))
            return redirect("referrals:emergency", notice.public_id)
    deadline = clock.report_deadline(
        facts["admitted_at"], parameters=clock.parameters_of(facts["admitted_at"]), departure=facts["departure"]
    )
    if now > deadline and not facts["late_reason"].strip():
        form.add_error(
            "late_reason", _("The time for the report is over. Write down why it comes so late; Dinkes decides.")
        )
        return render(request, "referrals/emergency_report.html", context)
    context |= {"told": form.told(), "deadline": deadline, "late": now > deadline}
    status = 409 if context["refusal"] else 200
    return render(request, "referrals/emergency_check.html", context, status=status)


def _hospital(request):
    """Where the desk works."""
    return get_object_or_404(Facility, pk__in=request.user.facility_ids(*DESK)[:1])


# One notice


def notice_or_404(request, emergency_id):
    """The notice, inside the perimeter of whoever asks."""
    return get_object_or_404(EmergencyNotice.objects.visible_to(request.user).with_names(), public_id=emergency_id)


@requires(*NOTICE_READERS)
@require_safe
def emergency(request, emergency_id):
    """The case with its cover, the clocks, papers and questions, and what may be done now."""
    notice = notice_or_404(request, emergency_id)
    return notice_page(request, notice)


def notice_page(request, notice, refusal=None):
    """The page of one notice; ``refusal`` says why the last act was not possible (409)."""
    user, now = request.user, timezone.now()
    journal.record("emergency.view", notice, actor=user)
    moves = {move.name: move for move in EMERGENCY.allowed(notice, user)}
    evaluation = evaluation_of(notice, at=now) if notice.is_open and notice.person else None
    at_desk = speaks_for(notice, user)
    if not at_desk:
        moves.pop("answer", None)
    context = {
        "notice": notice,
        "clinical": may_read_clinical(user, notice),
        "moves": moves,
        "declines": [move for name, move in moves.items() if name.startswith("decline")],
        "own": user.pk in (notice.reported_by_id, notice.identified_by_id),
        "evaluation": evaluation,
        "advice": coverage.advice(evaluation) if evaluation else "",
        "overdue": notice.is_open and notice.due < now,
        "questions": notice.questions.select_related("asked_by", "answered_by").order_by("pk"),
        "papers": notice.papers.order_by("pk"),
        "missing": [kind.label for kind in papers.missing(notice)] if notice.person else [],
        "may_attach": at_desk and notice.state not in papers.DECLINED,
        "may_identify": bool(notice.marks) and notice.is_open and (at_desk or user.has_role(*SERVICES)),
        "may_record_payer": payers.may_record(notice, user),
        "may_print": at_desk and not notice.informant and notice.state not in papers.DECLINED,
        "may_mark_stable": at_desk
        and not notice.informant
        and notice.state == "APPROVED"
        and not notice.stable_at
        and reporting.needs_move(notice, on=timezone.localdate(now)),
        "may_move": bool(notice.stable_at) and moving.may_move(notice.sjp, actor=user),
        "refusal": refusal,
    }
    return render(request, "referrals/emergency.html", context, status=409 if refusal else 200)


@requires(*DESK, *NOTICE_OFFICERS)
def answer_emergency(request, emergency_id):
    """What the officer asked, and the statement for correction."""
    notice = notice_or_404(request, emergency_id)
    question = notice.questions.filter(answered_at__isnull=True).first()
    initial = {name: getattr(notice, name) for name in reporting.CORRECTED} | {"diagnosis": notice.diagnosis_id}
    now = timezone.now()
    form = AnswerForm(posted(request), initial=initial, hospital=notice.hospital, on=timezone.localdate(now))
    if form.is_valid():
        corrections = dict(form.cleaned_data)
        text = corrections.pop("text")
        reporting.answer(notice=notice, text=text, actor=request.user, at=now, **corrections)
        messages.success(request, _("The answer is sent."))
        return redirect("referrals:emergency", notice.public_id)
    context = {"form": form, "notice": notice, "question": question}
    return render(request, "referrals/emergency_answer.html", context)


@requires(*DESK, *NOTICE_OFFICERS)
def identify_emergency(request, emergency_id):
    """The NIK of a patient who was unknown; the look-up is on record."""
    notice = notice_or_404(request, emergency_id)
    form = IdentifyForm(posted(request))
    if form.is_valid():
        try:
            typed = form.cleaned_data["nik"]
            found = _register_look_up if typed.kind == finding.REGISTER else emergency_look_up
            found = found(request, typed.value)
            patients.identify(
                notice=notice,
                resident=found.resident,
                special=found.special,
                identity_check=form.cleaned_data["identity_check"],
                actor=request.user,
                at=timezone.now(),
                lookup=found,
            )
        except (TooMany, NotAllowed):
            raise
        except Refused as no:
            form.add_error("nik", no.message)
        else:
            messages.success(request, _("The patient is identified. Another person compares and decides."))
            return redirect("referrals:emergency", notice.public_id)
    return render(request, "referrals/emergency_identify.html", {"form": form, "notice": notice})


@requires(*DESK, *SERVICES)
def emergency_payer(request, emergency_id):
    """What Jasa Raharja, BPJS Ketenagakerjaan or JKN said."""
    notice = notice_or_404(request, emergency_id)
    told = ("police_report", "payer_letter", "payer_amount", "unpaid_elsewhere")
    form = PayerForm(posted(request), initial={name: getattr(notice, name) for name in told})
    if form.is_valid():
        payers.record(notice=notice, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The first payer is recorded."))
        return redirect("referrals:emergency", notice.public_id)
    return render(request, "referrals/emergency_payer.html", {"form": form, "notice": notice})


@requires(*DESK)
@require_POST
def emergency_stable(request, emergency_id):
    """The patient can be moved to a contracted hospital."""
    notice = notice_or_404(request, emergency_id)
    reporting.mark_stable(notice=notice, actor=request.user, at=timezone.now())
    messages.success(request, _("The patient is on the list to be moved to a contracted hospital."))
    return redirect("referrals:emergency", notice.public_id)


# Papers


@requires(*DESK, *NOTICE_OFFICERS)
def attach_emergency_paper(request, emergency_id):
    """A scan that follows: KTP, KK, statement, police report."""
    notice = notice_or_404(request, emergency_id)
    form = PaperForm(posted(request), request.FILES or None)
    if form.is_valid():
        try:
            papers.attach(notice=notice, **form.cleaned_data, actor=request.user, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as no:
            form.add_error("file", no.message)
        else:
            messages.success(request, _("The scan is kept."))
            return redirect("referrals:emergency", notice.public_id)
    return render(request, "referrals/emergency_paper.html", {"form": form, "notice": notice})


@requires(*NOTICE_READERS)
@require_safe
def emergency_paper(request, paper_id):
    """One scan, to whom its notice is shown and who reads the case. On record."""
    own = EmergencyPaper.objects.visible_to(request.user).select_related("notice")
    paper = get_object_or_404(own, public_id=paper_id)
    _refuse_unless_clinical(request, paper.notice)
    return papers.hand_out(paper=paper, actor=request.user)


# Letter L9


@requires(*NOTICE_READERS)
@require_safe
def emergency_text(request, emergency_id):
    """Letter L9 as a page; says the same as the paper."""
    notice = notice_or_404(request, emergency_id)
    _refuse_unless_clinical(request, notice)
    journal.record("emergency.read", notice, actor=request.user)
    return HttpResponse(letter_html(letter.letter_of(notice), screen=True))


@requires(*DESK)
@require_POST
def print_emergency(request, emergency_id):
    """One more print of letter L9, counted."""
    notice = notice_or_404(request, emergency_id)
    content = letter.print_pdf(notice=notice, actor=request.user, at=timezone.now())
    return pdf_response(content, f"gawat-darurat {notice.number}")


def _refuse_unless_clinical(request, notice):
    if not may_read_clinical(request.user, notice):
        raise NotAllowed(_("This letter holds a diagnosis. Your role does not include reading it."))
