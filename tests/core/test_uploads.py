"""What somebody hands in is judged by its content, made harmless, and given out so that it cannot act."""

import io
import socket
import struct
import sys
import threading
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory
from PIL import Image

from ksb.core import scanning, uploads
from ksb.core.errors import Refused
from ksb.core.scanning import Scan
from ksb.core.security import ContentSecurityPolicyMiddleware
from tests.support.scans import pdf, photo


def handed_in(content, name="foto.jpg"):
    return SimpleUploadedFile(name, content)


def refusal_of(content):
    with pytest.raises(Refused) as refusal:
        uploads.judge(handed_in(content))
    return refusal.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_is_drawn_anew_as_jpeg(kind):
    upload = uploads.judge(handed_in(photo(kind)))
    assert upload.media_type == uploads.JPEG
    assert Image.open(io.BytesIO(upload.content)).size == (640, 480)
    assert upload.scan == Scan.NOT_SCANNED


def test_the_name_and_the_said_type_of_a_file_are_not_believed():
    assert uploads.judge(SimpleUploadedFile("x.exe", photo(), "application/x-msdownload")).media_type == uploads.JPEG
    assert refusal_of(b"MZ" + b"\0" * 500) == "unknown_type"
    assert refusal_of(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>") == "unknown_type"
    assert refusal_of(b"") == "unknown_type"


def test_where_and_with_what_a_photo_was_taken_is_not_kept():
    image = Image.new("RGB", (640, 480), "white")
    exif = image.getexif()
    exif[0x010F] = "TELEPON-RAHASIA"
    exif.get_ifd(0x8825)[1] = "S"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"komentar rahasia")
    assert b"TELEPON-RAHASIA" in out.getvalue()
    kept = uploads.judge(handed_in(out.getvalue())).content
    assert b"RAHASIA" not in kept
    assert b"rahasia" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_photo_on_its_side_stands_upright_afterwards():
    image = Image.new("RGB", (640, 480), "white")
    exif = image.getexif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(uploads.judge(handed_in(out.getvalue())).content)).size == (480, 640)


def test_what_hides_behind_a_photo_is_left_behind():
    assert b"<script>" not in uploads.judge(handed_in(photo() + b"<script>alert(1)</script>")).content


def test_a_large_photo_becomes_smaller_and_a_monstrous_one_is_refused():
    kept = uploads.judge(handed_in(photo(size=(5000, 3000)))).content
    assert max(Image.open(io.BytesIO(kept)).size) == uploads.LONGEST_SIDE
    assert refusal_of(photo("PNG", size=(9000, 9000))) == "too_many_pixels"
    assert refusal_of(photo("PNG", size=(20_000, 20_000))) == "too_many_pixels"
    assert refusal_of(photo(size=(50, 50))) == "too_small"


def test_a_file_above_the_limit_is_not_read():
    file = handed_in(photo())
    file.size = uploads.LARGEST + 1
    with pytest.raises(Refused) as refusal:
        uploads.judge(file)
    assert refusal.value.code == "too_large"


@pytest.mark.parametrize("cut", [12, 40, 300])
def test_a_damaged_photo_is_refused_with_a_sentence(cut):
    assert refusal_of(photo()[:cut]) == "damaged"
    assert refusal_of(photo("PNG")[:cut]) == "damaged"


def test_a_plain_pdf_is_kept_as_it_came():
    content = pdf(pages=2)
    upload = uploads.judge(handed_in(content))
    assert (upload.content, upload.media_type, upload.pages) == (content, uploads.PDF, 2)


@pytest.mark.parametrize("name", ["JavaScript", "JS", "Launch", "EmbeddedFile", "Encrypt", "XFA"])
def test_a_pdf_that_acts_is_refused_even_when_it_hides_the_act(name):
    active = f"<< /{name} (x) >>".encode()
    assert refusal_of(pdf(extra=active)) == "active_pdf"
    packed = zlib.compress(active)
    assert refusal_of(pdf(extra=b"<< /Type /ObjStm /N 1 >> stream\n" + packed + b"\nendstream")) == "active_pdf"


def test_a_pdf_without_an_end_or_with_too_many_pages_is_refused():
    assert refusal_of(pdf()[:-8]) == "damaged"
    assert refusal_of(b"%PDF-1.7 nothing %%EOF") == "damaged"
    assert refusal_of(pdf(pages=uploads.MOST_PAGES + 1)) == "too_many_pages"


def test_a_kept_file_has_a_name_that_says_nothing_and_is_nobody_elses_to_read(settings):
    upload = uploads.judge(handed_in(photo(), "ktp-3275010101900001.jpg"))
    path = uploads.keep(upload, "applications")
    stored = settings.MEDIA_ROOT / path
    assert "3275" not in path
    assert stored.read_bytes() == upload.content
    assert stored.stat().st_mode & 0o077 == 0
    uploads.forget(path)
    uploads.forget(path)
    assert not stored.exists()


def test_a_file_is_handed_out_so_that_it_cannot_act(settings):
    for content, disposition in ((photo(), "inline"), (pdf(), "attachment")):
        upload = uploads.judge(handed_in(content))
        path = uploads.keep(upload, "applications")

        def answer(request, path=path, upload=upload):
            return uploads.hand_out(path, media_type=upload.media_type, name="dokumen")

        response = ContentSecurityPolicyMiddleware(answer)(RequestFactory().get("/"))
        assert response.headers["Content-Disposition"].startswith(disposition)
        assert response.headers["Content-Type"] == upload.media_type
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"].endswith("; sandbox")
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.content == upload.content


def test_other_pages_are_not_sandboxed():
    response = ContentSecurityPolicyMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert "sandbox" not in response.headers["Content-Security-Policy"]


# The virus scanner


def command(code):
    return f"{sys.executable} -c 'import sys; sys.stdin.buffer.read(); sys.exit({code})'"


def test_a_command_says_clean_or_infected(settings):
    settings.UPLOAD_SCANNER = command(0)
    assert uploads.judge(handed_in(photo())).scan == Scan.CLEAN
    settings.UPLOAD_SCANNER = command(1)
    assert refusal_of(photo()) == "infected"


@pytest.mark.parametrize("scanner", ["/no/such/scanner", "clamd:///no/such/socket", "clamd://127.0.0.1:1"])
def test_a_scanner_that_does_not_answer_lets_nothing_in(settings, scanner):
    settings.UPLOAD_SCANNER = scanner
    assert refusal_of(photo()) == "scanner_down"
    settings.UPLOAD_SCANNER = command(3)
    assert refusal_of(photo()) == "scanner_down"


@pytest.mark.parametrize("place", ["socket", "port"])
def test_clamd_is_sent_the_whole_file_and_its_verdict_is_taken(settings, tmp_path, place):
    received = []
    server = socket.socket(socket.AF_UNIX if place == "socket" else socket.AF_INET)
    server.bind(str(tmp_path / "clamd") if place == "socket" else ("127.0.0.1", 0))
    server.listen()
    settings.UPLOAD_SCANNER = (
        f"clamd://{tmp_path}/clamd" if place == "socket" else f"clamd://127.0.0.1:{server.getsockname()[1]}"
    )

    def serve():
        for verdict in (b"stream: OK\0", b"stream: Eicar-Test-Signature FOUND\0", b"stream: size limit ERROR\0"):
            connection, _address = server.accept()
            with connection, connection.makefile("rb") as reader:
                assert reader.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack("!I", reader.read(4))[0]:
                    content += reader.read(length)
                received.append(content)
                connection.sendall(verdict)

    thread = threading.Thread(target=serve)
    thread.start()
    content = photo(size=(1500, 1500)) + b"\0" * scanning.CHUNK
    assert scanning.scan(content) == Scan.CLEAN
    for code in ("infected", "scanner_down"):
        with pytest.raises(Refused) as refusal:
            scanning.scan(content)
        assert refusal.value.code == code
    thread.join()
    server.close()
    assert received == [content] * 3
