"""The number of examples of a property: a few in `make test`, the number that it states in `make test-slow`."""

from hypothesis import settings

THOROUGH = "thorough"


def examples(thorough: int) -> int:
    """Return the number of examples of a property in the profile that is in use."""
    return thorough if settings.get_current_profile_name() == THOROUGH else max(10, thorough // 5)
