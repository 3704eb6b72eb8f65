"""Text that somebody else wrote, as it is shown: nothing in it is obeyed by a terminal. Imports nothing heavy."""

import json
import re

# Control characters; marks of direction, which show text in another order; invisible blanks; tags; half characters.
# The joiners of Persian and other scripts, and the soft hyphen, are letters' own: they stay.
_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def printable(text: str, but: str = "") -> str:
    r"""Return a text in which each character that a terminal would obey is written as in JSON, except those of `but`.

    >>> print(printable("a\x1b[31m\nb.csv"))
    a\u001b[31m\nb.csv
    """
    return _OBEYED.sub(lambda found: found[0] if found[0] in but else json.dumps(found[0])[1:-1], text)
