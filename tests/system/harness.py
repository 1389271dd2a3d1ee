"""What the system tests share: a real daemon in a directory of its own, line
clients with time limits, and TAP."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

TOP = os.environ.get("top_srcdir", ".")
BUILD = os.environ.get("top_builddir", "build/release")
HANGATD = os.path.join(BUILD, "hangatd")
CTL = os.path.join(BUILD, "hangatctl")
RULES = os.path.join(TOP, "rules")
LIMIT = 60  # s, for a machine that is busy; nothing waits that long when all is well

_done = 0
_bad = 0


def ok(good, name, detail=""):
    global _done, _bad
    _done += 1
    _bad += not good
    print(f"{'' if good else 'not '}ok {_done} - {name}")
    if not good and detail != "":
        for line in str(detail).splitlines():
            print(f"# {line}")
    sys.stdout.flush()
    return good


def finish():
    print(f"1..{_done}")
    sys.exit(1 if _bad else 0)


def read_to_end(sock):
    """All bytes until the other side closes, a reset being an end too; TimeoutError at the socket's own limit."""
    got = b""
    try:
        while part := sock.recv(65536):
            got += part
    except ConnectionResetError:
        pass
    return got


class Gone(Exception):
    pass


class Line:
    """A connection that speaks lines."""

    asked = 0

    def __init__(self, address):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        self.sock.settimeout(LIMIT)
        self.sock.connect(address)
        self.buf = b""

    def send(self, data):
        if isinstance(data, dict):
            data = json.dumps(data, ensure_ascii=False) + "\n"
        if isinstance(data, str):
            data = data.encode()
        self.sock.sendall(data)

    def line(self):
        while b"\n" not in self.buf:
            try:
                got = self.sock.recv(65536)
            except ConnectionResetError:
                got = b""
            if not got:
                raise Gone(self.buf.decode(errors="replace"))
            self.buf += got
        line, self.buf = self.buf.split(b"\n", 1)
        return line.decode()

    def recv(self):
        return json.loads(self.line())

    def until(self, **want):
        """The next object with these members."""
        while True:
            got = self.recv()
            if all(got.get(k) == v for k, v in want.items()):
                return got

    def ask(self, m):
        """A request with an id of its own, and its answer."""
        self.asked += 1
        self.send(dict(m, id=f"q{self.asked}"))
        return self.until(re=f"q{self.asked}")

    def rest(self):
        """Everything up to the end."""
        data = self.buf + read_to_end(self.sock)
        self.buf = b""
        return data.decode(errors="replace")

    def shut(self):
        self.sock.shutdown(socket.SHUT_WR)

    def close(self):
        self.sock.close()

    def say(self, text, mid=None):
        m = {"type": "message", "text": text}
        if mid is not None:
            m["id"] = mid
        self.send(m)


class Daemon:
    def __init__(self, rules=None, options=(), env=None, state=None):
        self.work = tempfile.mkdtemp(prefix="hangat-")
        self.state = state or os.path.join(self.work, "state")
        self.rules = rules or RULES
        self.options = list(options)
        self.env = dict(os.environ, **(env or {}))
        self.proc = None
        self.start()

    def start(self):
        self.err = open(os.path.join(self.work, "stderr"), "ab")
        self.proc = subprocess.Popen(
            [HANGATD, "--rules", self.rules, "--state", self.state, "--tcp", "127.0.0.1:0"]
            + ([] if "--http" in self.options else ["--http", "off"]) + self.options,
            stdout=subprocess.PIPE, stderr=self.err, stdin=subprocess.DEVNULL, env=self.env)
        self.port = self.http = None
        for line in iter(self.proc.stdout.readline, b""):
            words = line.decode().split()
            if words[:2] == ["listening", "tcp"]:
                self.port = int(words[2].rsplit(":", 1)[1])
            if words[:2] == ["listening", "http"] and ":" in words[2]:
                self.http = int(words[2].rsplit(":", 1)[1])
            if words == ["ready"]:
                return
        raise RuntimeError("hangatd did not start: " + self.log())

    @property
    def tcp(self):
        return ("127.0.0.1", self.port)

    @property
    def unix(self):
        return os.path.join(self.state, "hangat.sock")

    def log(self):
        with open(os.path.join(self.work, "stderr"), errors="replace") as f:
            return f.read()

    def ctl(self, *args, input=None):
        return subprocess.run([CTL, args[0], "--state", self.state, *args[1:]], input=input,
                              capture_output=True, text=True, timeout=60)

    def kill(self):
        self.proc.send_signal(signal.SIGKILL)
        self.proc.wait()
        self.proc.stdout.close()
        self.err.close()

    def stop(self):
        """Ask it to end; returns its exit code."""
        if self.proc.poll() is None:
            self.proc.send_signal(signal.SIGTERM)
        code = self.proc.wait(timeout=LIMIT)
        self.proc.stdout.close()
        self.err.close()
        return code

    def clean(self):
        shutil.rmtree(self.work, ignore_errors=True)

    def end(self):
        code = self.stop()
        log = self.log()
        ok(code == 0 and "Sanitizer" not in log and "runtime error" not in log, "the daemon ended well", f"exit {code}\n{log[-3000:]}")
        self.clean()


def wait_for(what, limit=LIMIT):
    """Try until what() is true; returns the seconds it took, or None."""
    start = time.monotonic()
    while time.monotonic() - start < limit:
        if what():
            return time.monotonic() - start
        time.sleep(0.01)
    return None


def agent(daemon, name):
    """A signed-in agent's connection; the agent is made when it is new."""
    out = daemon.ctl("agents", "add", name)
    token = out.stdout.strip()
    c = Line(daemon.unix)
    c.send({"type": "hello", "role": "agent", "token": token})
    c.until(type="queue")
    c.token = token
    return c


def copy_rules(work):
    """A copy of the shipped rules that a test may edit."""
    to = os.path.join(work, "rules")
    shutil.copytree(RULES, to)
    for d, _, files in os.walk(to):
        os.chmod(d, 0o755)
        for f in files:
            os.chmod(os.path.join(d, f), 0o644)
    return to
