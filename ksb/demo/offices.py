"""Other offices' servers, played: what speaks here is the protocol of formats as it is met in practice, faults included.

The demonstration runs them so that the buttons of the desks work; the tests set ``fault`` and look at ``requests``.
"""

import json
import re
import threading
import time
from difflib import SequenceMatcher
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CUSTOMER = "dinkes_bekasi"
LOGIN = {"user_id": "ksb", "password": "rahasia"}
QUOTA = 1_000
SLOW_SECONDS = 30


class Office(ThreadingHTTPServer):
    """A server on loopback in a thread: ``with Office(...) as office: office.url``.

    ``fault`` is how it misbehaves: slow, drip, drop, refuse, status (500), html, malformed, huge, empty, null; ``stumbles``
    how many requests still meet it, None for all.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), _Handler)
        self.fault, self.stumbles, self.requests, self.stopping = "", None, [], threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.stopping.set()
        self.shutdown()
        self.server_close()

    def next_fault(self):
        if self.stumbles is None:
            return self.fault
        self.stumbles -= 1
        return self.fault if self.stumbles >= 0 else ""

    def answer(self, method, path, headers, body):
        """Status and plain value (or text) for a request."""
        raise NotImplementedError

    def handle_error(self, request, client_address):
        """Somebody hung up: no news for a server that is played."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        """Nothing: addresses of this protocol hold numbers of people."""

    def do_POST(self):
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def do_GET(self):
        self._serve(b"")

    def _serve(self, body):
        office = self.server
        office.requests.append((self.command, self.path, dict(self.headers), body))
        fault = office.next_fault()
        if fault == "refuse":
            self.close_connection = True
            return
        if fault == "slow":
            office.stopping.wait(SLOW_SECONDS)
            self.close_connection = True
            return
        status, value = office.answer(self.command, self.path, self.headers, body)
        text = value if isinstance(value, str) else json.dumps(value)
        if fault == "status":
            status, text = 500, "Internal Server Error"
        elif fault == "html":
            status, text = 200, "<html><body><h1>Service Temporarily Unavailable</h1></body></html>"
        elif fault == "malformed":
            text = text[:-2]
        elif fault == "huge":
            text = " " * (2 << 20)
        elif fault == "empty":
            text = ""
        elif fault == "null":
            text = "null"
        self._send(status, text.encode(), fault)

    def _send(self, status, body, fault):
        self.send_response(status)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault == "drop":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif fault == "drip":
            for byte in body:
                if self.server.stopping.is_set():
                    break
                self.wfile.write(bytes([byte]))
                time.sleep(0.05)
        else:
            self.wfile.write(body)


class Dukcapil(Office):
    """``people(nik)`` gives the row of a person, a code such as "13", or None; ``family(nik)`` the rows of the KK.

    ``said`` replaces every answer by one text with or without a code, as the service does for troubles of its own.
    """

    def __init__(self, people, family=None, port=0):
        super().__init__(port)
        self.people, self.family, self.said = people, family, None

    def answer(self, method, path, headers, body):
        found = re.fullmatch(rf"/dukcapil/get_json/{CUSTOMER}/(CALL_\w+)", path)
        if not found:
            return 404, {"timestamp": 0, "status": 404, "error": "Not Found", "path": path}
        asked = json.loads(body)
        if self.said is not None:
            return 200, _page([self.said])
        if {name: asked.get(name) for name in LOGIN} != LOGIN:
            return 200, _page([{"RESPON": "Login Gagal, User ID atau Password salah"}])
        person = self.people(asked["NIK"])
        if person is None or isinstance(person, str):
            return 200, _page([_refusal(person or "13")])
        if found[1] == "CALL_NIK":
            return 200, _page([person])
        if found[1] == "CALL_NIK_GET_KK":
            return 200, _page(self.family(asked["NIK"]) if self.family else [person])
        return 200, _page([_verdicts(asked, person)])


TEXTS = {
    "08": "Data Tidak Dapat Diproses",
    "11": "Data Ditemukan, Status non Aktif, Meninggal Dunia",
    "12": "Data Ditemukan, Status non Aktif, Data Ganda",
    "13": "Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan",
    "14": "Data Ditemukan, Status non Aktif",
    "15": "NIK tidak sesuai format Dukcapil",
}


def _refusal(code):
    return {"RESPONSE_CODE": code, "RESPON": TEXTS[code]}


def _page(content):
    return {
        "content": content,
        "lastPage": True,
        "numberOfElements": len(content),
        "sort": None,
        "totalElements": len(content),
        "firstPage": True,
        "number": 0,
        "size": len(content),
        "quotaLimiter": QUOTA,
    }


def _verdicts(asked, person):
    """Names are compared by likeness, all else by equality."""
    elements = {name: value for name, value in asked.items() if name not in ("NIK", "IP_USER", "TRESHOLD", *LOGIN)}
    return {name: _verdict(name, value, person, asked["TRESHOLD"]) for name, value in elements.items()}


def _verdict(name, value, person, threshold):
    theirs = person.get(name, "")
    if name == "TGL_LHR":
        theirs = "-".join(reversed(theirs.split("-")))
    if name not in ("NAMA_LGKP", "ALAMAT"):
        return "Sesuai" if value.upper() == theirs.upper() else "Tidak Sesuai"
    percent = round(SequenceMatcher(None, value.upper(), theirs.upper()).ratio() * 100)
    return f"{'Sesuai' if percent >= threshold else 'Tidak Sesuai'} ({percent})"
