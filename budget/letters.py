"""The budget on paper: receipt (L17), attachment of the SPP (L18), realisation (L19), ageing of debts (L20)."""

from django.db.models import Q, Sum
from django.utils.timezone import localdate

from budget import sources
from budget.enums import PAID
from budget.models import PaymentPart
from ksb.core.formats import terbilang
from ksb.core.letters import Letter, Signatory, Unit

STAMP_FROM = 5_000_000  # rupiah; UU 10/2020 Pasal 3: a receipt above it bears a duty stamp


def _dots(capacity):
    return Signatory(capacity=capacity, name="(................................)")


def _person(capacity, person):
    return Signatory(capacity=capacity, name=str(person), nip=person.nip) if person else _dots(capacity)


def _months(payment):
    """The months of service a payment pays, oldest first."""
    return sorted({part.bahv.batch.service_month for part in payment.parts.select_related("bahv__batch")})


def _numbers(payment):
    parts = payment.parts.select_related("bahv").order_by("bahv", "pk")
    return list(dict.fromkeys((part.bahv.number, localdate(part.bahv.drawn_at)) for part in parts))


def receipt(payment):
    """L17, the hospital's receipt, prepared for the director to sign."""
    hospital = payment.hospital
    return Letter(
        template="letters/receipt.html",
        title="Kuitansi",
        number=payment.receipt_number or "-",
        dated=payment.receipt_date or localdate(payment.proposed_at),
        unit=Unit(name=hospital.name, address=hospital.address),
        facts={
            "hospital": {"name": hospital.name, "public": hospital.is_public},
            "from": "Bendahara Pengeluaran Dinas Kesehatan Kota Bekasi",
            "amount": payment.amount,
            "set_off": payment.set_off,
            "transfer": payment.transfer,
            "in_words": terbilang(payment.amount),
            "months": _months(payment),
            "bahvs": _numbers(payment),
            "contract": payment.contract_number,
            "bank": payment.bank_name,
            "account": payment.bank_account,
            "holder": payment.bank_holder,
            "tax_number": payment.tax_number,
            "stamp": payment.amount > STAMP_FROM,
        },
        signatories=(
            Signatory(
                capacity="Direktur",
                name=hospital.director or "(................................)",
                nip=hospital.director_nip,
            ),
        ),
    )


def bill_resume(payment):
    """L18, the attachment of the SPP-LS: what the lines bear already and what this payment takes from them."""
    return Letter(
        template="letters/bill_resume.html",
        title="Resume Tagihan (Lampiran SPP-LS)",
        number=payment.spp_number or "-",
        dated=payment.spp_date or localdate(payment.proposed_at),
        facts={
            "hospital": payment.hospital.name,
            "hospital_code": payment.hospital.code,
            "service_year": payment.service_year,
            "months": _months(payment),
            "lines": _lines(payment),
            "bahvs": [
                (
                    part.bahv.number,
                    part.bahv.batch.number,
                    part.bahv.batch.service_month,
                    part.line.account,
                    part.amount,
                )
                for part in payment.parts.select_related("bahv__batch", "line").order_by("bahv", "line")
            ],
            "sources": sources.of_payment(payment),
            "amount": payment.amount,
            "set_off": payment.set_off,
            "transfer": payment.transfer,
            "in_words": terbilang(payment.amount),
            "contract": payment.contract_number,
            "tax_number": payment.tax_number,
            "tax": payment.tax_reference,
            "bank": payment.bank_name,
            "account": payment.bank_account,
            "holder": payment.bank_holder,
            "receipt": payment.receipt_number,
            "receipt_date": payment.receipt_date,
            "decree": payment.spm_decree,
        },
        signatories=(
            _person("Pejabat Pelaksana Teknis Kegiatan", payment.proposed_by),
            _person("Bendahara Pengeluaran", payment.spp_by),
        ),
    )


def _lines(payment):
    """Each line of the payment with ceiling, realised before, this payment, left: as of the proposal of this payment."""
    own = dict(payment.parts.order_by().values_list("line").annotate(Sum("amount")))
    earlier = Q(live=True, payment__state__in=PAID) & ~Q(payment=payment)
    if payment.sp2d_at:
        earlier &= Q(payment__sp2d_at__lt=payment.sp2d_at)
    before = dict(
        PaymentPart.objects.filter(earlier, line__in=own).order_by().values_list("line").annotate(Sum("amount"))
    )
    found = []
    for line in (
        part.line for part in payment.parts.select_related("line__year").distinct("line_id").order_by("line_id")
    ):
        spent = before.get(line.pk, 0)
        found.append(
            {
                "name": line.name,
                "sub_activity": line.sub_activity,
                "account": line.account,
                "source": ", ".join(map(str, line.shares.all())) or line.funding_source,
                "dpa": line.year.document,
                "ceiling": line.ceiling,
                "before": spent,
                "now": own[line.pk],
                "left": line.ceiling - spent - own[line.pk],
            }
        )
    return found


def realisation_letter(year, period, found, *, actor, on):
    """L19 as a Letter; ``found`` is what ``realisation.report`` returned."""
    return Letter(
        template="letters/realisation.html",
        title="Laporan Realisasi Anggaran Jaminan Kesehatan Daerah",
        number=f"{year.year}/{period.code}",
        dated=on,
        facts={
            "year": year.year,
            "office": year.office,
            "office_code": year.office_code,
            "dpa": year.document,
            "quarter": period.quarter if period.is_quarter else None,
            "whole_year": period.is_year,
            "until": period.last,
            **found,
            "sources": [(row.source, row.ceiling, row.in_period, row.realised, row.left) for row in found["sources"]],
            "lines": [_row(row) for row in found["lines"]],
            "total": _row(found["total"]),
        },
        signatories=(_person("Pejabat Pelaksana Teknis Kegiatan", actor),),
    )


def _row(row):
    fields = (
        "name",
        "account",
        "original",
        "revised",
        "in_period",
        "realised",
        "unpaid",
        "debt",
        "at_year_end",
        "left",
    )
    return {name: getattr(row, name) for name in fields}


def ageing_letter(rows, total, *, actor, on):
    """L20 as a Letter."""
    return Letter(
        template="letters/debts.html",
        title="Daftar Utang Klaim",
        number=f"{on:%Y/%m/%d}",
        dated=on,
        facts={"rows": rows, "total": total, "on": on},
        signatories=(_person("Pejabat Pelaksana Teknis Kegiatan", actor),),
    )
