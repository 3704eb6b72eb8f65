"""All checks of a document, in one place."""

from transforms.plans.agencies import AgencyBook
from transforms.plans.checks.abbreviations import flag_abbreviations
from transforms.plans.checks.named_agencies import flag_agencies_of_texts
from transforms.plans.checks.printed_texts import printed_texts
from transforms.plans.checks.windows import flag_windows
from transforms.plans.checks.words import flag_open_ends, flag_words
from transforms.plans.context import Context


def flag_doubts(context: Context, book: AgencyBook) -> None:
    """Flag what is doubtful in a document as a whole. Needs all its rows."""
    texts = printed_texts(context)
    flag_words(context, texts)
    flag_open_ends(context, texts)
    flag_abbreviations(context, book, texts)
    flag_agencies_of_texts(context, book)
    flag_windows(context)
