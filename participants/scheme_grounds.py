"""Why parameters have the value they have where no regulation says one. The others follow the version's legal source."""

from django.utils.translation import gettext_lazy as _

OURS = _("No regulation settles it: default of the programme, changed by two people on this page.")
GROUNDS = {
    "resume_days": _("A week is enough for a doctor in charge, and leaves three weeks until claims are handed in."),
    "prb_days": _("The medicines a hospital gives along last two weeks."),
    "sla_emergency": _("The officer sees a report on the same or the next day, well within the hospital's three."),
    "high_cost": _("So dear that an officer reads the case before the city promises to pay."),
    "approval_after_letters": _("One letter a month is usual for chronic care; whoever needs more is looked at once."),
    "sla_approval": _("The patient waits at home: two working days are the longest a planned treatment is held up."),
    "max_extension": _("Twice the length of a letter covers all but a few stays; a third time is a new letter."),
    "bed_stale_minutes": _("Hospitals count every hour: two missed counts say that nobody counts."),
    "bed_hold_hours": _("The longest way across the city with an ambulance to wait for."),
    "rs_response_minutes": _("A desk is staffed all day; the patient waits at the Puskesmas for the answer."),
    "rs_response_minutes_urgent": _("An ambulance is ready after a quarter of an hour and must know where to."),
    "escalate_after_refusals": _("After three refusals telephoning on is the duty officer's work, not the clerk's."),
    "estimate_outpatient": _("Reserved while no tariff is known; replaced by the claim."),
    "estimate_inpatient": _("Reserved while no tariff is known; replaced by the claim."),
    "newcomer_alert_days": _("Three months after moving in say whether somebody came to live or to be treated."),
    "same_contact_alert": _("Three relatives share a telephone; more is a stranger's."),
    "same_address_alert": _("More families than that behind one door are worth a look."),
    "new_members_alert": _("A family rarely grows by more than four people in a month."),
    "audit_sample_pct": _("One in twenty is read a second time; with more readers it can be more."),
    "pend_reminder_days": _("Three days are left to act after the reminder."),
    "ruling_days": _("The people who rule meet once a month."),
    "sync_guard_pct": _("A file that changes more people than that may be a broken one."),
    "card_collect_days": _("After a month a card is fetched by nobody and lies safer at Dinkes."),
    "draft_ttl": _("After a month the family begins anew with today's data."),
}
