"""How many threads a fit may use."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Algebra on one thread: on a busy machine two that wait for each other take many times as long."""
    import scipy.linalg  # noqa: F401 - only what is loaded can be limited
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1):
        yield
