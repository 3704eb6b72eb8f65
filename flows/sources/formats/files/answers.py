"""What web sites and their services send in place of data: pages, error messages, tables in HTML, JSON of other kinds.

The readers of XML and of JSON look for these before they take a file as theirs."""

import json
import re

from flows.sources.formats.files.text_file import Head
from transforms.errors import InputProblem

_MARKUP = re.compile(r"<[!?]|<[A-Za-z_][\w.:-]*(?:\s+[\w.:-]+\s*=|\s*/?>)")  # <?xml …, <html lang=, <error>
_UNREAD = re.compile(r"<\?.*?\?>|<!--.*?-->", re.DOTALL)  # processing instructions, comments
_HTML = re.compile(
    r"\s*<(?:!doctype\s+html|html|head|body|title|meta|link|style|script|table|div|span|p|br|center|h1|form)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^>]*>(.*?)</", re.IGNORECASE | re.DOTALL)
_OFFICE = "urn:schemas-microsoft-com:office"  # in pages and XML that Excel or a copy of it wrote
_BOOK = re.compile(r"<(?:\w+:)?Workbook\s[^>]*urn:schemas-microsoft-com:office|<office:document\s")
_ERROR = re.compile(r"<(?:\w[\w.-]*:)?\w*(?:error|fault|exception)\w*[\s/>]", re.IGNORECASE)
_ROOT = re.compile(r"\s*<(?:\w[\w.-]*:)?(\w*)[\s/>]")
_ENVELOPES = ("envelope", "response", "result")  # around the message of a service
_TAG = re.compile(r"<[^>]*>?")

_JSON = re.compile(r'[{\[]\s*["{\[\]}]')  # {"version": …; "[Area],Year" is none
_SDMX_JSON = re.compile(r'"dataSets"|sdmx-json|"dimensions"\s*:\s*\{\s*"(?:dataSet|series|observation)"')
_PXWEB = re.compile(r'"columns"\s*:\s*\[\s*\{\s*"code"')
_JSON_STAT = re.compile(
    r'"class"\s*:\s*"(?:dataset|collection|bundle|dimension)"|"dimension"\s*:\s*\{|"value"\s*:\s*[\[{]'
)
_ERROR_KEYS = {"error", "errors", "message", "detail", "fault", "exception"}
_SHOWN = 200  # characters


def is_markup(text: str) -> bool:
    """Return True for the beginning of XML or HTML.

    >>> is_markup("<?xml version='1.0'?>"), is_markup("<Table>;2019;2020"), is_markup("<5 years,12")
    (True, False, False)
    """
    start = _MARKUP.match(text)
    return start is not None and (start[0][-1] != ">" or "</" in text or "/>" in text)


def check_markup(text: str) -> None:
    """Raise InputProblem for a page, a workbook as HTML or XML, and the error message of a service."""
    text = _UNREAD.sub("", text)
    if _HTML.match(text) and _OFFICE in text:
        what, remedy = "the file is a page for Excel (HTML), and no workbook", "Open it, and save it as .xlsx."
        raise InputProblem(what, remedy)
    if _HTML.match(text):
        title = _TITLE.search(text)
        remedy = "Use the site's button for downloads, and look at the file before you take it."
        value = _shown(title[1]) if title else None
        raise InputProblem("the file is a page of a web site, and no data", remedy, value=value)
    if _BOOK.search(text):
        raise InputProblem("the file is a workbook in XML", "Open it, and save it as .xlsx.")
    root = _ROOT.match(text)
    is_envelope = root is not None and root[1].lower() in _ENVELOPES
    if _ERROR.match(text.lstrip()) or (is_envelope and _ERROR.search(text)):
        raise _error(_TAG.sub(" ", text))


def is_json(text: str) -> bool:
    """Return True for the beginning of an object or a list.

    >>> is_json('{"class": "dataset"}'), is_json("[Area],[Year]")
    (True, False)
    """
    return bool(_JSON.match(text))


def check_json(head: Head) -> None:
    """Raise InputProblem for SDMX-JSON, PxWeb's own JSON, the error message of a service, and JSON of other kinds."""
    text = head.text
    if _SDMX_JSON.search(text):
        raise InputProblem("the file is SDMX-JSON, which npa does not read", "Ask the same server for SDMX-CSV.")
    if _PXWEB.search(text):
        what = 'the file is "json" of PxWeb, which npa does not read'
        raise InputProblem(what, "Ask the same server for px or json-stat2.")
    if _JSON_STAT.search(text) and "odata" not in text[:_SHOWN] and not text.startswith("["):
        return
    if head.is_whole and _ERROR_KEYS & {key.lower() for key in _keys(text)}:
        raise _error(text)
    if head.is_whole or text.startswith("["):
        remedy = "Ask the producer for JSON-stat, SDMX-CSV or CSV."
        raise InputProblem("the file is JSON, and no JSON-stat", remedy, value=_shown(text))


def _keys(text: str) -> list[str]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return list(whole) if isinstance(whole, dict) else []


def _error(text: str) -> InputProblem:
    what, remedy = "the file is an error message of a web service", "Ask the service again, as its message says."
    return InputProblem(what, remedy, value=_shown(text))


def _shown(text: str) -> str:
    return " ".join(text.split())[:_SHOWN]
