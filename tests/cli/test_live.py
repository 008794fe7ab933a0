"""A changing line is for terminals only."""

import io

from cli.live import live_line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_partial_text_is_shown_on_one_line_and_gone_afterwards() -> None:
    terminal = Terminal()
    with live_line(stream=terminal) as show:
        assert show is not None
        show("where is")
        show("where is my\x1b[31m order\n" + "x" * 500)
    shown = terminal.getvalue()
    assert "where is" in shown
    assert "\n" not in shown and "\x1b[31m" not in shown
    assert shown.endswith("\r\x1b[2K")


def test_nothing_is_shown_where_nobody_watches() -> None:
    stream = io.StringIO()
    with live_line(stream=stream) as show:
        assert show is None
    with live_line(wanted=False, stream=Terminal()) as show:
        assert show is None
    assert stream.getvalue() == ""
