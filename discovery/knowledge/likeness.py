"""How much a text looks like a version, a serial number or the name of a product.

Each function returns the value in the text and its mark: 0 it is none, 1 it may be one, 2 it looks
like one, 3 it is hardly anything else.
"""

import re

from discovery.knowledge.grammar import describe

Likeness = tuple[str, float]

NOT_AT_ALL: Likeness = ("", 0)
MAY_BE, LIKELY, SURELY = 1.0, 2.0, 3.0

_NUMBER = r"\d{1,8}(?:[._]\d{1,12})+"
_VERSION = re.compile(
    r"(?i)(?![ .:_-])(?P<label>(?:(?:[a-z]{2,5}|firm|soft) ?)?"
    r"(?:ver(?:sion)?|rev|rel(?:ease)?|fw|sw|ware)?[ .:_-]{0,2})"
    rf"(?P<v>[vr]?)(?P<number>{_NUMBER})"
    r"(?P<rest>(?:[a-z~+_(-][\w.+~()-]*)?)(?P<tail>[ ,|(].{0,40})?"
)
_LABELLED = re.compile(
    r"(?i)\b(?:v|ver|version|release|firmware|software|fw|sw)[ .:_]{0,2}(\d+[._]\d[\w.()+-]*)"
)
_NAMED_VERSION = re.compile(r"(?i)[a-z][\w-]{0,15}[ ._-]v?\d+(?:\.\d+){1,5}[\w.()+-]*")
_DATE = re.compile(
    r"20\d\d[01]\d[0-3]\d(?:[0-2]\d[0-5]\d(?:\d\d)?)?Z?\Z|(?:19|20)\d\d[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](?:19|20)\d\d|\d\d:\d\d"
)
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_PADDED = re.compile(r"(?:^|\.)0\d")
_OCTET = 255
_LARGE = 100
_UNIT = re.compile(
    r" ?(?:[kMG]?(?:VA|Hz|bps)|[kM]?W\b|m?[VA]\b|[Vv]olts?|[Aa]mps?|%|°|[Dd]eg|dBm?|[a-zA-Z]{2,3}$)"
)
_MANY_PARTS = 3

_MAC = re.compile(
    r"(?i)[0-9a-f]{1,2}(?:[:-][0-9a-f]{2}){5}|[0-9a-f]{12}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}"
)
_SERIAL = re.compile(r"[A-Z0-9][A-Z0-9/-]{4,22}[A-Z0-9](?: {1,2}[A-Z])?|[A-Za-z]{0,4}\d{6,20}")
_HYPHENATED = re.compile(r"[A-Z0-9]{2,}-\d{3,}")
_DIGITS = re.compile(r"\d+")
_MIN_DIGITS = 4
_MIN_RUN = 3
_LONG_NUMBER = 8
_IMEI_DIGITS = 15

_NO_PRODUCT = re.compile(r"(?i)\d+ ?[a-z]{0,4}|0x\w+|/.*|\d+\.v\d+|(?:ac|dc)[ -]\d.*")
_MIN_NAME = 5
_LONG_NAME = 32
_LONG_RUN = 5


def as_version(text: str) -> Likeness:
    """Return the version that a text is, or that it tells behind a label."""
    match = _VERSION.fullmatch(text)
    if match is None:
        return _told_version(text)
    if _is_address(text) or _DATE.fullmatch(match["number"]):
        return NOT_AT_ALL
    tail = match["rest"] + (match["tail"] or "")
    if _UNIT.match(tail):
        return NOT_AT_ALL
    is_labelled = bool(match["v"] or match["label"])
    parts = len(_DIGITS.findall(match["number"]))
    if is_labelled or parts >= _MANY_PARTS:
        both = is_labelled and parts >= _MANY_PARTS
        return text[match.start("v") :], SURELY + both / 2
    return text, LIKELY if tail else MAY_BE


def _told_version(text: str) -> Likeness:
    if _DATE.search(text):
        return NOT_AT_ALL
    if _NAMED_VERSION.fullmatch(text):
        return text, LIKELY
    told = _LABELLED.search(text)
    return (told[1], LIKELY) if told else NOT_AT_ALL


def _is_address(text: str) -> bool:
    """Return whether four numbers are rather an IPv4 address than a version."""
    if not _ADDRESS.fullmatch(text):
        return False
    numbers = [int(number) for number in text.split(".")]
    if max(numbers) > _OCTET or _PADDED.search(text):
        return False
    # Versions seldom reach three digits, addresses mostly do.
    return numbers[0] in (0, 10, 127) or max(numbers) >= _LARGE


def as_serial(text: str, sys_descr: str) -> Likeness:
    """Return the serial number that a text is, or tells; what sysDescr repeats is none."""
    told = describe(text).serial if " " in text else None
    if told:
        return told, SURELY
    if not _SERIAL.fullmatch(text) or _DATE.search(text) or text in sys_descr:
        return NOT_AT_ALL
    runs = [len(run) for run in _DIGITS.findall(text)]
    digits = sum(runs)
    is_name = "-" in text and not _HYPHENATED.fullmatch(text)
    is_varied = len(set(text)) >= _MIN_DIGITS
    if digits < _MIN_DIGITS or max(runs) < _MIN_RUN or is_name or not is_varied:
        return NOT_AT_ALL
    if _MAC.fullmatch(text) or digits == len(text) == _IMEI_DIGITS:
        return text, MAY_BE
    if digits == len(text):
        return text, LIKELY if digits >= _LONG_NUMBER else MAY_BE + 0.2
    # The more digits, and the more of them in a row, the less it is a product.
    return text, MAY_BE + min(digits, 10) / 10 + min(max(runs), _LONG_NUMBER) / 20


def as_model(text: str, sys_descr: str) -> Likeness:
    """Return the name of a product in a text; what sysDescr repeats surely is one."""
    if _VERSION.fullmatch(text) or _DATE.search(text) or _MAC.fullmatch(text):
        return NOT_AT_ALL
    told = describe(text).model
    if not told or _NO_PRODUCT.fullmatch(told):
        return NOT_AT_ALL
    if len(text) >= _MIN_NAME and text in sys_descr:
        return text, SURELY
    mark = LIKELY if len(text) <= _LONG_NAME else LIKELY - 0.5
    if any(len(run) > _LONG_RUN for run in _DIGITS.findall(told)):
        mark -= 1
    if _HYPHENATED.fullmatch(text):
        mark -= 1
    return told, mark + ("-" in told) / 2
