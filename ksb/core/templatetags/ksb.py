"""Filters and components of the screens. ``docs/ui.md`` shows each with an example."""

from django import template
from django.forms import (
    BaseForm,
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.forms.formsets import BaseFormSet
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core import formats
from ksb.core.states import SENTIMENTS, label_of, sentiment_of

register = template.Library()

register.filter("rupiah", formats.rupiah)
register.filter("rupiah_short", formats.rupiah_short)
register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("nik", formats.identity)
register.filter("kk", formats.identity)
register.filter("mask_nik", formats.mask_identity)
register.filter("datum", formats.day)
register.filter("datum_short", formats.day_short)
register.filter("clock", formats.clock)
register.filter("moment", formats.moment)
register.filter("terbilang", formats.terbilang)


@register.filter
def days_ago(value):
    """How long ago, in words, seen from today."""
    return formats.age_in_days(value, timezone.localdate())


SOON = 15  # minutes


@register.filter
def deadline(due):
    """Until when somebody answers, and how much of it is left now: ``by 10.45, 12 minutes left``; red when it is over."""
    left = due - timezone.now()
    minutes = int(abs(left).total_seconds()) // 60
    same_day = timezone.localdate(due) == timezone.localdate()
    said = {"until": formats.clock(due) if same_day else formats.moment(due), "time": formats.duration(minutes)}
    if left.total_seconds() < 0:
        return _tag("bad", _("was due %(until)s, %(time)s late") % said)
    return _tag("warn" if minutes < SOON else "info", _("by %(until)s, %(time)s left") % said)


# Status tags and notices


def _tag(sentiment, text):
    return format_html('<span class="k-tag k-tag--{}">{}</span>', _known(sentiment), text)


def _known(sentiment):
    if sentiment not in SENTIMENTS:
        raise template.TemplateSyntaxError(f"{sentiment!r} is none of {', '.join(SENTIMENTS)}")
    return sentiment


@register.filter
def state_tag(value):
    """The state of an object, or one member of an enum, as words on a colour (``ksb.core.states``)."""
    return _tag(sentiment_of(value), label_of(value))


@register.filter
def message_sentiment(level):
    """The colour of one of Django's message levels."""
    return {"success": "ok", "warning": "warn", "error": "bad"}.get(level, "info")


@register.simple_tag
def tag(sentiment, text):
    """``{% tag "warn" _("Late") %}``."""
    return _tag(sentiment, text)


@register.simple_block_tag
def notice(content, sentiment="info", title="", role=""):
    """A coloured notice around its content. ``role="alert"`` or ``"status"`` when it answers the last act."""
    return format_html(
        '<div class="k-note k-note--{}"{}>{}{}</div>',
        _known(sentiment),
        format_html(' role="{}"', role) if role else "",
        format_html("<h2>{}</h2>", title) if title else "",
        content,
    )


@register.simple_block_tag
def confirm_panel(content, title, number=""):
    """What was done, with the number issued in large type, and below it what happens next."""
    return format_html(
        '<div class="k-panel" role="status"><h1>{}</h1>{}{}</div>',
        title,
        format_html("<p><strong>{}</strong></p>", number) if number else "",
        content,
    )


@register.simple_block_tag
def empty(content, title):
    """An empty list: what is not there, and within the block what to do about it."""
    return format_html('<div class="k-empty"><p><strong>{}</strong></p>{}</div>', title, content)


# Page furniture


@register.inclusion_tag("components/page_header.html")
def page_header(title, caption="", back_url="", back_label=""):
    """The page's one ``<h1>``, a caption above it and the way back."""
    return {"title": title, "caption": caption, "back_url": back_url, "back_label": back_label or _("Back")}


@register.inclusion_tag("components/steps.html")
def steps(current, *labels):
    """``{% steps 2 _("Patient") _("Referral") _("Check") %}``: where one is in a job of several pages, from 1."""
    return {
        "steps": [
            {"label": label, "here": i == current, "done": i < current} for i, label in enumerate(labels, start=1)
        ]
    }


@register.inclusion_tag("components/description_list.html")
def description_list(rows):
    """Facts: each row is (label, value), or (label, value, address) with a link to change it."""
    return {
        "rows": [
            {"label": label, "value": formats.NOTHING if value in (None, "") else value, "change": "".join(change)}
            for label, value, *change in rows
        ]
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page):
    """The ways on and back of a ``ksb.core.paging.Page``, keeping the filters of the address."""
    query = context["request"].GET.copy()
    query.pop(page.parameter, None)
    kept = query.urlencode()
    prefix = f"?{kept}&" if kept else "?"

    def address(cursor):
        return f"{prefix}{page.parameter}={cursor}" if cursor else ""

    return {"previous": address(page.previous_cursor), "next": address(page.next_cursor), "first": f"?{kept}"}


NOTE = gettext_lazy("Note")
REASON_TAGS = {"ok": gettext_lazy("Met"), "bad": gettext_lazy("Not met"), "warn": NOTE, "info": NOTE, "mute": NOTE}


@register.inclusion_tag("components/reasons.html")
def reasons(items):
    """Why a decision is what it is. Each item, mapping or object, has ``sentiment`` and ``message``, and may have

    ``law``, ``source`` and ``source_at`` (date or datetime of the data).
    """
    return {"reasons": [_reason(item) for item in items]}


def _reason(item):
    read = item.get if isinstance(item, dict) else lambda name, default="": getattr(item, name, default)
    sentiment = _known(read("sentiment", "info"))
    return {
        "tag": _tag(sentiment, REASON_TAGS[sentiment]),
        "message": read("message", ""),
        "law": read("law", ""),
        "source": read("source", ""),
        "source_at": read("source_at", None),
    }


# Tables that become lists on narrow screens. The roles are written out because `display: block` takes them away.


@register.simple_block_tag
def data_table(content, caption, *columns):
    """A table that becomes a list at 390 px: ``{% data_table caption columns... %}`` around ``{% row %}`` blocks.

    A column written ``"#Label"`` is numeric. The caption is read out; it is seen only where the page gives no heading.
    """
    heads = format_html_join(
        "",
        '<th scope="col" role="columnheader" class="{}">{}</th>',
        (("k-num" if str(label).startswith("#") else "", str(label).removeprefix("#")) for label in columns),
    )
    return format_html(
        '<table class="k-table k-table--stack" role="table"><caption class="k-vh">{}</caption>'
        '<thead role="rowgroup"><tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody></table>',
        caption,
        heads,
        content,
    )


@register.simple_block_tag
def row(content):
    """One row of ``data_table``."""
    return format_html('<tr role="row">{}</tr>', content)


@register.simple_block_tag
def cell(content, label, head=False, nowrap=False):
    """One cell. Its label is the column's, ``#`` for numeric included; ``head=True`` for the cell that names the row,

    ``nowrap=True`` for dates and numbers of letters.
    """
    text = str(label)
    look = "k-num" if text.startswith("#") else "k-nw" if nowrap else ""
    return format_html(
        '<{0} role="{1}" data-label="{2}"{3}{4}>{5}</{0}>',
        "th" if head else "td",
        "rowheader" if head else "cell",
        text.removeprefix("#"),
        mark_safe(' scope="row"') if head else "",
        format_html(' class="{}"', look) if look else "",
        content,
    )


# Forms

WIDGET_CLASSES = (
    (CheckboxSelectMultiple, ""),
    (RadioSelect, ""),
    (CheckboxInput, ""),
    (Select, "k-select"),
    (Textarea, "k-area"),
    (ClearableFileInput, "k-file"),
)


def _widget_class(widget):
    return next((name for kind, name in WIDGET_CLASSES if isinstance(widget, kind)), "k-input")


@register.inclusion_tag("components/field.html")
def field(bound, hide_label=False):
    """One form field with label, hint, error and widget, whatever the widget is."""
    widget = bound.field.widget
    attrs = {} if "class" in widget.attrs else {"class": _widget_class(widget)}
    return {
        "field": bound,
        "control": bound if bound.use_fieldset or bound.is_hidden else bound.as_widget(attrs=attrs),
        "choices": list(bound) if bound.use_fieldset else [],
        "single_checkbox": isinstance(widget, CheckboxInput),
        "optional": not bound.field.required and not isinstance(widget, CheckboxInput),
        "hide_label": hide_label,
    }


@register.inclusion_tag("components/form_fields.html")
def form_fields(form):
    """All fields of a form in their order."""
    return {"form": form}


@register.inclusion_tag("components/form_errors.html")
def form_errors(*forms):
    """The summary of everything wrong in the given forms, formsets and lists of forms, each line a link to its field."""
    return {"errors": [line for form in _flat(forms) for line in _error_lines(form)]}


def _flat(forms):
    for form in forms:
        if isinstance(form, BaseFormSet):
            yield from form.forms
            yield form
        elif isinstance(form, list):
            yield from _flat(form)
        elif form is not None:
            yield form


def _error_lines(form):
    if isinstance(form, BaseFormSet):
        return [{"message": message, "target": ""} for message in form.non_form_errors()]
    lines = [{"message": message, "target": ""} for message in form.non_field_errors()]
    for bound in form:
        lines += [{"message": message, "target": _target(bound)} for message in bound.errors]
    return lines


def _target(bound):
    if bound.is_hidden:
        return ""
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label


@register.simple_tag(takes_context=True)
def error_prefix(context):
    """``Kesalahan: `` for the page title when any bound form of the page has errors. ``frame.html`` calls it; once is enough."""
    if context.render_context.get(error_prefix):
        return ""
    for scope in context.dicts:
        for value in scope.values():
            # Not isinstance(): it would wake every lazy value of the page.
            if issubclass(type(value), BaseForm | BaseFormSet) and value.is_bound and not value.is_valid():
                context.render_context[error_prefix] = True
                return _("Error: ")
    return ""
