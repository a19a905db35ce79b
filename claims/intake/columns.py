"""The 78 columns of the e-Klaim TXT export (manual of E-Klaim 5.x, ``file_teks``), by name: files carry them in any order."""

from claims.enums import LineKind

_ORDER = """
    KODE_RS KELAS_RS KELAS_RAWAT KODE_TARIF PTD ADMISSION_DATE DISCHARGE_DATE BIRTH_DATE BIRTH_WEIGHT SEX
    DISCHARGE_STATUS DIAGLIST PROCLIST ADL1 ADL2 IN_SP IN_SR IN_SI IN_SD INACBG
    SUBACUTE CHRONIC SP SR SI SD DESKRIPSI_INACBG TARIF_INACBG TARIF_SUBACUTE TARIF_CHRONIC
    DESKRIPSI_SP TARIF_SP DESKRIPSI_SR TARIF_SR DESKRIPSI_SI TARIF_SI DESKRIPSI_SD TARIF_SD TOTAL_TARIF TARIF_RS
    TARIF_POLI_EKS LOS ICU_INDIKATOR ICU_LOS VENT_HOUR NAMA_PASIEN MRN UMUR_TAHUN UMUR_HARI DPJP
    SEP NOKARTU PAYOR_ID CODER_ID VERSI_INACBG VERSI_GROUPER C1 C2 C3 C4
    PROSEDUR_NON_BEDAH PROSEDUR_BEDAH KONSULTASI TENAGA_AHLI KEPERAWATAN
    PENUNJANG RADIOLOGI LABORATORIUM PELAYANAN_DARAH REHABILITASI
    KAMAR_AKOMODASI RAWAT_INTENSIF OBAT ALKES BMHP SEWA_ALAT OBAT_KRONIS OBAT_KEMO
"""
COLUMNS = tuple(_ORDER.split())
KNOWN = frozenset(COLUMNS)
COSTS = COLUMNS[60:]
# Versions before 5.2 (2017) had no cost block, those before 5.3 (2019) not its last two columns.
COSTS_OF_5_2 = COSTS[:-2]
REQUIRED = COLUMNS[:60]
DAYS = ("ADMISSION_DATE", "DISCHARGE_DATE", "BIRTH_DATE")
COUNTS = ("KELAS_RAWAT", "PTD", "SEX", "DISCHARGE_STATUS", "LOS", "UMUR_HARI")

# The parts of TOTAL_TARIF: kind of line, its price, its code, its description.
PARTS = (
    (LineKind.INACBG, "TARIF_INACBG", "INACBG", "DESKRIPSI_INACBG"),
    (LineKind.SUBACUTE, "TARIF_SUBACUTE", "SUBACUTE", "SUBACUTE"),
    (LineKind.CHRONIC, "TARIF_CHRONIC", "CHRONIC", "CHRONIC"),
    (LineKind.SPECIAL_PROCEDURE, "TARIF_SP", "SP", "DESKRIPSI_SP"),
    (LineKind.SPECIAL_PROSTHESIS, "TARIF_SR", "SR", "DESKRIPSI_SR"),
    (LineKind.SPECIAL_INVESTIGATION, "TARIF_SI", "SI", "DESKRIPSI_SI"),
    (LineKind.SPECIAL_DRUG, "TARIF_SD", "SD", "DESKRIPSI_SD"),
)
AMOUNTS = ("TOTAL_TARIF", "TARIF_RS", *(price for _kind, price, _code, _text in PARTS), *COSTS)
# The columns our own file of rows to correct adds; e-Klaim does not know them. The first tells which row a corrected one
# replaces (``<number of the batch>#<line>``), the second is ignored.
ORIGIN = "BARIS_ASAL"
REASON = "ALASAN_PENOLAKAN"


def sql_type(name):
    """The type a column has while the file is judged."""
    if name in DAYS:
        return "date"
    if name in COUNTS:
        return "integer"
    return "bigint" if name in AMOUNTS else "text"


def absent(names):
    """Columns a header with these ``names`` should have and has not. The cost block may be missing, wholly or its last two."""
    missing = [name for name in REQUIRED if name not in names]
    if any(name in names for name in COSTS):
        missing += [name for name in COSTS_OF_5_2 if name not in names]
    return missing
