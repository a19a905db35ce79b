"""What people of Bekasi are called: Betawi, Sundanese, Javanese, Minang, Batak, Chinese-Indonesian and eastern names,
by generation; one-word names, apostrophes and titles in their usual shares. Upper case, as the registry keeps them."""

from ksb.demo.city.people import FEMALE, MALE
from ksb.demo.city.words import words

ELDERS, PARENTS, YOUTH = "elders", "parents", "youth"
SEXES = {MALE: "male", FEMALE: "female"}

TITLES_BEFORE = {MALE: ("H. ", "H. ", "H. ", "DRS. ", "IR. ", "K.H. "), FEMALE: ("HJ. ", "HJ. ", "HJ. ", "DRA. ")}
TITLES_BEHIND = (", S.PD", ", S.E.", ", S.KOM", ", A.MD", ", S.H.", ", M.M.")
CLAN_SHARE = 0.07
ONE_WORD = {ELDERS: 0.25, PARENTS: 0.03, YOUTH: 0.01}
CHRISTIAN_SHARE_OF_CLANS = 0.75


class Names:
    """Draws names with ``chance`` (a function to [0, 1)). ``today`` is an ordinal."""

    def __init__(self, chance, today):
        self._chance = chance
        cohorts = [(sex, cohort) for sex in SEXES for cohort in ONE_WORD]
        self._first = {key: words("first", SEXES[key[0]], key[1]) for key in cohorts}
        self._second = {key: words("second", SEXES[key[0]], key[1]) for key in cohorts}
        self._christian = {sex: words("christian", name) for sex, name in SEXES.items()}
        self._clans = words("families", "clans")
        self._elders_before = today - 60 * 365
        self._parents_before = today - 27 * 365

    def clan(self):
        """The clan name of a family that has one, else an empty text."""
        return self._pick(self._clans) if self._chance() < CLAN_SHARE else ""

    def person(self, sex, born, clan=""):
        cohort = ELDERS if born < self._elders_before else PARENTS if born < self._parents_before else YOUTH
        if clan:
            christian = self._chance() < CHRISTIAN_SHARE_OF_CLANS
            return f"{self._pick(self._christian[sex] if christian else self._first[sex, cohort])} {clan}"
        name = self._pick(self._first[sex, cohort])
        if self._chance() >= ONE_WORD[cohort]:
            name = f"{name} {self._pick(self._second[sex, cohort])}"
        return self._titled(name, sex) if cohort != YOUTH and self._chance() < 0.03 else name

    def _titled(self, name, sex):
        if self._chance() < 0.1:
            return name + self._pick(TITLES_BEHIND)
        return self._pick(TITLES_BEFORE[sex]) + name

    def _pick(self, options):
        return options[int(self._chance() * len(options))]
