"""Every route of the application, whatever it was included by, and what it declares about its callers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from starlette.routing import Mount

from service.permit import ChecksItself, Permit, Public, declaration

Declared = Permit | Public | ChecksItself


@dataclass(frozen=True)
class Found:
    """One way into the application. call: METHOD /path, SOCKET /path or MOUNT /path."""

    call: str
    declared: tuple[Declared, ...]

    @property
    def says(self) -> str:
        """What it declares, in the words of permissions.toml; empty for nothing."""
        words = {
            f"checks itself: {one.right.value}"
            if isinstance(one, ChecksItself)
            else one.right.value
            if isinstance(one, Permit)
            else "public"
            for one in self.declared
        }
        return " and ".join(sorted(words))


def routes_of(app: FastAPI) -> list[Found]:
    """All of them, each once for each method. HEAD goes with GET."""
    return [Found(call, tuple(_declared(route))) for route in _walk(app.routes) for call in _calls(route)]


def _walk(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from _walk(route.effective_candidates())
            yield from _walk(route.effective_low_priority_routes())
        else:
            yield route


def _calls(route: Any) -> list[str]:
    inner = getattr(route, "starlette_route", None) or route
    path = str(getattr(route, "path", None) or inner.path).replace(":path}", "}")
    methods = getattr(route, "methods", None) or getattr(inner, "methods", None)
    if methods:
        return [f"{method} {path}" for method in sorted(set(methods) - {"HEAD"})]
    return [f"{'MOUNT' if isinstance(inner, Mount) else 'SOCKET'} {path}"]


def _declared(route: Any) -> Iterator[Declared]:
    dependant = getattr(route, "dependant", None) or getattr(getattr(route, "starlette_route", None), "dependant", None)
    for dependency in dependant.dependencies if dependant else ():
        found = declaration(dependency)
        if found is not None:
            yield found
