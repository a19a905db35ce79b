"""NIK, KK and JKN card numbers: unique over the whole city without remembering all of it."""

NIK_SLOTS = 14  # one for each of twelve kecamatan, one for tonight's moves, one for malformed lines
MOVES_SLOT, TRAPS_SLOT = 12, 13
FOREIGN_SERIAL = 9000
CARD_STRIDE = 1_234_577  # coprime to 10**10, so that consecutive cards look unrelated and never meet
KK_YEARS = 16


class NikBook:
    """Hands out NIKs of one slot. A NIK is region, birth date (women + 40 on the day) and serial number; slots share out
    the serial numbers, so that a book of one kecamatan can be thrown away when the next begins."""

    def __init__(self, calendar, slot):
        self._code = calendar.code
        self._slot = slot
        self._last = {}

    def new(self, region, sex, born):
        """A fresh NIK for somebody first registered in the six-digit ``region``."""
        stem = region + self._code[sex][born]
        count = self._last.get(stem, 0)
        self._last[stem] = count + 1
        return f"{stem}{count * NIK_SLOTS + self._slot + 1:04d}"


def foreign_nik(calendar, region, sex, born, chance):
    """A NIK of somebody who never lived here: serials from 9000 on are given to no resident."""
    return f"{region}{calendar.code[sex][born]}{FOREIGN_SERIAL + int(chance * 999):04d}"


def kk_numbers(region, sizes, chance, calendar):
    """``(number, day of issue, size)`` of one kecamatan's families in ascending order of the number."""
    last, span, code = calendar.today - 1, int(KK_YEARS * 365), calendar.code[1]
    days = [last - int(chance() * span) for _ in sizes]
    previous, serial = None, 0
    for text, day, size in sorted((code[day], day, size) for day, size in zip(days, sizes, strict=True)):
        serial = serial + 1 if text == previous else 1
        previous = text
        yield f"{region}{text}{serial:04d}", day, size


def jkn_card(count):
    """The 13-digit card number of the ``count``-th insured person."""
    return f"000{count * CARD_STRIDE % 10**10:010d}"
