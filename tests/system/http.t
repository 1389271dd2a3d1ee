#!/usr/bin/env python3
"""HTTP: every endpoint, what is refused and how, one request behind another."""
import http.client
import json
import os
import socket
import threading
import time

from harness import Daemon, LIMIT, finish, ok, read_to_end

CR = "\r\n"


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=LIMIT)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(LIMIT)
        self.sock.connect(self.path)


def misfit(schema, v, doc, at=""):
    """Why v does not fit a schema of the description (the parts of JSON Schema that it uses), or None."""
    if "$ref" in schema:
        return misfit(doc["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], v, doc, at)
    if "oneOf" in schema:
        return None if sum(misfit(x, v, doc) is None for x in schema["oneOf"]) == 1 else f"{at}: not one of them"
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
    want = schema.get("type", [])
    if want and not any(isinstance(v, kinds[k]) and (k == "boolean" or not isinstance(v, bool)) for k in ([want] if isinstance(want, str) else want)):
        return f"{at}: {v!r} is no {want}"
    if "const" in schema and v != schema["const"] or "enum" in schema and v not in schema["enum"]:
        return f"{at}: {v!r}"
    if "minimum" in schema and v < schema["minimum"] or "maximum" in schema and v > schema["maximum"]:
        return f"{at}: {v} out of range"
    if isinstance(v, dict):
        for k in schema.get("required", []):
            if k not in v:
                return f"{at}.{k} is missing"
        for k, x in v.items():
            why = misfit(schema.get("properties", {}).get(k, {}), x, doc, f"{at}.{k}")
            if why:
                return why
    if isinstance(v, list):
        for i, x in enumerate(v):
            why = misfit(schema.get("items", {}), x, doc, f"{at}[{i}]")
            if why:
                return why
    return None


described = []  # (method, path, status, body) of every answer to an API path


def ask(method, path, body=None, token=None, conn=None, **headers):
    """(status, headers, text) of one request."""
    c = conn or http.client.HTTPConnection("127.0.0.1", d.http, timeout=LIMIT)
    h = {k.replace("_", "-"): v for k, v in headers.items()}
    if body is not None:
        h.setdefault("Content-Type", "application/json")
        if not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
    if token:
        h["Authorization"] = "Bearer " + token
    c.request(method, path, body, h)
    r = c.getresponse()
    text = r.read()
    if conn is None:
        c.close()
    if text and r.headers["Content-Type"] == "application/json" and path.startswith("/v1/"):
        described.append((method, path.split("?")[0], r.status, json.loads(text)))
    return r.status, r.headers, text


def obj(answer):
    return json.loads(answer[2])


def raw(data, shut=False):
    """All that comes back for these bytes, until the other side closes."""
    s = socket.create_connection(("127.0.0.1", d.http), timeout=LIMIT)
    s.sendall(data if isinstance(data, bytes) else data.encode())
    if shut:
        s.shutdown(socket.SHUT_WR)
    got = read_to_end(s)
    s.close()
    return got.decode(errors="replace")


def begin(**hello):
    w = obj(ask("POST", "/v1/conversations", hello))
    return w["conversation"], w["resume"]


d = Daemon(options=["--http", "127.0.0.1:0", "--origins", "https://toko.example"])

# conversations
a = ask("POST", "/v1/conversations", {"type": "hello", "lang": "id", "name": "Rina"})
w = obj(a)
ok(a[0] == 201 and w["type"] == "welcome" and w["bot"]["kind"] == "bot" and w["disclosure"], "a conversation is made", a)
cid, token = w["conversation"], w["resume"]
msgs = f"/v1/conversations/{cid}/messages"
a = ask("POST", msgs, {"type": "message", "id": "m1", "text": "jam buka toko?"}, token)
first = obj(a)
ok(a[0] == 200 and first["re"] == "m1" and first["from"]["kind"] == "bot" and a[1]["Cache-Control"] == "no-store",
   "a message is answered", a)
a = ask("POST", msgs, {"id": "m1", "text": "jam buka toko?"}, token)
ok(a[0] == 200 and obj(a)["seq"] == first["seq"], "the same id again gets the same answer", a)
a = ask("POST", msgs, {"id": "m1", "text": "lain"}, token)
ok(a[0] == 409 and obj(a)["code"] == "conflict", "the same id with another text is a conflict", a)
ok(obj(ask("POST", "/v1/conversations"))["type"] == "welcome", "a hello may say nothing")

# reading
a = obj(ask("GET", msgs + "?after=0", token=token))
ok([e["seq"] for e in a["events"]] == [1, 2] and a["seq"] == 2 and a["more"] is False, "what was said can be read", a)
a = obj(ask("GET", msgs + "?after=2", token=token))
ok(a["events"] == [] and a["seq"] == 2, "nothing new is an empty list", a)
box = {}
t = threading.Thread(target=lambda: box.update(obj(ask("GET", msgs + "?after=2&wait_ms=15000", token=token))))
t.start()
ask("POST", msgs, {"text": "makasih"}, token)
t.join(LIMIT)
ok(box and box["events"][0]["seq"] == 3, "a long poll ends when something is said", box)
for n in range(40):
    ask("POST", msgs, {"text": f"halo {n} " + "x" * 900}, token)
got, after, pages = [], 0, 0
while True:
    a = obj(ask("GET", f"{msgs}?after={after}", token=token))
    got += [e["seq"] for e in a["events"]]
    after, pages = a["seq"], pages + 1
    end = after
    if not a["more"]:
        break
ok(got == list(range(1, len(got) + 1)) and len(got) >= 84 and pages > 1, "a long conversation comes in pages without gap", (len(got), pages))

# cards
w2 = obj(ask("POST", "/v1/conversations", {"lang": "id"}))
shown = f"/v1/conversations/{w2['conversation']}/messages"
a = obj(ask("POST", shown, {"id": "p1", "text": "botol minum masih ada?"}, w2["resume"]))
ok(a["cards"] == [{"title": "Botol Minum", "text": "600 ml, tahan panas 12 jam", "price": "Rp89.000",
                   "url": "https://tokohangat.example/botol-minum", "sponsor": "PT Tirta Hangat"}] and "disponsori PT Tirta Hangat" in a["text"],
   "a product comes as a card, and who pays for it is said", a)
a = obj(ask("POST", shown, {"id": "p2", "text": "harga mug keramik?"}, w2["resume"]))
ok([x["title"] for x in a["cards"]] == ["Mug Keramik"] and "sponsor" not in a["cards"][0], "a card without a sponsor names none", a)

# a stream
s = socket.create_connection(("127.0.0.1", d.http), timeout=LIMIT)
s.sendall(f"GET /v1/conversations/{cid}/stream?after={end - 2} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
f = s.makefile("r", newline="\n")
lines = []


def until(word):
    start = time.monotonic()
    while time.monotonic() - start < LIMIT:
        line = f.readline()
        if not line:
            return False
        lines.append(line.rstrip("\r\n"))
        if word in line:
            return True
    return False


ok(until(f"id: {end}\n") and "Content-Type: text/event-stream" in lines and f"id: {end - 1}" in lines, "a stream begins with what was missed", lines)
ask("POST", msgs, {"id": "s1", "text": "jam buka toko?"}, token)
ok(until('"re":"s1"') and f"id: {end + 2}" in lines, "and goes on with what is said", lines[-4:])
s.close()
s = socket.create_connection(("127.0.0.1", d.http), timeout=LIMIT)
s.sendall(f"GET /v1/conversations/{cid}/stream HTTP/1.1\r\nHost: a\r\nLast-Event-ID: {end + 1}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
f, lines = s.makefile("r", newline="\n"), []
ok(until(f"id: {end + 2}\n") and f"id: {end + 1}" not in lines, "Last-Event-ID counts", lines)
s.close()

# feedback and typing
ok(ask("POST", msgs, {"type": "feedback", "rating": 5}, token)[0] == 202, "feedback is taken")
ok(ask("POST", msgs, {"type": "typing"}, token)[0] == 202, "typing is taken")

# who may
other, other_token = begin()
for name, path, tok, status in [
        ("no token", msgs, None, 401), ("a token of another", msgs, other_token, 404),
        ("a made-up secret", msgs, cid + "." + "x" * 43, 401), ("no such conversation", "/v1/conversations/c_0/messages", "c_0.x", 401),
        ("half a token", msgs, cid, 404)]:
    for method in ["GET", "POST"]:
        a = ask(method, path, {"text": "halo"} if method == "POST" else None, tok)
        ok(a[0] == status and obj(a)["type"] == "error", f"{method} with {name}: {status}", a)

# what is refused
for name, method, path, body, headers, status, code in [
        ("bad JSON", "POST", msgs, "{", {}, 400, "bad_json"),
        ("not an object", "POST", msgs, "[]", {}, 400, "bad_json"),
        ("no text", "POST", msgs, {"type": "message"}, {}, 400, "missing_field"),
        ("an empty text", "POST", msgs, {"text": "  "}, {}, 400, "missing_field"),
        ("too long a text", "POST", msgs, {"text": "x" * 5000}, {}, 413, "too_long"),
        ("bad UTF-8", "POST", msgs, b'{"text":"\xff"}', {}, 400, "bad_utf8"),
        ("too deep", "POST", msgs, '{"text":"a","x":' + "[" * 20 + "]" * 20 + "}", {}, 400, "too_deep"),
        ("a claim", "POST", msgs, {"type": "claim", "ticket": "next"}, {}, 400, "unknown_type"),
        ("a wrong type of body", "POST", msgs, "text=halo", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "bad_json"),
        ("a message where hello goes", "POST", "/v1/conversations", {"type": "message", "text": "a"}, {}, 400, "unknown_type"),
        ("an agent where customers go", "POST", "/v1/conversations", {"role": "agent", "token": "x"}, {}, 403, "forbidden"),
        ("no such path", "GET", "/v2", None, {}, 404, "not_found"),
        ("a path below", "GET", msgs + "/1", None, {}, 404, "not_found"),
        ("a wrong method", "DELETE", msgs, None, {}, 405, "unknown_type"),
        ("a wrong after", "GET", msgs + "?after=-1", None, {}, 400, "missing_field"),
        ("a wrong wait", "GET", msgs + "?wait_ms=long", None, {}, 400, "missing_field"),
        ("a foreign page", "POST", "/v1/conversations", {}, {"Origin": "https://evil.example"}, 403, "forbidden"),
        ("a foreign page that asks first", "OPTIONS", msgs, None, {"Origin": "https://evil.example"}, 403, "forbidden"),
        ("a page without origin", "POST", "/v1/conversations", {}, {"Origin": "null"}, 403, "forbidden"),
        ("no upgrade", "GET", "/v1/chat", None, {}, 426, "unknown_type")]:
    a = ask(method, path, body, token, **headers)
    ok(a[0] == status and obj(a)["code"] == code, f"{name}: {status} {code}", a)

# other pages
a = ask("POST", "/v1/conversations", {}, Origin="https://toko.example")
ok(a[0] == 201 and a[1]["Access-Control-Allow-Origin"] == "https://toko.example" and "Origin" in a[1]["Vary"], "a page of an allowed origin may talk", a[1])
a = ask("OPTIONS", msgs, Origin="https://toko.example", Access_Control_Request_Method="POST")
ok(a[0] == 204 and "POST" in a[1]["Access-Control-Allow-Methods"] and "authorization" in a[1]["Access-Control-Allow-Headers"], "and ask first", a[1])
a = ask("GET", msgs + "?after=80", token=token, Origin="https://evil.example")
ok("Access-Control-Allow-Origin" not in a[1], "a foreign page is not let read", a[1])
ok(ask("POST", "/v1/conversations", {}, Origin=f"http://127.0.0.1:{d.http}")[0] == 201, "a page of our own may talk")

# files
a = ask("GET", "/widget.js")
tag = a[1]["ETag"]
z = ask("GET", "/widget.js", Accept_Encoding="br, gzip")
import gzip
ok(a[0] == 200 and z[1]["Content-Encoding"] == "gzip" and gzip.decompress(z[2]) == a[2] and z[1]["ETag"] == tag, "files come compressed when asked", z[1])
n = ask("GET", "/widget.js", If_None_Match=f'"x", W/{tag}')
ok(n[0] == 304 and n[2] == b"" and n[1]["ETag"] == tag, "and not at all when known", n)
h = ask("HEAD", "/widget.js")
ok(h[0] == 200 and h[2] == b"" and int(h[1]["Content-Length"]) == len(a[2]), "HEAD has the head alone", h[1])
page = ask("GET", "/")
ok("require-trusted-types-for" in page[1]["Content-Security-Policy"] and page[1]["X-Content-Type-Options"] == "nosniff", "the page has a strict policy", page[1])
ok(json.loads(ask("GET", "/rules.schema.json")[2])["definitions"], "the schema of the rules is served")
ok(ask("GET", "/healthz")[2] == b"ok\n" and ask("GET", "/readyz")[0] == 200, "health")

# one behind another
c = http.client.HTTPConnection("127.0.0.1", d.http, timeout=LIMIT)
ok([ask("GET", "/healthz", conn=c)[0] for _ in range(3)] == [200] * 3, "a connection is used again")
c.close()
get = f"GET /healthz HTTP/1.1{CR}Host: a{CR}{CR}"
last = f"GET /healthz HTTP/1.1{CR}Host: a{CR}Connection: close{CR}{CR}"
ok(raw(get * 30 + last).count("200 OK") == 31, "requests behind one another are answered in order")


def post(i, close=False):
    b = json.dumps({"id": f"p{i}", "text": "halo"})
    return (f"POST {msgs} HTTP/1.1{CR}Host: a{CR}Authorization: Bearer {token}{CR}Content-Type: application/json{CR}"
            f"Content-Length: {len(b)}{CR}{'Connection: close' + CR if close else ''}{CR}{b}")


got = raw("".join(post(i, i == 11) for i in range(12)))
order = [got.find(f'"re":"p{i}"') for i in range(12)]
ok(-1 not in order and order == sorted(order), "also those that go through the store", order)
s = socket.create_connection(("127.0.0.1", d.http), timeout=LIMIT)
whole = post(50, True).encode()
at = whole.index(b"\r\n\r\n") + 4
s.sendall(whole[:at].replace(b"Host: a\r\n", b"Host: a\r\nExpect: 100-continue\r\n"))
got = s.recv(1000)
s.sendall(whole[at:])
rest = read_to_end(s)
ok(got == b"HTTP/1.1 100 Continue\r\n\r\n" and b"200 OK" in rest, "100 Continue", (got, rest[:80]))
ok('"re":"p60"' in raw(post(60), shut=True), "a half-closed connection gets its answer")
s = socket.create_connection(("127.0.0.1", d.http), timeout=LIMIT)
for b in post(70, True).encode():
    s.sendall(bytes([b]))
ok(b'"re":"p70"' in read_to_end(s), "byte by byte")

# what could be read in two ways: refused, and the connection closed
body = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
head = f"POST {msgs} HTTP/1.1{CR}Host: a{CR}"
for name, data in [
        ("chunked", head + f"Transfer-Encoding: chunked{CR}{CR}0{CR}{CR}{body}"),
        ("chunked and a length", head + f"Content-Length: 4{CR}Transfer-Encoding: chunked{CR}{CR}0{CR}{CR}{body}"),
        ("two lengths", head + f"Content-Length: 0{CR}Content-Length: {len(body)}{CR}{CR}{body}"),
        ("a length with a sign", head + f"Content-Length: +0{CR}{CR}{body}"),
        ("a space before the colon", head + f"Content-Length : {len(body)}{CR}{CR}{body}"),
        ("a folded length", head + f"Content-Length:{CR} {len(body)}{CR}{CR}{body}"),
        ("bare line feeds", "GET /healthz HTTP/1.1\nHost: a\n\n" + body),
        ("a body on GET", f"GET /healthz HTTP/1.1{CR}Host: a{CR}Content-Length: {len(body)}{CR}{CR}{body}"),
        ("a NUL", f"GET /healthz HTTP/1.1{CR}Host: a{CR}X: \0{CR}{CR}{body}"),
        ("two hosts", f"GET /healthz HTTP/1.1{CR}Host: a{CR}Host: b{CR}{CR}{body}"),
        ("an absolute target", f"GET http://b/healthz HTTP/1.1{CR}Host: a{CR}{CR}{body}"),
        ("HTTP/0.9", f"GET /healthz{CR}{CR}{body}"),
        ("too many fields", f"GET /healthz HTTP/1.1{CR}Host: a{CR}" + f"A: b{CR}" * 64 + CR + body),
        ("a head over the limit", f"GET /healthz HTTP/1.1{CR}Host: a{CR}A: {'x' * 9000}{CR}{CR}{body}"),
        ("a body over the limit", head + f"Content-Length: 70000{CR}{CR}{body}"),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100)]:
    got = raw(data)
    status = got.split(" ")[1] if got.startswith("HTTP/1.1 ") else "none"
    ok(got.count("HTTP/1.1 ") == 1 and status[0] in "45" and "Connection: close" in got, f"{name}: refused and closed", got[:200])

# the description fits what was answered so far
doc = json.loads(ask("GET", "/openapi.json")[2])
seen, bad = set(), []
for method, path, status, body in described:
    parts = path.split("/")
    name = "/".join("{id}" if i == 3 else x for i, x in enumerate(parts))
    ways = doc["paths"].get(name, {})
    if method.lower() not in ways:
        continue  # refused: no such way in
    answers = ways[method.lower()]["responses"]
    seen.add((name, method, status))
    if str(status) not in answers:
        bad.append(f"{method} {name}: {status} is not described")
        continue
    why = misfit(answers[str(status)]["content"]["application/json"]["schema"], body, doc)
    if why:
        bad.append(f"{method} {name} {status}: {why}")
ok(not bad, "every answer is as openapi.json says", "\n".join(bad[:10]))
ok(len(seen) >= 13 and {s for _, _, s in seen} >= {200, 201, 202, 400, 401, 403, 404, 409, 413, 415}, "and most of it was answered", sorted(seen))
ok(misfit({"$ref": "#/components/schemas/Reply"}, {"type": "message"}, doc) is not None and misfit({"$ref": "#/components/schemas/Error"}, {"type": "error", "code": "nix", "message": "", "retry_ms": None}, doc) is not None,
   "the check can fail")
ok(all(ask(m.upper(), p.replace("{id}", "c_0"))[0] not in (404, 405, 501) for p, ways in doc["paths"].items() for m in ways if m in ("get", "post", "delete") and "{id}" not in p),
   "every path that is described is there")

# a Unix socket
u = Daemon(options=["--http", os.path.join(d.work, "web.sock")])
c = Unix(os.path.join(d.work, "web.sock"))
ok(obj(ask("POST", "/v1/conversations", {}, conn=c))["type"] == "welcome", "HTTP on a Unix socket")
c.close()
ok(u.stop() == 0, "which ends well")

# erased while it is listened to
s = socket.create_connection(("127.0.0.1", d.http), timeout=LIMIT)
s.sendall(f"GET /v1/conversations/{other}/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {other_token}\r\n\r\n".encode())
f, lines = s.makefile("r", newline="\n"), []
until("welcome")
d.ctl("forget", "--yes", other)
ok(until('"code":"closed"'), "a stream hears that it is erased", lines)
ok(ask("GET", f"/v1/conversations/{other}/messages", token=other_token)[0] == 401, "and then there is nothing")
u.clean()
d.end()
finish()
