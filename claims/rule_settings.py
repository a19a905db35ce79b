"""Changing how a rule is applied (domain.md G3.8): one person proposes, another puts it in force from its service day."""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.enums import SettingState
from claims.models import RuleSetting
from claims.permissions import RULE_KEEPERS
from claims.rules.catalogue import BY_CODE
from claims.workflow import SETTING, proposed_yourself
from facilities.permissions import check
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing

_WAITING = {
    "one_proposal_per_rule": gettext_lazy("A change of this rule waits for its decision already. Decide on it first.")
}
_SAME_DAY = {"one_setting_per_rule_and_day": gettext_lazy("Another change of this rule begins on this day.")}


def propose(*, rule, active, severity, thresholds, starts, reason, actor, at):
    """Enter how ``rule`` (its code) is applied to services from ``starts`` on. Returns the RuleSetting.

    ``thresholds`` maps the names the rule gives them to whole numbers. Raises Refused for a rule that is fixed, a number out of
    its bounds, a day before today (claims already judged keep their rules) or a proposal that waits.
    """
    check(actor, RULE_KEEPERS)
    found = BY_CODE[rule]
    if found.fixed:
        raise Refused(_("This rule guards the sums and the file itself: it is always applied."))
    if starts < localdate(at):
        raise Refused(_("A change begins today at the earliest: earlier services keep their rules."), code="starts")
    _check_thresholds(found, thresholds)
    with refusing(_WAITING), transaction.atomic():
        setting = RuleSetting.objects.create(
            rule=rule,
            active=active,
            severity=severity,
            thresholds=thresholds,
            starts=starts,
            reason=reason.strip(),
            proposed_at=at,
            proposed_by=actor,
        )
        journal.record("rule_setting.propose", setting, actor=actor, rule=rule, active=active, severity=severity)
    return setting


def _check_thresholds(rule, thresholds):
    allowed = {threshold.name: threshold for threshold in rule.thresholds}
    if set(thresholds) != set(allowed):
        raise Refused(_("Give every number of this rule, and no other."))
    for name, number in thresholds.items():
        bounds = allowed[name]
        if type(number) is not int or not bounds.least <= number <= bounds.most:
            raise Refused(
                _("%(label)s: between %(least)s and %(most)s.")
                % {"label": bounds.label, "least": bounds.least, "most": bounds.most},
                code=name,
            )


def approve(*, setting, actor, at):
    """Put the proposal in force. Not by who proposed it; claims not decided yet are judged again soon after."""
    if setting.starts < localdate(at) and setting.state == SettingState.PROPOSED:
        raise Refused(_("Its first day is over: refuse this proposal and propose it again."))
    sentence = {"rulesetting_proposed_by_is_not_approved_by": proposed_yourself()}
    with transaction.atomic(), refusing(_SAME_DAY), refusing(sentence, error=NotAllowed):
        return SETTING.apply(setting, "approve", actor=actor, at=at, data=None)


def refuse(*, setting, reason, actor, at):
    """Not put in force, and why."""
    if not reason.strip():
        raise Refused(_("Write down the reason."))
    return SETTING.apply(setting, "refuse", actor=actor, at=at, update={"refusal": reason.strip()})
