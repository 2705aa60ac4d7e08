"""Real places to be told at, on loopback: a mail server, a web server, a program."""

import email
import email.policy
import json
import socketserver
import ssl
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class MailSink:
    """A mail server that keeps what it is sent (RFC 5321, as much as clients need)."""

    def __init__(self, tls=None, at_once=False):  # noqa: C901 - one handler for all commands
        """``tls``: an SSL context, which makes it know STARTTLS; ``at_once``: it speaks nothing but TLS."""
        sink = self
        self.mails = []
        self.encrypted = []  # of each mail: whether it came encrypted
        self.logins = []
        self.commands = []
        self.answer = ""  # what it says to MAIL, where it does not take any

        class Handler(socketserver.StreamRequestHandler):
            def say(self, text):
                self.wfile.write(f"{text}\r\n".encode())

            def encrypt(self):
                self.connection = tls.wrap_socket(self.connection, server_side=True)
                self.rfile = self.connection.makefile("rb")
                self.wfile = self.connection.makefile("wb", buffering=0)

            def finish(self):
                super().finish()
                self.connection.close()  # the server closes the one that it knows only

            def handle(self):
                if at_once:
                    self.encrypt()
                self.say("220 sink.example ESMTP")
                while line := self.rfile.readline():
                    words = line.decode().split()
                    command = words[0].upper()
                    sink.commands.append(command)
                    if command == "EHLO":
                        self.say("250-sink.example")
                        if tls and not isinstance(self.connection, ssl.SSLSocket):
                            self.say("250-STARTTLS")
                        self.say("250 AUTH PLAIN")
                    elif command == "STARTTLS":
                        self.say("220 go ahead")
                        self.encrypt()
                    elif command == "AUTH":
                        sink.logins.append(words[2])
                        self.say("235 welcome")
                    elif command == "MAIL" and sink.answer:
                        self.say(sink.answer)
                    elif command == "DATA":
                        self.say("354 go on")
                        data = b""
                        while (line := self.rfile.readline()) != b".\r\n":
                            data += line
                        sink.encrypted.append(isinstance(self.connection, ssl.SSLSocket))
                        sink.mails.append(email.message_from_bytes(data, policy=email.policy.default))
                        self.say("250 taken")
                    elif command == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 fine")

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a client that does not like the certificate hangs up
        self.place = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Hook:
    """A web server that keeps what is posted to it."""

    def __init__(self):
        hook = self
        self.posts = []
        self.headers = []
        self.methods = []
        self.status = 204
        self.hang = threading.Event()
        self.hang.set()  # set: it answers

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                hook.methods.append("POST")
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.hang.wait(10)
                if hook.status < 300:
                    hook.posts.append(json.loads(body))
                    hook.headers.append(dict(self.headers))
                self.end()

            def do_HEAD(self):
                hook.methods.append("HEAD")
                self.end()

            def end(self):
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/s3cr3t/path"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self):
        self.hang.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def mail():
    sink = MailSink()
    yield sink
    sink.close()


@pytest.fixture
def hook():
    server = Hook()
    yield server
    server.close()


class Program:
    """A program that keeps what it reads."""

    def __init__(self, folder: Path, code: str = ""):
        self.told = folder / "told.jsonl"
        self.path = folder / "tell"
        self.path.write_text(
            f"#!{sys.executable}\nimport os, sys, time\n{code}\n"
            f"open({str(self.told)!r}, 'a').write(sys.stdin.read() + '\\n')\n"
            f"open({str(folder / 'environ')!r}, 'w').write(repr(dict(os.environ)))\n",
            "utf-8",
        )
        self.path.chmod(0o755)

    def read(self):
        if not self.told.exists():
            return []
        return [json.loads(line) for line in self.told.read_text("utf-8").splitlines()]


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A file with a certificate for 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.example")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "sink.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, form, plain)
    )
    return path


@pytest.fixture(params=["starttls", "tls"])
def encrypted_mail(request, certificate):
    """A mail server that takes mails encrypted, in one of the two ways, and that way's name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    sink = MailSink(context, at_once=request.param == "tls")
    yield sink, request.param
    sink.close()
