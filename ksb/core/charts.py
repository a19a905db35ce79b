"""Charts drawn on the server as SVG: no script, presentation attributes only (strict CSP), the same markup in a PDF.

Each function returns a whole ``<figure>``: the drawing with its name and description for screen readers, and beneath it
the same numbers as a table in ``<details>``.
"""

import math
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ksb.core import formats

INK, QUIET, GRID = "#16202a", "#46535f", "#d5dbe1"
# Told apart by lightness as well as by hue, so that a grey print and a colour-blind reader see the same.
SERIES = ("#0b6b4f", "#b54708", "#0a5c8a", "#6b7782")
LIMIT = "#8a1515"
FONT = 12.5


@dataclass(frozen=True)
class Frame:
    """The drawing area in user units: outer size and the margins that hold the axes."""

    width: int = 480
    height: int = 230
    left: int = 66
    right: int = 8
    top: int = 18
    bottom: int = 28

    @property
    def inner_width(self):
        return self.width - self.left - self.right

    @property
    def floor(self):
        return self.height - self.bottom

    def y(self, value, top_value):
        """Height of ``value`` on an axis from zero to ``top_value``."""
        return round(self.top + (self.floor - self.top) * (1 - value / top_value), 1)


def ticks(largest, steps=4):
    """Round whole values from zero to at least ``largest``, about ``steps`` of them."""
    if largest <= 0:
        return [0, 1]
    raw = max(1, largest / steps)
    magnitude = 10 ** math.floor(math.log10(raw))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= raw and m * magnitude % 1 == 0)
    return [round(step * i) for i in range(math.ceil(largest / step) + 1)]


def bar_chart(title, rows, *, target=None, value_format=formats.short_number, description=""):
    """Columns for ``rows`` of (label, value >= 0); ``target`` is (label, value) of a dashed line across."""
    frame = Frame()
    scale = ticks(max([value for _label, value in rows] + ([target[1]] if target else []), default=0))
    slot = frame.inner_width / max(1, len(rows))
    columns = format_html_join(
        "",
        '<g><title>{}: {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="{}"/></g>',
        (
            (
                label,
                value_format(value),
                round(frame.left + slot * (i + 0.18), 1),
                frame.y(value, scale[-1]),
                round(slot * 0.64, 1),
                round(frame.floor - frame.y(value, scale[-1]), 1),
                SERIES[0],
            )
            for i, (label, value) in enumerate(rows)
        ),
    )
    labels = _x_labels(frame, [label for label, _value in rows], slot, slot / 2)
    line = _target_line(frame, scale[-1], target, value_format) if target else ""
    drawing = format_html("{}{}{}{}", _grid(frame, scale, value_format), columns, labels, line)
    table = _table(title, [], [(label, [value_format(value)]) for label, value in rows])
    return _figure(title, description or _described(rows, value_format), frame, drawing, table)


def line_chart(title, labels, series, *, value_format=formats.short_number, description=""):
    """One line for each of ``series``, (name, values) with as many values as ``labels``; None leaves a gap."""
    longest = max((len(str(name)) for name, _values in series), default=0)
    frame = Frame(right=max(96, round(longest * FONT * 0.6) + 16))
    scale = ticks(max((v for _name, values in series for v in values if v is not None), default=0))
    slot = frame.inner_width / max(1, len(labels) - 1)
    lines = format_html_join(
        "",
        '<g><title>{}</title><path d="{}" fill="none" stroke="{}" stroke-width="2.5" stroke-linejoin="round"/></g>',
        ((name, _path(frame, values, slot, scale[-1]), SERIES[i % 4]) for i, (name, values) in enumerate(series)),
    )
    drawing = format_html(
        "{}{}{}{}",
        _grid(frame, scale, value_format),
        lines,
        _x_labels(frame, labels, slot, 0),
        _series_names(frame, series, scale[-1]),
    )
    rows = [
        (label, [formats.NOTHING if values[i] is None else value_format(values[i]) for _name, values in series])
        for i, label in enumerate(labels)
    ]
    table = _table(title, [name for name, _values in series], rows)
    return _figure(title, description or ", ".join(str(name) for name, _values in series), frame, drawing, table)


BUDGET_PARTS = {"realised": SERIES[0], "committed": "#4c9f84", "reserved": "#a9d3c3", "free": "#e4e8eb"}


def budget_bar(title, *, total, parts):
    """How far a budget line of ``total`` rupiah is used. ``parts`` are (kind of BUDGET_PARTS, label, rupiah), in order."""
    frame = Frame(height=30, left=1, right=1, top=1, bottom=1)
    used = sum(amount for _kind, _label, amount in parts)
    whole = max(total, used, 1)
    pieces = [*parts, ("free", _("Free"), total - used)]
    start, blocks, words = frame.left, [], []
    for kind, label, amount in pieces:
        width = round(frame.inner_width * max(amount, 0) / whole, 1)
        blocks.append((label, formats.rupiah(amount), round(start, 1), width, BUDGET_PARTS[kind]))
        words.append((BUDGET_PARTS[kind], label, formats.rupiah_short(amount), formats.percent(amount, total)))
        start += width
    drawing = format_html_join(
        "", '<g><title>{}: {}</title><rect x="{}" y="1" width="{}" height="28" fill="{}"/></g>', blocks
    )
    rows = [(label, [formats.rupiah(amount), formats.percent(amount, total)]) for _kind, label, amount in pieces]
    rows.append((_("Ceiling"), [formats.rupiah(total), formats.percent(total, total)]))
    table = _table(title, [_("Amount"), _("Share")], rows)
    return _figure(title, _left_of(total, used), frame, drawing, table, legend=_legend(words))


def _legend(words):
    """The names of the colours, in the page's own type size: a drawing that shrinks would shrink them."""
    return format_html(
        '<ul class="k-legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" fill="{}"/></svg>{}: {} ({})</li>',
            words,
        ),
    )


def _left_of(total, used):
    return _("%(free)s free of %(total)s") % {
        "free": formats.rupiah_short(total - used),
        "total": formats.rupiah_short(total),
    }


def _described(rows, value_format):
    if not rows:
        return _("No data yet.")
    label, value = max(rows, key=lambda row: row[1])
    return _("Highest: %(label)s with %(value)s.") % {"label": label, "value": value_format(value)}


def _text(x, y, anchor, colour, content):
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}">{}</text>', x, y, anchor, FONT, colour, content
    )


def _grid(frame, scale, value_format):
    end = frame.width - frame.right
    return format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>{}',
        (
            (
                frame.left,
                end,
                frame.y(tick, scale[-1]),
                frame.y(tick, scale[-1]),
                GRID,
                _text(frame.left - 6, frame.y(tick, scale[-1]) + 4, "end", QUIET, value_format(tick)),
            )
            for tick in scale
        ),
    )


def _x_labels(frame, labels, slot, offset):
    """Labels under the axis, only so many as fit beside each other."""
    widest = max((len(str(label)) for label in labels), default=1) * FONT * 0.6 + 8
    every = max(1, math.ceil(widest / slot)) if labels else 1
    return format_html_join(
        "",
        "{}",
        (
            (_text(round(frame.left + slot * i + offset, 1), frame.floor + 18, "middle", INK, label),)
            for i, label in enumerate(labels)
            if i % every == 0
        ),
    )


def _target_line(frame, top_value, target, value_format):
    label, value = target
    y = frame.y(value, top_value)
    end = frame.width - frame.right
    return format_html(
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="2" stroke-dasharray="6 4"/>{}',
        frame.left,
        end,
        y,
        y,
        LIMIT,
        _text(end, y - 5, "end", LIMIT, f"{label} {value_format(value)}"),
    )


def _path(frame, values, slot, top_value):
    commands, pen_down = [], False
    for i, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        commands.append(f"{'L' if pen_down else 'M'}{round(frame.left + slot * i, 1)} {frame.y(value, top_value)}")
        pen_down = True
    return "".join(commands)


def _series_names(frame, series, top_value):
    """The name of each line at its end, moved apart where two ends meet."""
    ends = []
    for i, (name, values) in enumerate(series):
        last = next((v for v in reversed(values) if v is not None), None)
        if last is not None:
            ends.append((frame.y(last, top_value) + 4, name, SERIES[i % 4]))
    placed, lowest = [], 0
    for y, name, colour in sorted(ends):
        lowest = max(y, lowest + FONT + 3)
        placed.append((_text(frame.width - frame.right + 8, lowest, "start", colour, name),))
    return format_html_join("", "{}", placed)


def _table(caption, heads, rows):
    head = format_html(
        '<thead><tr><th scope="col"><span class="k-vh">{}</span></th>{}</tr></thead>',
        _("Entry"),
        format_html_join("", '<th scope="col" class="k-num">{}</th>', ((h,) for h in heads or [_("Value")])),
    )
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        ((label, format_html_join("", '<td class="k-num">{}</td>', ((v,) for v in values))) for label, values in rows),
    )
    return format_html(
        '<table class="k-table"><caption class="k-vh">{}</caption>{}<tbody>{}</tbody></table>', caption, head, body
    )


def _figure(title, description, frame, drawing, table, *, legend=""):
    key = f"grafik-{slugify(title)}"
    return format_html(
        '<figure class="k-chart"><figcaption>{}</figcaption>'
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="{}-t {}-d" font-family="inherit"><title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>{}'
        "<details><summary>{}</summary>{}</details></figure>",
        title,
        frame.width,
        frame.height,
        key,
        key,
        key,
        title,
        key,
        description,
        drawing,
        legend,
        _("Show as a table"),
        table,
    )
