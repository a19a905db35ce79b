"""A budget line as a bar: realised, owed, reserved, left."""

from django.utils.translation import gettext as _

from ksb.core.charts import budget_bar


def bar_of(line):
    """SVG figure of how far ``line`` is used. Commitments that were paid already count as realised only."""
    return budget_bar(
        line.name,
        total=line.ceiling,
        parts=[
            ("realised", _("Realised"), line.realised),
            ("committed", _("Committed, not paid yet"), max(line.committed - line.realised, 0)),
            ("reserved", _("Reserved by SJPs"), line.reserved),
        ],
    )
