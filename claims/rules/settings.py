"""Which version of a rule holds when: the settings two people have put in force, and the code where they say nothing."""

from itertools import pairwise

from claims.models import RuleSetting
from claims.rules.rule import Version


def versions():
    """``{rule code: [Version, ...]}`` for the rules with settings in force, each list covering all days. One query."""
    found = {}
    for setting in RuleSetting.objects.in_force().order_by("rule", "starts"):
        found.setdefault(setting.rule, []).append(setting)
    return found


def versions_of(rule, settings):
    """The Versions of ``rule`` over all days, oldest first. ``settings`` are those of this rule by their day."""
    if rule.fixed or not settings:
        return [rule.default]
    before = rule.default
    starts = [None, *(setting.starts for setting in settings)]
    kept = [before, *map(_version, settings)]
    return [
        Version(active=one.active, severity=one.severity, thresholds=one.thresholds, starts=begin, ends=end)
        for one, (begin, end) in zip(kept, pairwise([*starts, None]), strict=True)
    ]


def version_on(rule, day, settings):
    """The Version of ``rule`` for a service on ``day``."""
    return next(v for v in reversed(versions_of(rule, settings)) if v.starts is None or v.starts <= day)


def _version(setting):
    return Version(active=setting.active, severity=setting.severity, thresholds=setting.thresholds)
