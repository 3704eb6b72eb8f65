"""From the text of a cell to a status, in any language of the forms, and in the words of executive control.

What a word means may depend on the activity: "Исполнено" ends a dated activity, but of a continuous one it says that
the work of the year was done. A word that can mean two states is a fault that names both."""

from difflib import get_close_matches
from functools import cache, lru_cache

from transforms.quality.catalogue import Message, message
from transforms.reports.cells.values import read_text, shown
from transforms.reports.vocabulary import LANGUAGES, labels, meanings, plain, rows
from transforms.text.old_tajik_fonts import in_real_letters

# Where a status is written: about a continuous activity, about one in a form of ours, which offers both, or elsewhere.
SETTINGS = ("dated", "continuous", "form")
_Doubt = tuple[list[str], str]  # statuses that may be meant, and the sentence, if it is not that of their number
_ALIKE = 0.92  # выполненно is, uncompleted is not
_LONGEST = 40  # letters of a word that is compared with those known
_STATES = ("state", "other_state", "third_state")
_VARIANTS = {1: "one_state", 2: "two_states", 3: "three_states"}


def read_status(text: str, setting: str = "dated") -> tuple[str | None, Message | None]:
    """Return the code of a status. A code is always itself; a text with a question mark is no status.

    >>> [read_status(text)[0] for text in ("In progress", "ВЫПОЛНЕНО", "Completed?")]
    ['in_progress', 'completed', None]
    >>> [read_status(text, "continuous")[0] for text in ("Исполнено", "Завершено", "completed")]
    ['delivered', 'completed', 'completed']
    >>> str(read_status("Снято с контроля")[1])
    '"Снято с контроля" may mean Completed or Cancelled: write the one that is meant.'
    """
    typed = read_text(text)
    if typed is None:
        return None, None
    label = plain(in_real_letters(typed))
    code = None if "?" in text else meanings("statuses").get(label)
    doubt = None if "?" in text else _doubtful().get(label, {}).get(setting)
    if code is None or doubt:
        return None, _fault(typed, doubt or _nearest(label, setting), setting)
    is_itself = typed == code or (setting == "form" and label in _printed())
    return (code if is_itself or setting == "dated" else _on_continuous().get(label, code)), None


def is_status(text: str) -> bool:
    """Return True if a text is a word for a status, also for one of several.

    >>> is_status("Исполнено"), is_status("Снято с контроля"), is_status("Laws are reviewed")
    (True, True, False)
    """
    label = plain(in_real_letters(text))
    return label in meanings("statuses") or label in _doubtful()


def _fault(typed: str, doubt: _Doubt | None, setting: str) -> Message:
    """Return the sentence that names the statuses which may be meant: of a dated activity none is delivered."""
    if doubt is None:
        return message("status_unreadable", text=shown(typed))
    codes, variant = doubt
    if setting == "dated":
        codes = [*dict.fromkeys("completed" if code == "delivered" else code for code in codes)]
    states = dict(zip(_STATES, (labels("statuses", "en")[code] for code in codes), strict=False))
    return message(f"status_unreadable.{variant or _VARIANTS[len(states)]}", text=shown(typed), **states)


def _nearest(label: str, setting: str) -> _Doubt | None:
    """Return what a word may mean that differs from a known one as by a slip of the keyboard."""
    if (known := _close(label)) is None:
        return None
    return _doubtful().get(known, {}).get(setting) or ([meanings("statuses")[known]], "")


@lru_cache(10_000)
def _close(label: str) -> str | None:
    alike = [known for known in {*meanings("statuses"), *_doubtful()} if known[:2] == label[:2]]
    return next(iter(get_close_matches(label, alike, 1, _ALIKE)), None) if len(label) <= _LONGEST else None


@cache
def _on_continuous() -> dict[str, str]:
    """Return the status of each word that means another one on a continuous activity."""
    return {plain(label): status for _, _, label, status in rows("statuses") if status}


@cache
def _doubtful() -> dict[str, dict[str, _Doubt]]:
    """Return the choices and the sentence of each word that can mean several states, by where it is written."""
    doubts: dict[str, dict[str, _Doubt]] = {}
    for _, label, timeframe, choices, variant in rows("doubtful_statuses"):
        settings = SETTINGS if not timeframe else ("continuous", "form")
        doubts.setdefault(plain(label), {}).update(dict.fromkeys(settings, (choices.split("|"), variant)))
    return doubts


@cache
def _printed() -> frozenset[str]:
    """Return the labels that our forms print, plain."""
    return frozenset(plain(label) for language in LANGUAGES for label in labels("statuses", language).values())
