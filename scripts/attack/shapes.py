"""Malformed HTTP, made from a random generator: each function is one kind of breakage and gives one `Case`."""


class Case:
    """What is written to one connection, and what may come back.

    `pieces` are bytes with the seconds to wait before each. `most` answers may come (interim ones aside), the one at
    `heads` without a body. `exact`, where it is given, are the statuses that have to come.
    """

    def __init__(self, *pieces, most=1, heads=(), exact=None, end="wait"):
        self.pieces = [(piece, 0.0) if isinstance(piece, bytes) else piece for piece in pieces]
        self.most, self.heads, self.exact, self.end = most, heads, exact, end

    @property
    def data(self):
        return b"".join(piece for piece, _ in self.pieces)


PATHS = [
    b"/health/live",
    b"/health/ready",
    b"/metrics",
    b"/openapi.yaml",
    b"/send-sms",
    b"/send-campaign",
    b"/opt-outs",
    b"/messages/a",
    b"/campaigns/a",
    b"/inspect?text=x",
    b"/webhooks/status",
    b"/webhooks/inbound",
    b"/nowhere",
]
METHODS = [b"GET", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE", b"PROPFIND"]
KEY = b""  # `Authorization: Bearer ...\r\n`, or nothing.


def noise(rng, most=200):
    return bytes(rng.randrange(256) for _ in range(rng.randrange(1, most)))


def text(rng, most=40):
    return bytes(
        rng.choice(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789-._~%/?&=+") for _ in range(rng.randrange(1, most))
    )


def head(rng, method=None, path=None, *fields, host=b"Host: localhost\r\n", key=True):
    method, path = method or rng.choice(METHODS), path or rng.choice(PATHS)
    return method + b" " + path + b" HTTP/1.1\r\n" + host + (KEY if key else b"") + b"".join(fields) + b"\r\n"


def live(*fields):
    return b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n" + b"".join(fields) + b"\r\n"


# What is right, so that an attack that stops everything is noticed here too.
def valid(rng):
    return Case(live(b"Connection: close\r\n"), exact=[200])


def valid_pipeline(rng):
    count = rng.randrange(2, 8)
    return Case(live() * (count - 1) + live(b"Connection: close\r\n"), most=count, exact=[200] * count)


def valid_in_pieces(rng):
    data = live(b"Connection: close\r\n")
    cut = sorted(rng.sample(range(1, len(data)), 3))
    return Case(*[(data[a:b], 0.01) for a, b in zip([0] + cut, cut + [len(data)])], exact=[200])


def head_method(rng):
    paths = [rng.choice(PATHS) for _ in range(rng.randrange(1, 4))]
    requests = b"".join(head(rng, b"HEAD", path) for path in paths)
    return Case(requests + live(b"Connection: close\r\n"), most=len(paths) + 1, heads=range(len(paths)))


# Request lines.
def random_bytes(rng):
    return Case(noise(rng, 2000))


def request_line(rng):
    line = rng.choice(
        [
            b"GET",
            b"GET ",
            b"GET /",
            b"GET  /health/live  HTTP/1.1",
            b" GET / HTTP/1.1",
            b"GET / HTTP/9.9",
            b"GET / HTTP/2.0",
            b"GET / http/1.1",
            b"GET / HTTP/1.",
            b"GET / HTTP/11",
            b"GET / HTTP/1.1 ",
            b"GET\t/\tHTTP/1.1",
            b"get / HTTP/1.1",
            b"G\x00T / HTTP/1.1",
            b"GET /\x00 HTTP/1.1",
            b"GET health/live HTTP/1.1",
            b"GET //health//live// HTTP/1.1",
            b"GET http:// HTTP/1.1",
            b"GET http://[::1/ HTTP/1.1",
            b"GET http://x:99999/health/live HTTP/1.1",
            b"GET * HTTP/1.1",
            b"OPTIONS * HTTP/1.1",
            b"CONNECT x:443 HTTP/1.1",
            b"PRI * HTTP/2.0\r\n\r\nSM",
            b"GET /%zz HTTP/1.1",
            b"GET /messages/%ff%00 HTTP/1.1",
            b"GET /../../etc/passwd HTTP/1.1",
            b"GET /%2e%2e/%2e%2e HTTP/1.1",
            b"GET /health/live?" + b"&" * 3000 + b" HTTP/1.1",
            b"GET /\xff\xfe HTTP/1.1",
            b"\xef\xbb\xbfGET / HTTP/1.1",
            b"GET /#a HTTP/1.1",
            b"GET /health/live",
            text(rng) + b" /" + text(rng) + b" HTTP/1.1",
            noise(rng, 60),
        ]
    )
    return Case(line + b"\r\nHost: localhost\r\n\r\n")


def old_version(rng):
    fields = rng.choice([b"", b"Connection: keep-alive\r\n", b"Transfer-Encoding: chunked\r\n"])
    return Case(b"GET " + rng.choice(PATHS) + b" HTTP/1.0\r\n" + fields + b"\r\n" + rng.choice([b"", b"0\r\n\r\n"]))


def empty_lines(rng):
    return Case(rng.choice([b"\r\n", b"\n", b"\r"]) * rng.randrange(1, 2000) + live(b"Connection: close\r\n"))


# Heads.
def huge_target(rng):
    return Case(b"GET /" + b"a" * rng.randrange(15_000, 200_000) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")


def huge_field(rng):
    return Case(head(rng, None, None, b"X-A: " + b"a" * rng.randrange(15_000, 200_000) + b"\r\n"))


def huge_name(rng):
    return Case(head(rng, None, None, b"a" * rng.randrange(15_000, 200_000) + b": x\r\n"))


def many_fields(rng):
    return Case(head(rng, None, None, *[b"X-%d: %s\r\n" % (i, text(rng)) for i in range(rng.randrange(90, 3000))]))


def endless_head(rng):
    piece = b"X-A: " + text(rng) + b"\r\n"
    return Case(b"GET / HTTP/1.1\r\nHost: x\r\n", *[(piece * 50, 0.005)] * rng.randrange(5, 60))


def broken_field(rng):
    field = rng.choice(
        [
            b"no colon\r\n",
            b": no name\r\n",
            b"X A: b\r\n",
            b"X-A : b\r\n",
            b" X-A: folded\r\n",
            b"X-A: a\r\n b\r\n",
            b"X-A: a\rb\r\n",
            b"X-A: a\nX-B: b\r\n",
            b"X-A: a\x00b\r\n",
            b"X\x00A: b\r\n",
            b"X-\xc3\xbc: b\r\n",
            b"X-A: \xff\xfe\xc3\x28\r\n",
            b"X-A: \x7f\x01\r\n",
            b"(): x\r\n",
            b"X-A\r\n: b\r\n",
            noise(rng, 80) + b"\r\n",
        ]
    )
    return Case(head(rng, None, None, field))


def line_ends(rng):
    data = head(rng, b"GET")
    return Case(
        rng.choice(
            [
                data.replace(b"\r\n", b"\n"),
                data.replace(b"\r\n", b"\r"),
                data.replace(b"\r\n", b"\n\r"),
                data.replace(b"\r\n", b"\r\r\n"),
                data[:-2] + b"\n",
                data.replace(b"\r\n", b"\x0b"),
            ]
        )
    )


def hosts(rng):
    host = rng.choice(
        [
            b"",
            b"Host: a\r\nHost: b\r\n",
            b"Host:\r\n",
            b"Host: a b\r\n",
            b"Host: \xff\r\n",
            b"Host: x:port\r\n",
            b"Host: [::1\r\n",
            b"Host: user@x\r\n",
            b"Host: " + b"a" * 5000 + b"\r\n",
        ]
    )
    return Case(head(rng, None, None, host=host))


def authorizations(rng):
    value = rng.choice(
        [
            b"Bearer",
            b"Bearer ",
            b"Bearer  x",
            b"Basic eDp5",
            b"bearer " + text(rng),
            noise(rng, 30).replace(b"\n", b""),
            b"Bearer a.b.c",
            b"Bearer " + b"." * 3000,
            b"Bearer eyJhbGciOiJub25lIn0.e30.",
            b"Bearer \xff",
        ]
    )
    twice = rng.random() < 0.3
    return Case(head(rng, None, None, *[b"Authorization: " + value + b"\r\n"] * (2 if twice else 1), key=False))


def own_fields(rng):
    field = rng.choice(
        [
            b'Idempotency-Key: "open\r\n',
            b"Idempotency-Key: \r\n",
            b"Idempotency-Key: " + b"a" * 300 + b"\r\n",
            b"Idempotency-Key: a\r\nIdempotency-Key: b\r\n",
            b"Prefer: wait=" + b"9" * 400 + b"\r\n",
            b"Prefer: " + b"," * 3000 + b"\r\n",
            b"Prefer: wait=-1;;=\r\n",
            b"traceparent: " + text(rng) + b"\r\n",
            b"X-Forwarded-For: " + b"1.2.3.4," * 1000 + b"x\r\n",
            b'Forwarded: for="[\r\n',
            b"Content-Type: \xff/\xff\r\n",
        ]
    )
    body = rng.choice([b"{}", b"[]", b"", b'{"to": 5}', b"{" * 500, noise(rng)])
    path = rng.choice([b"/send-sms", b"/send-campaign", b"/webhooks/status"])
    return Case(head(rng, b"POST", path, field, b"Prefer: wait=0\r\n", b"Content-Length: %d\r\n" % len(body)) + body)


# Bodies.
def lengths(rng):
    length = rng.choice(
        [
            b"-1",
            b"+5",
            b"5 5",
            b"0x5",
            b"5,5",
            b"5, 6",
            b"",
            b"five",
            b"99999999999999999999",
            b"4.0",
            b"5;a",
            b"5\x00",
            b"\xd9\xa5",
            b"00000000000000000000005",
            b"18446744073709551616",
            b"9223372036854775807",
        ]
    )
    return Case(head(rng, b"POST", None, b"Content-Length: " + length + b"\r\n") + b"hello", most=2)


def conflicting_lengths(rng):
    first, second = rng.sample([0, 3, 5, 10], 2)
    return Case(
        head(rng, b"POST", None, b"Content-Length: %d\r\nContent-Length: %d\r\n" % (first, second)) + b"hello" + live()
    )


def smuggling(rng):
    """Both ways to give a length: whatever is answered, what hides in the body is not a request."""
    coding = rng.choice(
        [
            b"chunked",
            b"Chunked",
            b" chunked",
            b"\tchunked",
            b"xchunked",
            b"chunked, identity",
            b"identity, chunked",
            b"chunked\x0b",
            b"gzip, chunked",
            b"chunked, chunked",
            b'"chunked"',
            b"chunked;q=1",
        ]
    )
    name = rng.choice([b"Transfer-Encoding", b"Transfer-encoding", b"TRANSFER-ENCODING"])
    hidden = b"GET /health/live HTTP/1.1\r\nHost: hidden\r\n\r\n"
    body = rng.choice([b"0\r\n\r\n" + hidden, b"%x\r\n" % len(hidden) + hidden + b"\r\n0\r\n\r\n", hidden])
    fields = [name + b": " + coding + b"\r\n", b"Content-Length: %d\r\n" % len(body)]
    rng.shuffle(fields)
    return Case(head(rng, b"POST", None, *fields) + body)


def masked_coding(rng):
    field = rng.choice(
        [
            b"Transfer-Encoding : chunked\r\n",
            b"Transfer-Encoding\x00: chunked\r\n",
            b" Transfer-Encoding: chunked\r\n",
            b"X: y\nTransfer-Encoding: chunked\r\n",
            b"Transfer-Encoding:\x0bchunked\r\n",
            b"Transfer-Encoding:\n chunked\r\n",
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        ]
    )
    return Case(head(rng, b"POST", None, b"Content-Length: 5\r\n", field) + b"0\r\n\r\n" + live(), most=2)


def chunks(rng):
    body = rng.choice(
        [
            b"zz\r\nhello\r\n0\r\n\r\n",
            b"-5\r\nhello\r\n0\r\n\r\n",
            b"5\r\nhelloworld\r\n0\r\n\r\n",
            b"5\r\nhel\r\n0\r\n\r\n",
            b"ffffffffffffffff\r\nhello",
            b"10000000000000000\r\nhello",
            b"5 \r\nhello\r\n0\r\n\r\n",
            b"0x5\r\nhello\r\n0\r\n\r\n",
            b"5\nhello\n0\n\n",
            b"5;" + b"a" * 20_000 + b"\r\nhello\r\n0\r\n\r\n",
            b"5;a=\x00\r\nhello\r\n0\r\n\r\n",
            b"\r\n",
            b"5\r\nhello0\r\n\r\n",
            b"0\r\nX-Trailer: " + b"a" * 40_000 + b"\r\n\r\n",
            b"0\r\nno trailer\r\n\r\n",
            b"0\r\nContent-Length: 5\r\n\r\n",
            b"0\r\n\r",
            b"1\r\na\r\n" * 3000 + b"0\r\n\r\n",
            noise(rng),
            b"0" * 30_000,
            b"5\r\nhello\r\n",
        ]
    )
    return Case(head(rng, b"POST", None, b"Transfer-Encoding: chunked\r\n") + body, most=2)


def large_body(rng):
    size = rng.choice([256 * 1024 + 1, 300_000, 1_000_000])
    fields = rng.choice([b"Content-Length: %d\r\n" % size, b"Transfer-Encoding: chunked\r\n"])
    data = b"a" * size if fields.startswith(b"C") else b"%x\r\n" % size + b"a" * size + b"\r\n0\r\n\r\n"
    return Case(head(rng, b"POST", rng.choice([b"/send-sms", b"/webhooks/inbound", b"/inspect"]), fields) + data)


def bodies(rng):
    body = rng.choice(
        [
            b"",
            b"null",
            b"{",
            b"[" * 20_000,
            b'{"a":' * 5_000,
            b'{"to": "14155550100", "to": 5}',
            b'{"to": "\\ud800"}',
            b"\xff\xfe{\x00}\x00",
            b"\xef\xbb\xbf{}",
            b'{"to": "\xff"}',
            b'{"message_uuid": null}',
            b"a=%zz&b=%",
            b"a=1&" * 5_000,
            b"1e999999999",
            b"-",
            b"\x00" * 5000,
            b'{"recipients": [' + b"null," * 3_000 + b"1]}",
            noise(rng, 3000),
        ]
    )
    path = rng.choice(
        [b"/send-sms", b"/send-campaign", b"/inspect", b"/webhooks/status", b"/webhooks/inbound", b"/opt-outs/x"]
    )
    kind = rng.choice(
        [b"application/json", b"application/x-www-form-urlencoded", b"text/plain", b"multipart/form-data", b"x"]
    )
    method = rng.choice([b"POST", b"PUT", b"DELETE", b"GET"])
    return Case(
        head(
            rng,
            method,
            path,
            b"Prefer: wait=0\r\n",
            b"Content-Type: " + kind + b"\r\n",
            b"Content-Length: %d\r\n" % len(body),
        )
        + body
    )


def expectations(rng):
    value = rng.choice([b"100-continue", b"100-Continue", b"200-ok", b"", b"100-continue, x", b"\xff"])
    fields = [b"Expect: " + value + b"\r\n", b"Content-Length: %d\r\n" % rng.choice([0, 2, 300_000, 10**12])]
    return Case(head(rng, rng.choice([b"POST", b"GET", b"PUT"]), None, *fields), (b"{}", rng.choice([0, 0.05])), most=2)


def upgrades(rng):
    fields = rng.choice(
        [
            b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n",
            b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n",
            b"Connection: close, keep-alive, " + b"x," * 1000 + b"\r\n",
        ]
    )
    return Case(head(rng, b"GET", None, fields), b"\x81\x05hello")


def other_protocol(rng):
    return Case(
        rng.choice(
            [
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + noise(rng),
                b"AMQP\x00\x00\x09\x01",
                b"SSH-2.0-x\r\n",
                b"PING\r\n",
                b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n" + live(),
                b"\r\n\r\n\x00\r\nQUIT\n",
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + noise(rng),
            ]
        ),
        most=2,
    )


# Times and ends.
def early_end(rng):
    data = rng.choice(
        [
            live(),
            head(rng),
            head(rng, b"POST", None, b"Content-Length: 50\r\n") + b"half",
            head(rng, b"POST", None, b"Transfer-Encoding: chunked\r\n") + b"5\r\nhel",
        ]
    )
    return Case(data[: rng.randrange(1, len(data) + 1)], end=rng.choice(["close", "reset", "half"]))


def slow_bytes(rng):
    data = head(rng, b"GET", None, b"Connection: close\r\n")
    start = rng.randrange(len(data) - 12)
    return Case(data[:start], *[(data[i : i + 1], 0.02) for i in range(start, len(data))])


def unread_pipeline(rng):
    return Case(live() * rng.randrange(50, 400), most=400, end="reset")


def pipeline_with_fault(rng):
    count = rng.randrange(1, 6)
    return Case(
        live() * count + rng.choice([noise(rng), b"GET / HTTP/1.1\r\nbad\r\n\r\n", b"\x00"]) + live(), most=count + 2
    )


def mutation(rng):
    """Something nearly right: a few bytes of it are changed, put in, left out or doubled."""
    body = b'{"to": "14155550100", "message": "x"}'
    data = bytearray(
        rng.choice(
            [
                live(),
                head(rng),
                head(rng, b"POST", None, b"Prefer: wait=0\r\n", b"Content-Length: %d\r\n" % len(body)) + body,
                head(rng, b"POST", None, b"Transfer-Encoding: chunked\r\n") + b"5\r\nhello\r\n0\r\n\r\n",
            ]
        )
    )
    for _ in range(rng.randrange(1, 6)):
        place = rng.randrange(len(data))
        what = rng.randrange(4)
        if what == 0:
            data[place] = rng.randrange(256)
        elif what == 1:
            data[place:place] = noise(rng, 5)
        elif what == 2:
            del data[place : place + rng.randrange(1, 8)]
        else:
            data[place:place] = data[place : place + rng.randrange(1, 40)]
        if not data:
            data = bytearray(b"x")
    # A changed method may be HEAD, a doubled piece may be a request.
    return Case(bytes(data), most=6)


KINDS = [
    valid,
    valid_pipeline,
    valid_in_pieces,
    head_method,
    random_bytes,
    request_line,
    old_version,
    empty_lines,
    huge_target,
    huge_field,
    huge_name,
    many_fields,
    endless_head,
    broken_field,
    line_ends,
    hosts,
    authorizations,
    own_fields,
    lengths,
    conflicting_lengths,
    smuggling,
    masked_coding,
    chunks,
    large_body,
    bodies,
    expectations,
    upgrades,
    other_protocol,
    early_end,
    slow_bytes,
    unread_pipeline,
    pipeline_with_fault,
    mutation,
]
