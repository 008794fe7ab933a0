"""What the desk can do × every kind of caller, whichever page or socket asks for it."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from service.desk.visit import Desk, Works
from service.errors import NotAllowed, ServiceError
from store import RequestKind, RequestState, StoreError
from tests.service.callers import KINDS, Callers, people_of
from tests.service.talk import talking
from tests.service.test_permissions import DECLARED
from vocabulary import Perceived, Role

WORKS: dict[str, str] = DECLARED["works"]
MAY: dict[str, set[str]] = {right: set(kinds.split()) for right, kinds in DECLARED["rights"].items()}
# Enough for each call to get past its own first look at the values.
VALUES: dict[Any, Any] = {str: "nobody-0001", Role: Role.AGENT, Perceived: Perceived.AS_SHOWN, set[str]: set()}
VALUES |= {RequestState: RequestState.DONE, RequestKind: RequestKind.ACCESS}
VALUES |= {Mapping[str, str]: {}, int: 0}
VALUES |= {str | None: None, int | None: None, date | None: None}


@pytest.fixture
async def callers(tmp_path: Path) -> AsyncIterator[Callers]:
    async with talking(tmp_path, desk=True) as talk:
        yield await people_of(talk)


def _works(callers: Callers) -> dict[str, Callable[..., Awaitable[Any]]]:
    desk = callers.talk.app.state.desk
    assert isinstance(desk, Desk)
    return {
        f"{field.name}.{name}": getattr(work, name)
        for field in fields(Works)
        for work in [getattr(desk.works, field.name)]
        for name in vars(type(work))
        if not name.startswith("_")
    }


def _arguments(call: Callable[..., Any]) -> dict[str, Any]:
    given = {}
    for name, parameter in inspect.signature(call, eval_str=True).parameters.items():
        if name != "token" and parameter.default is inspect.Parameter.empty:
            given[name] = VALUES[parameter.annotation]
    return given


async def test_the_file_names_everything_that_the_desk_can_do(callers: Callers) -> None:
    assert set(_works(callers)) == set(WORKS)


@pytest.mark.parametrize("kind", KINDS)
async def test_each_call_checks_the_right_by_itself(callers: Callers, kind: str) -> None:
    wrong = []
    for name, call in _works(callers).items():
        token = await callers.session(Role(kind)) if kind in set(Role) else str(uuid4())
        refused = False
        try:
            await call(token, **_arguments(call))
        except NotAllowed:
            refused = True
        except (ServiceError, StoreError):
            # There is no such thing: the caller got past the gate.
            pass
        if refused is (kind in MAY[WORKS[name]]):
            wrong.append(name)
    assert not wrong
