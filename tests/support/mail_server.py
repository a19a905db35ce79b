"""A mail server on loopback: as much SMTP as a client needs, and the faults it may meet."""

import email
import socketserver
import threading


class MailServer(socketserver.ThreadingTCPServer):
    """``with MailServer() as server``; ``mails`` are parsed messages. ``fault``: "" | refuse_recipient | busy | hang_up."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.fault, self.mails = "", []

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.shutdown()
        self.server_close()


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 uji ESMTP")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                self._take()
            elif word == "QUIT":
                self._say("221 selamat tinggal")
                return
            elif word == "RCPT" and self.server.fault == "refuse_recipient":
                self._say("550 5.1.1 tidak dikenal")
            elif word == "MAIL" and self.server.fault == "busy":
                self._say("451 4.3.0 coba lagi nanti")
            else:
                self._say("250 baik")

    def _take(self):
        self._say("354 silakan")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.mails.append(email.message_from_bytes(b"".join(lines)))
        if self.server.fault != "hang_up":  # taken, yet the client does not hear of it
            self._say("250 diterima")

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())
