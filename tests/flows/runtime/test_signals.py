"""Exceptions that count as a stop."""

from collections.abc import Generator

import pytest

from flows.runtime.signals import is_stop


class _Signal(BaseException):
    """A stop as Prefect raises it in a flow."""


def _of_a_library() -> None:
    """Raise like a library that cannot say what state it was in when it was stopped."""
    try:
        raise _Signal
    finally:
        raise ValueError("Task run is not set")


def _next_to_a_generator() -> None:
    def numbers() -> Generator[int, None, None]:
        try:
            yield 1
        except GeneratorExit:
            raise ValueError("the generator was closed") from None

    generator = numbers()
    next(generator)
    generator.close()


@pytest.mark.parametrize(
    ("fail", "expected"), [(_of_a_library, True), (_next_to_a_generator, False), (lambda: int("x"), False)]
)
def test_an_error_of_a_library_caused_by_a_stop_is_a_stop(fail: object, expected: bool) -> None:
    with pytest.raises(Exception) as fault:  # noqa: PT011
        fail()  # type: ignore[operator]
    assert is_stop(fault.value) is expected


def test_a_stop_and_no_stop() -> None:
    assert is_stop(KeyboardInterrupt())
    assert not is_stop(None)
