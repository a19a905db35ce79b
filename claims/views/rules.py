"""The catalogue of rules: what each says, how it is applied, and the change of it by two people."""

import datetime

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import overrides, rule_settings
from claims.enums import Severity
from claims.models import Finding, RuleSetting
from claims.permissions import OVERRIDERS, READERS, RULE_COUNT_READERS, RULE_KEEPERS
from claims.rule_counts import lately
from claims.rule_forms import SettingForm, WhyForm
from claims.rules import settings
from claims.rules.catalogue import BY_CODE, CATALOGUE
from claims.rules.words import ABOUT
from claims.views.speaking import speak
from claims.workflow import SETTING
from facilities.permissions import requires
from ksb.core.errors import Refused

COUNTED_DAYS = 90


@requires(*READERS)
@require_safe
def rule_list(request):
    """All rules with how they are applied today; narrowed by words or a code."""
    today, wanted = timezone.localdate(), request.GET.get("words", "").strip()
    known, counts = settings.versions(), {}
    if request.user.has_role(*RULE_COUNT_READERS):
        counts = lately(on=today)
    rows = [
        {
            "rule": rule,
            "about": ABOUT[rule.code],
            "version": (version := settings.version_on(rule, today, known.get(rule.code, []))),
            "severity": Severity(version.severity),
            "counts": counts.get(rule.code),
        }
        for rule in CATALOGUE
        if wanted.casefold() in f"{rule.code} {ABOUT[rule.code]} {rule.source}".casefold()
    ]
    context = {
        "rows": rows,
        "wanted": wanted,
        "counts": bool(counts),
        "proposals": RuleSetting.objects.visible_to(request.user)
        .filter(state="PROPOSED")
        .select_related("proposed_by"),
        "keeps": request.user.has_role(*RULE_KEEPERS),
        "counts_overrides": request.user.has_role(*RULE_COUNT_READERS),
    }
    return render(request, "claims/rules/list.html", context)


@requires(*READERS)
@require_safe
def rule(request, rule_code):
    """One rule: its condition in words, its numbers, what has changed and what waits for a second person."""
    found = _rule(rule_code)
    today = timezone.localdate()
    history = list(
        RuleSetting.objects.visible_to(request.user)
        .filter(rule=found.code)
        .select_related("proposed_by", "approved_by", "refused_by")
        .order_by("-pk")
    )
    in_force = sorted((s for s in history if s.state == "IN_FORCE"), key=lambda s: s.starts)
    version = settings.version_on(found, today, in_force)
    counts = lately(on=today).get(found.code, (0, 0)) if request.user.has_role(*RULE_COUNT_READERS) else None
    waiting = next((s for s in history if s.state == "PROPOSED"), None)
    context = {
        "rule": found,
        "about": ABOUT[found.code],
        "version": version,
        "severity": Severity(version.severity),
        "numbers": _numbers(found, version),
        "history": history,
        "waiting": waiting,
        "moves": {move.name: move for move in SETTING.allowed(waiting, request.user)} if waiting else {},
        "own": waiting is not None and waiting.proposed_by_id == request.user.pk,
        "counts": counts,
        "may_propose": waiting is None and not found.fixed and request.user.has_role(*RULE_KEEPERS),
    }
    return render(request, "claims/rules/rule.html", context)


def _numbers(rule, version):
    return [(str(one.label).capitalize(), version.thresholds[one.name]) for one in rule.thresholds]


@requires(*RULE_KEEPERS)
def propose(request, rule_code):
    """Enter a change; another person puts it in force."""
    found = _rule(rule_code)
    version = settings.version_on(found, timezone.localdate(), settings.versions().get(found.code, []))
    form = SettingForm(request.POST or None, rule=found, version=version)
    if request.method == "POST" and form.is_valid():
        try:
            rule_settings.propose(rule=found.code, actor=request.user, at=timezone.now(), **form.values())
        except Refused as refusal:
            speak(form, refusal, refusal.code if refusal.code in form.fields else None)
        else:
            messages.success(request, _("Entered. Another person puts it in force."))
            return redirect("claims:rule", found.code)
    return render(request, "claims/rules/propose.html", {"form": form, "rule": found, "about": ABOUT[found.code]})


@requires(*RULE_KEEPERS)
@require_POST
def approve_setting(request, setting_id):
    setting = rule_settings.approve(setting=_setting(request, setting_id), actor=request.user, at=timezone.now())
    messages.success(request, _("In force. Claims nobody has decided on are judged again."))
    return redirect("claims:rule", setting.rule)


@requires(*RULE_KEEPERS)
def refuse_setting(request, setting_id):
    setting = _setting(request, setting_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rule_settings.refuse(setting=setting, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Refused. The rule is applied as before."))
        return redirect("claims:rule", setting.rule)
    return render(request, "claims/rules/refuse.html", {"form": form, "setting": setting})


@requires(*RULE_COUNT_READERS)
@require_safe
def override_counts(request):
    """How often findings were set aside lately, by rule and person."""
    since = timezone.localdate() - datetime.timedelta(days=COUNTED_DAYS)
    return render(request, "claims/rules/overrides.html", {"rows": overrides.counts(since=since), "since": since})


@requires(*OVERRIDERS["P"])
def override(request, finding_id):
    """Set one finding aside."""
    rows = Finding.objects.visible_to(request.user).select_related("claim__batch", "claim__hospital")
    finding = get_object_or_404(rows, pk=finding_id)
    overrides.require_override(request.user, finding)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            overrides.override(finding=finding, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            speak(form, refusal, "reason")
        else:
            messages.success(request, _("The finding is set aside. It is counted with your name."))
            return redirect("claims:claim", finding.claim.public_id)
    return render(request, "claims/rules/override.html", {"form": form, "finding": finding})


def _rule(code):
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]


def _setting(request, setting_id):
    return get_object_or_404(RuleSetting.objects.visible_to(request.user), public_id=setting_id)
