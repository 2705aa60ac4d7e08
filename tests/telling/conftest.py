"""Real places to be told at, on loopback: a mail server, a web server, a program."""

import email
import email.policy
import json
import socketserver
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


class MailSink:
    """A mail server that keeps what it is sent (RFC 5321, as much as clients need)."""

    def __init__(self):
        sink = self
        self.mails = []
        self.logins = []
        self.commands = []
        self.answer = ""  # what it says to MAIL, where it does not take any

        class Handler(socketserver.StreamRequestHandler):
            def say(self, text):
                self.wfile.write(f"{text}\r\n".encode())

            def handle(self):
                self.say("220 sink.example ESMTP")
                while line := self.rfile.readline():
                    words = line.decode().split()
                    command = words[0].upper()
                    sink.commands.append(command)
                    if command == "EHLO":
                        self.say("250-sink.example")
                        self.say("250 AUTH PLAIN")
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
                        sink.mails.append(email.message_from_bytes(data, policy=email.policy.default))
                        self.say("250 taken")
                    elif command == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 fine")

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
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
