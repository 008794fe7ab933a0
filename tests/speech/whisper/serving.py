"""A web server for one file, which can cut the line, lie, or refuse."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer(ThreadingHTTPServer):
    """Serves `content` at every address. requests: the Range header of each request, None without one.

    cut_at: it breaks off after so many bytes of the file, once for each entry. pause_at: it stops sending there until
    it is closed. ranges: whether it keeps to ranges. status: answered instead of the file.
    """

    daemon_threads = True

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.requests: list[str | None] = []
        self.cut_at: list[int] = []
        self.pause_at: int | None = None
        self.ranges = True
        self.status: int | None = None
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/model.pt"


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        server = self.server
        asked = self.headers.get("Range")
        server.requests.append(asked)
        if server.status is not None:
            self.send_error(server.status)
            return
        start = int(asked.removeprefix("bytes=").split("-")[0]) if asked and server.ranges else 0
        if start >= len(server.content):
            self.send_error(416)
            return
        self.send_response(206 if asked and server.ranges else 200)
        if asked and server.ranges:
            self.send_header("Content-Range", f"bytes {start}-{len(server.content) - 1}/{len(server.content)}")
        self.send_header("Content-Length", str(len(server.content) - start))
        self.end_headers()
        end = server.cut_at.pop(0) if server.cut_at else len(server.content)
        if server.pause_at is not None:
            self.wfile.write(server.content[start : server.pause_at])
            self.wfile.flush()
            server.closing.wait()
            return
        self.wfile.write(server.content[start:end])

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def serving(content: bytes) -> Iterator[FileServer]:
    """A server on a free port of this machine."""
    server = FileServer(content)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
