"""PDF that is written while it is drawn, for thousands of small drawings of one kind: a finished page leaves the memory.

Letters are WeasyPrint's; it spends ten times as long on a page full of short lines (docs/decisions/0011). Lengths are
millimetres, y runs downwards from the top left corner, sizes of type are points, colours are ``#rrggbb``. Text is one family
in regular and bold, in the letters of Windows-1252; others become a question mark.
"""

import functools
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

POINT = 25.4 / 72  # one point in millimetres
ENCODING = "cp1252"
ELLIPSIS = "…"
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts")


@dataclass(frozen=True)
class Font:
    """A TrueType font cut down to Windows-1252. ``widths`` are of the 256 codes, in thousandths of the size."""

    name: str
    widths: tuple[int, ...]
    box: tuple[int, ...]
    ascent: int
    descent: int
    file: bytes

    def width(self, text, size):
        """Length of ``text`` in millimetres."""
        return sum(self.widths[code] for code in _encoded(text)) * size * POINT / 1000

    def fitted(self, text, size, room):
        """``text``, cut with an ellipsis where it is longer than ``room`` millimetres."""
        if self.width(text, size) <= room:
            return text
        while text and self.width(text + ELLIPSIS, size) > room:
            text = text[:-1].rstrip()
        return text + ELLIPSIS

    def lines(self, text, size, room):
        """``text`` broken between words into lines of at most ``room`` millimetres."""
        found = [""]
        for word in text.split():
            longer = f"{found[-1]} {word}".strip()
            if self.width(longer, size) <= room:
                found[-1] = longer
            else:
                found.append(word)
        return found


@functools.cache
def font(bold=False):
    """The font of LETTER_FONT, read once for a process."""
    style = "Bold" if bold else "Regular"
    name = f"{settings.LETTER_FONT.replace(' ', '')}-{style}"
    found = (path for folder in FOLDERS for path in Path(folder).expanduser().rglob(f"{name}.ttf"))
    path = next(found, None)
    if path is None:
        raise ImproperlyConfigured(
            f"{name}.ttf is not installed (LETTER_FONT); on Debian: apt install fonts-liberation"
        )
    return _read(path, name)


def _read(path, name):
    letters = {code: bytes([code]).decode(ENCODING, "ignore") for code in range(32, 256)}
    options = Options(hinting=False, layout_features=[], notdef_outline=True)
    options.drop_tables += ["FFTM"]  # a time stamp of the font's editor
    cut = TTFont(path, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(letters.values()))
    subsetter.subset(cut)
    glyphs, per_em, head, heights = cut.getBestCmap(), cut["head"].unitsPerEm, cut["head"], cut["hhea"]

    def scaled(value):
        return round(value * 1000 / per_em)

    widths = [0] * 256
    for code, letter in letters.items():
        if letter and ord(letter) in glyphs:
            widths[code] = scaled(cut["hmtx"][glyphs[ord(letter)]][0])
    file = io.BytesIO()
    cut.save(file)
    box = tuple(map(scaled, (head.xMin, head.yMin, head.xMax, head.yMax)))
    return Font(name, tuple(widths), box, scaled(heights.ascent), scaled(heights.descent), file.getvalue())


class Pen:
    """Collects what is drawn; ``drawn()`` are the instructions of a page or of a form."""

    def __init__(self):
        self._acts = []

    def at(self, x, y, other, scale=1):
        """What ``other`` has drawn, with its corner at ``x``, ``y``."""
        self._acts.append(f"q {scale:.4g} 0 0 {scale:.4g} {x:.3f} {-y:.3f} cm {other.drawn()} Q")

    def form(self, name):
        """A drawing kept in the document under ``name``."""
        self._acts.append(f"/{name} Do")

    def colour(self, colour):
        red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        self._acts.append(f"{red:.3f} {green:.3f} {blue:.3f} rg")

    def boxes(self, boxes):
        """Filled rectangles ``(x, y, width, height)``."""
        self._acts.append(" ".join(f"{x:g} {-y:g} {w:g} {-h:g} re" for x, y, w, h in boxes) + " f")

    def text(self, x, y, text, size, *, bold=False):
        """One line with its baseline at ``y``."""
        self._acts.append(f"BT /F{int(bold)} {size * POINT:.3f} Tf {x:.3f} {-y:.3f} Td <{_encoded(text).hex()}> Tj ET")

    def drawn(self):
        return " ".join(self._acts)


class Document:
    """A PDF on its way into ``file``, which is only written to, never read or wound back.

    ``forms`` are Pens by name, drawn once in the room of ``size`` (width, height) and used on any page. The same pages give
    the same bytes.
    """

    def __init__(self, file, *, title, forms, size):
        self._file, self._length, self._places, self._pages = file, 0, [], []
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._tree, self._resources = self._number(), self._number()
        fonts = " ".join(f"/F{int(bold)} {self._font(font(bold))} 0 R" for bold in (False, True))
        form = (
            f"/Type /XObject /Subtype /Form /BBox [0 {-size[1]:g} {size[0]:g} 0] /Resources << /Font << {fonts} >> >>"
        )
        shapes = " ".join(f"/{name} {self._stream(pen.drawn().encode(), form)} 0 R" for name, pen in forms.items())
        self._put(f"<< /Font << {fonts} >> /XObject << {shapes} >> >>", self._resources)
        self._info = self._put(f"<< /Title <{title.encode('utf-16').hex()}> >>")

    def page(self, width, height, pen):
        """A page of that size with what the pen has drawn."""
        scale = 1 / POINT
        content = f"{scale:.6f} 0 0 {scale:.6f} 0 {height * scale:.3f} cm {pen.drawn()}".encode()
        number = self._stream(content)
        box = f"[0 0 {width * scale:.3f} {height * scale:.3f}]"
        self._pages.append(
            self._put(
                f"<< /Type /Page /Parent {self._tree} 0 R /MediaBox {box} /Resources {self._resources} 0 R "
                f"/Contents {number} 0 R >>"
            )
        )

    def close(self):
        """Write the list of pages and the table of contents. The file itself stays open."""
        pages = " ".join(f"{number} 0 R" for number in self._pages)
        self._put(f"<< /Type /Pages /Count {len(self._pages)} /Kids [{pages}] >>", self._tree)
        root = self._put(f"<< /Type /Catalog /Pages {self._tree} 0 R /Lang (id-ID) >>")
        start, count = self._length, len(self._places) + 1
        table = "".join(f"{place:010d} 00000 n \n" for place in self._places)
        self._write(f"xref\n0 {count}\n0000000000 65535 f \n{table}".encode())
        self._write(
            f"trailer << /Size {count} /Root {root} 0 R /Info {self._info} 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
        )

    def _font(self, font):
        """Number of the font dictionary: a simple TrueType font with the file in it."""
        file = self._stream(font.file, f"/Length1 {len(font.file)}")
        box = " ".join(map(str, font.box))
        described = self._put(
            f"<< /Type /FontDescriptor /FontName /KSBAAA+{font.name} /Flags 32 /FontBBox [{box}] /ItalicAngle 0 "
            f"/Ascent {font.ascent} /Descent {font.descent} /CapHeight {font.ascent} /StemV 80 /FontFile2 {file} 0 R >>"
        )
        widths = " ".join(map(str, font.widths[32:]))
        return self._put(
            f"<< /Type /Font /Subtype /TrueType /BaseFont /KSBAAA+{font.name} /Encoding /WinAnsiEncoding "
            f"/FirstChar 32 /LastChar 255 /Widths [{widths}] /FontDescriptor {described} 0 R >>"
        )

    def _stream(self, content, entries=""):
        packed = zlib.compress(content, 6)
        head = f"<< {entries} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
        return self._put(head + packed + b"\nendstream")

    def _number(self):
        self._places.append(0)
        return len(self._places)

    def _put(self, body, number=None):
        number = number or self._number()
        self._places[number - 1] = self._length
        body = body.encode() if isinstance(body, str) else body
        self._write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
        return number

    def _write(self, data):
        self._file.write(data)
        self._length += len(data)


def _encoded(text):
    return text.encode(ENCODING, "replace")
