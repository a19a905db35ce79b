"""The table as a whole: 34 rows, each with tests of its own, each saying in Indonesian what domain.md C says."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from participants.eligibility.evaluation import places
from participants.eligibility.rules import RULES

CODES = [f"C{n:02d}" for n in range(1, 35)]
# What the message of each row is about, in the words of the programme.
SAID = {
    **{"C01": "dihentikan sementara", "C02": "Disdukcapil", "C03": "meninggal", "C04": "Disdukcapil"},
    **{"C05": "Kota Bekasi", "C06": "sampai akhir perawatan", "C07": "dapat diproses", "C08": "KK belum terdaftar"},
    **{
        "C09": "Kepesertaan",
        "C10": "KTP-el",
        "C11": "tidak tercantum",
        "C12": "PBI JKN",
        "C13": "JKN",
        "C14": "JKN aktif",
    },
    **{"C15": "JKN tidak aktif", "C16": "jaminan sementara", "C17": "Masih dijamin", "C18": "pelengkap"},
    **{"C19": "Jasa Raharja", "C20": "BPJS Ketenagakerjaan", "C21": "akta", "C22": "PBI", "C23": "28 hari"},
    **{"C24": "rekomendasi Dinas Sosial", "C25": "Dijamin dalam masa", "C26": "rujukan", "C27": "Gawat darurat"},
    **{"C28": "kerja sama", "C29": "kelas III", "C30": "tidak dijamin", "C31": "plafon", "C32": "verifikasi"},
    **{"C33": "KTP dan KK", "C34": "Dijamin KSB"},
}


def named_after_rows():
    names = Counter()
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and (found := re.match(r"test_(c\d\d)_", node.name)):
                names[found[1].upper()] += 1
    return names


def test_every_row_of_the_table_is_a_rule_in_its_order():
    codes = list(dict.fromkeys(rule.code for rule in RULES))
    assert sorted(codes) == CODES
    assert codes == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_row_has_tests_named_after_it(code):
    assert named_after_rows()[code] >= 2, f"{code} needs a test in which it speaks and one in which it does not"


@pytest.mark.parametrize("code", CODES)
def test_every_row_says_in_indonesian_what_the_table_says(code):
    with override("id"):
        texts = [gettext(rule.message) for rule in RULES if rule.code == code]
    assert any(SAID[code].lower() in text.lower() for text in texts), texts


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_both_languages_mention_the_same_facts(rule):
    with override("id"):
        assert sorted(places(gettext(rule.message))) == sorted(places(rule.message))
    assert rule.law
