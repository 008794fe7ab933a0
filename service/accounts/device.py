"""A browser in words that its owner recognises."""

from typing import Final

# In this order: each calls itself by the names of those below it as well.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_READ = 400


def device_of(user_agent: str) -> str:
    """Such as "Firefox on Linux". What a browser sends as its name is not kept: it can tell people apart."""
    text = user_agent[:_READ]
    browser = next((name for mark, name in _BROWSERS if f"{mark}/" in text), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in text), None)
    return browser if system is None else f"{browser} on {system}"
