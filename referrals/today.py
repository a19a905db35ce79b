"""What a desk has before it today, as lists of at most ``MANY`` rows: of a hospital and of a Puskesmas."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from ksb.core.scheme import Parameters, scheme_on
from referrals import missed, rules
from referrals.enums import ReferralState, SjpState
from referrals.models import BackReferral, ControlLetter, Episode, InternalReferral, Sjp
from referrals.permissions import PUSKESMAS

MANY = 100


@dataclass(frozen=True)
class Section:
    """One list of the page. ``kind`` says what its rows are, ``more`` that there are more of them than shown."""

    code: str
    kind: str
    title: str
    rows: list
    more: bool = False

    @property
    def size(self):
        return len(self.rows)


def _section(code, kind, title, queryset):
    rows = list(queryset[: MANY + 1])
    return Section(code, kind, title, rows[:MANY], more=len(rows) > MANY)


def of_hospital(actor, *, at):
    """Who is expected, who is in care, who should have left, whose summary is missing. One query a list."""
    on = timezone.localdate(at)
    own = {"hospital__in": actor.facility_ids("HOSPITAL_DESK")}
    # Of a letter that waits for Dinkes the hospital does not know yet.
    letters = Sjp.objects.filter(**own, state=SjpState.ISSUED, valid_from__lte=on, valid_until__gte=on).with_names()
    accepted = Q(referral__state=ReferralState.ACCEPTED)
    episodes = Episode.objects.filter(**own).select_related(
        *("resident", "newborn", "special"), "sjp__specialty", "specialty", "hospital"
    )
    in_care = episodes.in_care()
    # An outpatient goes home the same day: who has not was forgotten.
    forgotten = ~Q(service__in=[*rules.STAYS, Service.EMERGENCY]) & Q(admitted_at__date__lt=on)
    return [
        _section("answer", "letter", _("Referrals to answer"), letters.filter(referral__state="ISSUED").order_by("pk")),
        _section(
            "arrivals",
            "letter",
            _("Accepted, expected to arrive"),
            letters.filter(accepted).order_by("valid_until", "pk"),
        ),
        _section(
            "controls",
            "control",
            _("Control visits today"),
            ControlLetter.objects.to_come().filter(**own, control_on=on).with_names().order_by("specialty", "pk"),
        ),
        _section(
            "clinics",
            "internal",
            _("Referred between clinics"),
            InternalReferral.objects.filter(
                visit=None, valid_until__gte=on, episode__hospital__in=own["hospital__in"], episode__sjp__state="USED"
            )
            .select_related("specialty", "episode__resident", "episode__newborn", "episode__sjp")
            .order_by("pk"),
        ),
        _section(
            "forgotten",
            "episode",
            _("To discharge: arrived before today"),
            in_care.filter(forgotten).order_by("admitted_at"),
        ),
        _section("in_care", "episode", _("In care"), in_care.exclude(forgotten).order_by("admitted_at")),
        _resumes(episodes.without_summary().order_by("discharged_at"), on),
    ]


def _resumes(episodes, on):
    """Medical summaries to complete, the oldest first, each with its last day."""
    scheme = scheme_on(on)
    parameters = scheme.parameters if scheme else Parameters()
    section = _section("resumes", "episode", _("Medical summaries to complete"), episodes)
    for episode in section.rows:
        episode.due = rules.resume_due(timezone.localdate(episode.discharged_at), parameters)
        episode.late = episode.due < on
    return section


def of_puskesmas(actor, *, at):
    """Who was sent back, by a refusal or by a specialist, who is due, and who did not come. One query a list."""
    on = timezone.localdate(at)
    own = {"puskesmas__in": actor.facility_ids(*PUSKESMAS)}
    back = BackReferral.objects.filter(**own).with_names()
    return [
        _section("take_over", "back", _("Referred back by a hospital"), back.to_take_over().order_by("pk")),
        _section(
            "due", "back", _("Follow-up visits due"), back.followed().filter(due_on__lte=on).order_by("due_on", "pk")
        ),
        _section(
            "first_visit",
            "back",
            _("Taken over, not seen yet"),
            back.filter(state="ACCEPTED").filter(Q(due_on=None) | Q(due_on__gt=on)).order_by("pk"),
        ),
        _section("missed_letters", "letter", _("Letters nobody used"), missed.letters(actor, on=on)),
        _section("missed_controls", "control", _("Control dates missed"), missed.controls(actor, on=on)),
    ]
