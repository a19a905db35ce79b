"""A claim pended: the question, its clock, the hospital's answer, and the end where none comes (domain.md B17 row 6, B18)."""

import datetime
import secrets

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from budget import ledger
from claims.models import Claim
from claims.permissions import require_billing
from claims.workflow import CLAIM
from ksb.core import journal
from ksb.core.errors import Refused, WrongState
from ksb.core.formats import ROMAN_MONTHS
from ksb.core.formats import day as day_in_words
from ksb.core.letters import PAPER_LANGUAGE
from ksb.core.numbering import next_number
from ksb.core.workflow import system_user
from verification import granting, proofs
from verification.enums import Outcome, Reason, Stage
from verification.models import Question, Review


def numbered(kind, hospital, day):
    """The next number of a paper of verification: ``0001/TUNDA/3275013/XI/2026``."""
    number = next_number(kind, hospital.code, day.year)
    return f"{number:04d}/{kind}/{hospital.code}/{ROMAN_MONTHS[day.month - 1]}/{day.year}"


def ask(*, claim, review, parameters, wanted, actor, at):
    """Pend ``claim`` (locked): the hospital has ``pend_days`` to answer. Called by ``decisions`` in its transaction."""
    day = localdate(at)
    CLAIM.apply(claim, "pend", actor=actor, at=at, data={"review": review.pk, "stage": str(review.stage)}, held=True)
    question = Question.objects.create(
        claim=claim,
        review=review,
        stage=review.stage,
        number=numbered("TUNDA", claim.hospital, day),
        token=secrets.token_urlsafe(16),
        code=review.code,
        text=review.reason,
        wanted=sorted(wanted),
        due_on=day + datetime.timedelta(days=parameters.pend_days),
        asked_at=at,
        asked_by=actor,
    )
    journal.record("question.ask", question, actor=actor, claim=claim.pk, due_on=question.due_on.isoformat())
    return question


def answer(*, question, text, files, actor, at):
    """The hospital's answer with its files: the claim goes back to the verifier who asked. Returns the Question.

    Raises Refused for an empty answer or a file that cannot be taken, WrongState after the deadline or a first answer.
    """
    require_billing(actor, question.claim.hospital_id)
    if not text.strip():
        raise Refused(_("Write the answer: what the verifier asks, in your words."))
    with proofs.kept(files) as uploads, transaction.atomic():
        question = _locked(question)
        if localdate(at) > question.due_on:
            raise WrongState(_("The time to answer ended on %(day)s.") % {"day": day_in_words(question.due_on)})
        CLAIM.apply(question.claim, "answer", actor=actor, at=at)
        question.answer, question.answered_at, question.answered_by = text.strip(), at, actor
        question.save(update_fields=["answer", "answered_at", "answered_by"])
        proofs.attach(uploads, question=question, actor=actor, at=at)
        journal.record("question.answer", question, actor=actor, claim=question.claim_id, files=len(uploads))
    return question


def _locked(question):
    """Claim first, then its question, both held. Raises WrongState where it is open no more."""
    Claim.objects.select_for_update(no_key=True, of=("self",)).get(pk=question.claim_id)
    question = Question.objects.select_related("claim__sjp", "claim__hospital").get(pk=question.pk)
    if not question.is_open:
        raise WrongState(_("This question was answered or has ended already."))
    return question


def end_unanswered(*, at):
    """The night: claims whose question got no answer in time are rejected for that reason. Returns their number."""
    over = Question.objects.filter(answered_at__isnull=True, ended_at__isnull=True, due_on__lt=localdate(at))
    done = 0
    for question in over.order_by("due_on", "pk"):
        try:
            _end(question, at)
        except WrongState:
            continue  # answered between the list and the lock
        done += 1
    return done


def _end(question, at):
    with transaction.atomic(), override(PAPER_LANGUAGE):
        question = _locked(question)
        question.ended_at, question.ended_by = at, system_user()
        question.save(update_fields=["ended_at", "ended_by"])
        claim = question.claim
        review = Review.objects.create(
            claim=claim,
            stage=Stage.SYSTEM,
            verifier=system_user(),
            outcome=Outcome.REJECT,
            code=Reason.NO_ANSWER,
            reason=_("No answer to question %(number)s until %(day)s.")
            % {"number": question.number, "day": f"{question.due_on:%d-%m-%Y}"},
            token=secrets.token_urlsafe(16),
            decided_at=at,
            decided_by=system_user(),
        )
        claim.lines.update(**granting.NOTHING)
        CLAIM.apply(claim, "lapse", actor=None, at=at, data={"review": review.pk}, update={"approved": None})
        ledger.release_for(claim, actor=None, at=at)
