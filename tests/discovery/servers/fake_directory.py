"""A directory in plain Python that misbehaves exactly as a test wants (RFC 4511, RFC 2696)."""

import contextlib
import socket
import threading
from dataclasses import dataclass, field

PAGED_RESULTS = b"1.2.840.113556.1.4.319"
BIND, SEARCH, EXTENDED, UNBIND = 0x60, 0x63, 0x77, 0x42


class Cut(Exception):  # noqa: N818 — an instruction of the script, not an error
    """Close the connection now."""


class Stall(Exception):  # noqa: N818 — likewise
    """Say nothing any more, but keep the connection."""


def ber(tag, *values):
    content = b"".join(values)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 + len(octets)]) + octets + content


def integer(value, tag=2):
    return ber(tag, value.to_bytes(max(1, (value.bit_length() + 8) // 8), "big"))


def elements(data):
    """Return the (tag, value) pairs of a BER sequence of elements."""
    found, position = [], 0
    while position < len(data):
        tag, length, position = data[position], data[position + 1], position + 2
        if length >= 128:
            octets = length - 128
            length = int.from_bytes(data[position : position + octets], "big")
            position += octets
        found.append((tag, data[position : position + length]))
        position += length
    return found


@dataclass
class Request:
    """A request with what the scripts need of it."""

    id: int
    operation: int
    base: str = ""
    attributes: list = field(default_factory=list)
    page_size: int | None = None
    cookie: bytes = b""
    password: bytes = b""

    @property
    def start(self):
        return int(self.cookie or b"0")

    def message(self, operation, *controls):
        parts = [integer(self.id), operation]
        if controls:
            parts.append(ber(0xA0, *controls))
        return ber(0x30, *parts)

    def entry(self, dn, attributes):
        rows = [
            ber(0x30, ber(4, name.encode()), ber(0x31, *(ber(4, value) for value in values)))
            for name, values in attributes.items()
        ]
        return self.message(ber(0x64, ber(4, dn.encode()), ber(0x30, *rows)))

    def reference(self, url):
        return self.message(ber(0x73, ber(4, url.encode())))

    def done(self, code=0, *, cookie=None, operation=0x65, text=b"", referral=None):
        parts = [integer(code, 0x0A), ber(4), ber(4, text)]
        if referral:
            parts.append(ber(0xA3, ber(4, referral.encode())))
        controls = []
        if cookie is not None:
            value = ber(0x30, integer(0), ber(4, cookie))
            controls = [ber(0x30, ber(4, PAGED_RESULTS), ber(4, value))]
        return self.message(ber(operation, *parts), *controls)


def parse_request(data):
    parts = elements(elements(data)[0][1])
    request = Request(int.from_bytes(parts[0][1], "big"), parts[1][0])
    content = elements(parts[1][1]) if request.operation != UNBIND else []
    if request.operation == SEARCH:
        request.base = content[0][1].decode()
        request.attributes = [value.decode() for _, value in elements(content[7][1])]
    if request.operation == BIND:
        request.password = content[2][1]
    for _, control in elements(parts[2][1]) if len(parts) > 2 else []:
        fields = elements(control)
        if fields[0][1] == PAGED_RESULTS:
            size, cookie = elements(elements(fields[-1][1])[0][1])
            request.page_size, request.cookie = int.from_bytes(size[1], "big"), cookie[1]
    return request


def honest(entries):
    """Return a script that answers searches with these (dn, attributes), page by page."""

    def script(request):
        stop = min(len(entries), request.start + request.page_size)
        for dn, attributes in entries[request.start : stop]:
            yield request.entry(dn, attributes)
        yield request.done(cookie=b"" if stop == len(entries) else str(stop).encode())

    return script


class FakeDirectory:
    """Serves one script per search over LDAPS, or in clear until StartTLS when told."""

    def __init__(self, tls, script, *, is_start_tls=False, bind=None, extended=None):
        self._context = tls.server_context()
        self._script = script
        self._is_start_tls = is_start_tls
        self._bind = bind or (lambda request: [request.done(operation=0x61)])
        self._extended = extended or (lambda request: [request.done(operation=0x78)])
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopped = threading.Event()
        self._threads = []
        self.requests = []

    @property
    def url(self):
        scheme = "ldap" if self._is_start_tls else "ldaps"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self):
        self._start(self._accept)
        return self

    def __exit__(self, *_):
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def _start(self, target, *arguments):
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while not self._stopped.is_set():
                self._start(self._serve, self._listener.accept()[0])

    def _serve(self, connected):
        try:
            if not self._is_start_tls:
                connected = self._context.wrap_socket(connected, server_side=True)
            while data := connected.recv(65536):
                request = parse_request(data)
                self.requests.append(request)
                if request.operation == UNBIND:
                    return
                for chunk in self._answer(request):
                    connected.sendall(chunk)
                if request.operation == EXTENDED:
                    connected = self._context.wrap_socket(connected, server_side=True)
        except (OSError, Cut):
            return
        except Stall:
            self._stopped.wait(30)
        finally:
            connected.close()

    def _answer(self, request):
        if request.operation == BIND:
            return self._bind(request)
        return self._extended(request) if request.operation == EXTENDED else self._script(request)
