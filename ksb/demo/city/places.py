"""Where people live and come from. Shares are approximate and serve the demonstration only."""

from ksb.demo.city.people import Home
from ksb.demo.city.words import words

PROVINCE, CITY = "32", "75"
KECAMATAN_SHARES = {
    "01": 100, "02": 111, "03": 130, "04": 85, "05": 88, "06": 64,
    "07": 45, "08": 100, "09": 99, "10": 50, "11": 88, "12": 53,
}  # fmt: skip

# (first four digits of a NIK, number of kecamatan to draw from, birth place, weight)
ORIGINS = (
    ("3171", 8, "JAKARTA", 8),
    ("3172", 6, "JAKARTA", 10),
    ("3175", 10, "JAKARTA", 16),
    ("3216", 23, "BEKASI", 14),
    ("3201", 20, "BOGOR", 4),
    ("3276", 6, "DEPOK", 3),
    ("3205", 20, "GARUT", 3),
    ("3206", 20, "TASIKMALAYA", 2),
    ("3208", 20, "KUNINGAN", 3),
    ("3209", 20, "CIREBON", 4),
    ("3215", 20, "KARAWANG", 3),
    ("3273", 20, "BANDUNG", 3),
    ("3302", 20, "BANYUMAS", 3),
    ("3305", 20, "KEBUMEN", 4),
    ("3310", 20, "KLATEN", 3),
    ("3312", 20, "WONOGIRI", 3),
    ("3327", 14, "PEMALANG", 2),
    ("3328", 18, "TEGAL", 4),
    ("3329", 17, "BREBES", 4),
    ("3374", 16, "SEMARANG", 2),
    ("3471", 14, "YOGYAKARTA", 2),
    ("3578", 20, "SURABAYA", 2),
    ("3573", 5, "MALANG", 1),
    ("1271", 20, "MEDAN", 3),
    ("1212", 16, "TOBA", 2),
    ("1371", 11, "PADANG", 3),
    ("1671", 15, "PALEMBANG", 2),
    ("1871", 13, "BANDAR LAMPUNG", 2),
    ("7171", 9, "MANADO", 1),
    ("7371", 14, "MAKASSAR", 1),
    ("8171", 5, "AMBON", 1),
    ("9171", 5, "JAYAPURA", 1),
)
CITY_BIRTH_PLACES = (
    "BEKASI",
    "BEKASI",
    "BEKASI",
    "BEKASI",
    "BEKASI",
    "JAKARTA",
    "JAKARTA",
    "BANDUNG",
    "TEGAL",
    "CIREBON",
)
# where those who leave go: (address, province, city, kecamatan, kelurahan)
DESTINATIONS = (
    ("JL. RAYA SETU NO. 18", "32", "16", "4", "2003"),
    ("PERUM GRAHA CIKARANG BLOK D NO. 5", "32", "16", "11", "2006"),
    ("JL. MARGONDA GG. MELATI NO. 9", "32", "76", "6", "1002"),
    ("JL. PONDOK KELAPA NO. 44", "31", "75", "6", "1004"),
    ("JL. KEBON JERUK NO. 3", "31", "73", "5", "1001"),
    ("DUSUN KARANGANYAR", "33", "5", "12", "2007"),
    ("JL. SLAMET RIYADI NO. 71", "33", "72", "2", "1003"),
    ("JL. KALIURANG KM 7", "34", "4", "10", "2001"),
    ("JL. SISINGAMANGARAJA NO. 12", "12", "71", "9", "1005"),
)


class Places:
    """Draws homes and origins with ``chance`` (a function to [0, 1))."""

    def __init__(self, chance, kelurahan):
        self._chance = chance
        self._kelurahan = kelurahan
        self._streets, self._kampung, self._estates = (
            words("places", key) for key in ("streets", "kampung", "estates")
        )
        self._origins = [origin[:3] for origin in ORIGINS for _ in range(origin[3])]

    def home(self, kecamatan):
        """A home in the two-digit ``kecamatan``."""
        kelurahan = self._pick(self._kelurahan[kecamatan])[0]
        rt, rw = 1 + int(self._chance() * 12), 1 + int(self._chance() * 25)
        if self._chance() < 0.97:
            rt, rw = f"{rt:03d}", f"{rw:03d}"
        return Home(self._address(), str(rt), str(rw), PROVINCE, CITY, str(int(kecamatan)), kelurahan)

    def elsewhere(self):
        """The new home of somebody who left the city."""
        address, province, city, kecamatan, kelurahan = self._pick(DESTINATIONS)
        return Home(address, "002", "005", province, city, kecamatan, kelurahan)

    def local(self, kecamatan):
        """``(region of the NIK, birth place)`` of somebody first registered in this city."""
        if self._chance() >= 0.8:
            kecamatan = f"{1 + int(self._chance() * 12):02d}"
        return f"{PROVINCE}{CITY}{kecamatan}", self._pick(CITY_BIRTH_PLACES)

    def origin(self):
        """``(region of the NIK, birth place)`` of somebody first registered elsewhere."""
        prefix, count, place = self._pick(self._origins)
        return f"{prefix}{1 + int(self._chance() * count):02d}", place

    def _address(self):
        kind, number = self._chance(), 1 + int(self._chance() * 180)
        if kind < 0.45:
            return f"JL. {self._pick(self._streets)} NO. {number}"
        if kind < 0.55:
            return f"JL. {self._pick(self._streets)} GG. {self._pick(self._streets)} NO. {number}"
        if kind < 0.75:
            return f"KP. {self._pick(self._kampung)}"
        return (
            f"PERUM {self._pick(self._estates)} BLOK {'ABCDEFGHJK'[number % 10]}{1 + number % 14} NO. {1 + number % 37}"
        )

    def _pick(self, options):
        return options[int(self._chance() * len(options))]
