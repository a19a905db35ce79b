"""A URLconf with every component of the kit on a page, for the tests of the kit alone."""

import datetime
from pathlib import Path

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.views.i18n import set_language

from ksb.core import charts
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.forms import BirthDateField, KkField, KsbForm, NikField, RupiahField
from ksb.core.paging import Page
from ksb.core.ratelimit import TooMany


class EveryWidget(KsbForm):
    nik = NikField()
    kk_number = KkField(required=False)
    born = BirthDateField()
    amount = RupiahField(label="Nilai")
    sex = forms.ChoiceField(
        label="Jenis kelamin", choices=[("L", "Laki-laki"), ("P", "Perempuan")], widget=forms.RadioSelect
    )
    papers = forms.MultipleChoiceField(
        label="Dokumen",
        choices=[("ktp", "KTP-el"), ("kk", "Kartu keluarga")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Yang dibawa pasien",
    )
    hospital = forms.ChoiceField(label="Rumah sakit", choices=[("", "Pilih"), ("1", "RSUD dr. Chasbullah Abdulmadjid")])
    complaint = forms.CharField(label="Keluhan", widget=forms.Textarea, help_text="Dengan kata-kata pasien")
    file = forms.FileField(label="Berkas", required=False)
    agreed = forms.BooleanField(label="Saya sudah mencocokkan KTP dengan orangnya")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


PAGES = Path(__file__).parent / "kit_pages"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
NIK = "3275010000000012"


def draw(request, name, **context):
    source = (PAGES / f"{name}.html").read_text()
    return HttpResponse(engines["django"].from_string(source).render(context, request))


@login_not_required
def form(request):
    return draw(request, "form", form=EveryWidget(request.POST) if request.method == "POST" else EveryWidget())


@login_not_required
def show(request):
    return draw(
        request,
        "show",
        amount=90_900_000_000,
        nik=NIK,
        numbers=["KLM-2026-000001", "KLM-2026-000002"],
        page=Page([], "next", "previous", "page"),
        facts=[
            ("Nomor KK", "3275 1000 0000 0333"),
            ("Alamat", "Jl. Mawar No. 134 RT 010 RW 001", "/"),
            ("Telepon", ""),
        ],
        reasons=[
            {"sentiment": "ok", "message": "Penduduk Kota Bekasi", "law": "Perda 9/2018"},
            {"sentiment": "bad", "message": "JKN aktif", "source": "JKN", "source_at": datetime.date(2026, 11, 1)},
        ],
        bar=charts.bar_chart("Realisasi", [(m, 7e9) for m in MONTHS], target=("Pagu", 9e9)),
        line=charts.line_chart("SJP", MONTHS, [("RSUD", [120] * 12), ("RS swasta", [*range(10, 120, 10), None])]),
        budget=charts.budget_bar(
            "Anggaran", total=100, parts=[("realised", "Realisasi", 60), ("reserved", "Reservasi", 10)]
        ),
    )


@login_not_required
def done(request):
    return draw(request, "done")


@login_not_required
def resident(request):
    return draw(request, "resident", nik=NIK, numbers=range(5))


REFUSALS = {
    400: BadRequest(),
    403: PermissionDenied(),
    4031: NotAllowed("Peran Anda tidak mencakup langkah ini."),
    409: WrongState("Keadaannya sekarang “Digunakan”."),
    4091: Refused("Berkas sudah diajukan."),
    429: TooMany("Coba lagi dalam 5 menit.", 300),
    500: RuntimeError("a secret of the program"),
}


@login_not_required
def refuse(request, code):
    raise REFUSALS[code]


urlpatterns = [
    path("", show, name="home"),
    path("notices/", show, name="notices"),
    path("form/", form),
    path("done/", done),
    path("resident/", resident),
    path("refuse/<int:code>/", refuse),
    path("login/", login_not_required(LoginView.as_view()), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", PasswordChangeView.as_view(success_url="/"), name="password_change"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
]
