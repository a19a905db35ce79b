"""Why a line of a file is not taken, in words, and what to do about it. The codes stand in ``QuarantinedRow.reason``."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Reason:
    sentence: str
    remedy: str


_RE_EXPORT = _("Export the file again, or correct the line and send the file again.")
_AT_THE_SOURCE = _("Correct the person in the source system. The next file brings the correction.")
_AS_TEXT = _("Export numbers as text. Do not open and save the file in a spreadsheet.")
_ISO_DATE = _("Write the date as YYYY-MM-DD, for example 1985-08-17.")

REASONS = {
    # the line as a line
    "EMPTY_LINE": Reason(_("The line is empty."), _("Remove the line.")),
    "LINE_TOO_LONG": Reason(_("The line is longer than any line with one person can be."), _RE_EXPORT),
    "NUL_BYTE": Reason(_("The line holds a zero byte."), _RE_EXPORT),
    "BAD_ENCODING": Reason(_("The line is not written in UTF-8."), _("Export the file as UTF-8.")),
    "BROKEN_QUOTES": Reason(
        _("A quotation mark is opened and not closed."),
        _("Double the quotation marks within a field and close each field."),
    ),
    "COLUMN_COUNT": Reason(
        _("The line has more or fewer columns than the first line of the file."),
        _("Put fields that hold the delimiter between quotation marks; add missing fields."),
    ),
    # who it is
    "NIK_SCIENTIFIC": Reason(_("A spreadsheet has rounded the NIK to the form 3.27E+15."), _AS_TEXT),
    "NIK_NOT_16_DIGITS": Reason(_("The NIK does not have 16 digits."), _AT_THE_SOURCE),
    "NIK_PLACEHOLDER": Reason(_("The NIK is a placeholder and belongs to nobody."), _AT_THE_SOURCE),
    "KK_SCIENTIFIC": Reason(_("A spreadsheet has rounded the KK number to the form 3.27E+15."), _AS_TEXT),
    "KK_NOT_16_DIGITS": Reason(_("The KK number does not have 16 digits."), _AT_THE_SOURCE),
    "NAME_MISSING": Reason(_("The name is missing."), _AT_THE_SOURCE),
    "TEXT_TOO_LONG": Reason(
        _("A name, a place or an address is longer than the registry allows."),
        _("Shorten it in the source system: name 120, place 60, address 255 characters."),
    ),
    "BAD_SEX": Reason(_("The sex is neither 1 (male) nor 2 (female)."), _AT_THE_SOURCE),
    "BIRTH_DATE_INVALID": Reason(_("The date of birth is missing or is not a date in the form YYYY-MM-DD."), _ISO_DATE),
    "BIRTH_DATE_IN_FUTURE": Reason(_("The date of birth lies after the day of the file."), _AT_THE_SOURCE),
    "BAD_RELATION": Reason(_("The relation to the head of the family is not one of 1 to 11."), _AT_THE_SOURCE),
    "BAD_MARITAL_STATUS": Reason(_("The marital status is not one of 1 to 4."), _AT_THE_SOURCE),
    # where and since when
    "REGION_INVALID": Reason(_("Province, city, kecamatan or kelurahan is not a number."), _AT_THE_SOURCE),
    "REGION_UNKNOWN": Reason(
        _("The city has no kelurahan with this code."),
        _("Correct the code in the source system, or add a new kelurahan to the regions."),
    ),
    "ARRIVAL_DATE_INVALID": Reason(_("The date of arrival is not a date in the form YYYY-MM-DD."), _ISO_DATE),
    "ARRIVAL_DATE_IN_FUTURE": Reason(_("The date of arrival lies after the day of the file."), _AT_THE_SOURCE),
    "BAD_EKTP_FLAG": Reason(_("The KTP-el flag is neither 0 nor 1."), _AT_THE_SOURCE),
    "BAD_STATUS_FLAG": Reason(_("The status is not one of 0 to 3."), _AT_THE_SOURCE),
    "STATUS_DATE_INVALID": Reason(_("The date of the status is not a date in the form YYYY-MM-DD."), _ISO_DATE),
    "STATUS_DATE_IN_FUTURE": Reason(_("The date of the status lies after the day of the file."), _AT_THE_SOURCE),
    # beside other lines
    "DUPLICATE_LINE": Reason(
        _("The same line stands in the file twice."), _("Nothing is lost: one of them was taken.")
    ),
    "DUPLICATE_NIK": Reason(
        _("Another line of the file has the same NIK and fits better what is known of the person."),
        _("Find out whose NIK it is; correct or deactivate the other entry in the source system."),
    ),
    # JKN lists
    "CARD_MISSING": Reason(_("The JKN card number is missing."), _AT_THE_SOURCE),
    "BAD_SEGMENT": Reason(
        _("The segment is not known."), _("Write APBN or APBD in a PBI list, a code from 0 to 28 in a BPJS list.")
    ),
    "BAD_JKN_STATUS": Reason(_("The JKN status is not a number."), _AT_THE_SOURCE),
    "BAD_MONTH": Reason(
        _("The month is not the month of the list."),
        _("Send one file a month, with the month as a name or as 1 to 12 and the year with four digits."),
    ),
    "TMT_INVALID": Reason(_("The first day (TMT) is missing or is not a date in the form YYYY-MM-DD."), _ISO_DATE),
    "TAT_INVALID": Reason(_("The last day (TAT) is not a date in the form YYYY-MM-DD."), _ISO_DATE),
    "TAT_BEFORE_TMT": Reason(_("The last day (TAT) lies before the first (TMT)."), _AT_THE_SOURCE),
}


def reason(code):
    """The Reason of ``code``; a code of an older version speaks for itself."""
    return REASONS.get(code) or Reason(code, "")


_LONG_NUMBER = re.compile(r"\d{5,}(?=\d{4})")


def mask_numbers(raw):
    """A raw line as screens show it: of every long number only the last four digits."""
    return _LONG_NUMBER.sub(lambda found: "•" * len(found[0]), raw)
