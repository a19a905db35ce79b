"""BPJS, played: V-Claim's Peserta with signed questions and sealed answers (the other half of ``participants.jkn``)."""

import base64
import hashlib
import hmac
import json
import re
import time

from ksb.demo.offices import Office
from participants.jkn.envelope import BLOCK
from participants.jkn.lzstring import ALPHABET, BITS, END, NEW_8, NEW_16

CONS_ID, SECRET, USER_KEY = "12345", "rahasia-bpjs", "kunci-ksb"
SKEW_SECONDS = 300


class Bpjs(Office):
    """``members(nik, day)`` gives a ``peserta`` or None. ``said`` replaces every answer by (code, message)."""

    def __init__(self, members, port=0):
        super().__init__(port)
        self.members, self.said, self.skew_seconds = members, None, SKEW_SECONDS

    def answer(self, method, path, headers, body):
        found = re.fullmatch(r"/vclaim-rest/Peserta/nik/(\d+)/tglSEP/(\d{4}-\d\d-\d\d)", path)
        if not found:
            return 404, {"message": "no Route matched with those values"}
        if self.said:
            return 200, _page(*self.said)
        timestamp = headers.get("X-timestamp", "0")
        if not self._is_signed(headers, timestamp):
            return 200, _page("401", "Unauthorized: X-signature tidak sesuai")
        member = self.members(*found.groups())
        if member is None:
            return 200, _page("201", "NIK Tidak Ditemukan")
        return 200, _page("200", "OK", sealed({"peserta": member}, timestamp))

    def _is_signed(self, headers, timestamp):
        digest = hmac.digest(SECRET.encode(), f"{CONS_ID}&{timestamp}".encode(), "sha256")
        fresh = timestamp.isdigit() and abs(time.time() - int(timestamp)) < self.skew_seconds
        signed = headers.get("X-signature") == base64.b64encode(digest).decode()
        return fresh and signed and headers.get("user_key") == USER_KEY


def member(nik, **values):
    """A ``peserta`` as V-Claim tells it; by default an employee's family, active."""
    return {
        "noKartu": f"000{nik[-10:]}",
        "nik": nik,
        "nama": "SITI AMINAH",
        "pisa": "1",
        "sex": "P",
        "tglLahir": "1990-05-17",
        "tglTMT": "2024-01-01",
        "tglTAT": "2054-01-01",
        "umur": {"umurSekarang": "36 tahun", "umurSaatPelayanan": "36 tahun"},
        "mr": {"noMR": None, "noTelepon": None},
        "provUmum": {"kdProvider": "10250301", "nmProvider": "MARGAHAYU"},
        "jenisPeserta": {"kode": "13", "keterangan": "PEGAWAI SWASTA"},
        "hakKelas": {"kode": "2", "keterangan": "KELAS II"},
        "statusPeserta": {"kode": "0", "keterangan": "AKTIF"},
        "informasi": {"dinsos": None, "noSKTM": None, "prolanisPRB": None, "eSEP": None},
        "cob": {"noAsuransi": None, "nmAsuransi": None, "tglTMT": None, "tglTAT": None},
        **values,
    }


def _page(code, message, response=None):
    return {"metaData": {"code": code, "message": message}, "response": response}


def sealed(value, timestamp):
    """``value`` packed, padded, encrypted: what stands in ``response``."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = hashlib.sha256(f"{CONS_ID}{SECRET}{timestamp}".encode()).digest()
    packed = compress(json.dumps(value)).encode()
    padding = BLOCK - len(packed) % BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:BLOCK])).encryptor()
    return base64.b64encode(encryptor.update(packed + bytes([padding]) * padding) + encryptor.finalize()).decode()


def compress(text):
    """LZ-String's ``compressToEncodedURIComponent``."""
    packer = _Packer()
    for letter in text:
        packer.take(letter)
    return packer.end()


class _Packer:
    def __init__(self):
        self.bits, self.entries, self.fresh = [], {}, set()
        self.word, self.width, self.room = "", 2, 2

    def take(self, letter):
        if letter not in self.entries:
            self._learn(letter)
            self.fresh.add(letter)
        if self.word + letter in self.entries:
            self.word += letter
            return
        self._send()
        self._learn(self.word + letter)
        self.word = letter

    def end(self):
        if self.word:
            self._send()
        self._put(END, self.width)
        self.bits += [0] * (BITS - len(self.bits) % BITS)
        sixes = (self.bits[i : i + BITS] for i in range(0, len(self.bits), BITS))
        return "".join(ALPHABET[int("".join(map(str, six)), 2)] for six in sixes)

    def _learn(self, word):
        self.entries[word] = len(self.entries) + 3

    def _send(self):
        if self.word in self.fresh:
            wide = ord(self.word) > 255
            self._put(NEW_16 if wide else NEW_8, self.width)
            self._put(ord(self.word), 16 if wide else 8)
            self.fresh.remove(self.word)
            self._grow()
        else:
            self._put(self.entries[self.word], self.width)
        self._grow()

    def _put(self, number, width):
        self.bits += [number >> place & 1 for place in range(width)]

    def _grow(self):
        self.room -= 1
        if not self.room:
            self.room, self.width = 1 << self.width, self.width + 1
