"""How makers word sysDescr: the model first, then labelled versions; read without knowing them.

No standard says more than "a textual description" (RFC 3418), yet most makers write one of few
forms: `Acme X-100, Version 1.2`, `Model: X-100; SW: 1.2; S/N: 4711`, `X-100 1.2.3.4`. What is said
in no such form counts as not said.
"""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Description:
    """What a text says about the device: each value, or nothing where it says none."""

    model: str | None = None
    version: str | None = None
    serial: str | None = None


def names_the_host(text: str) -> bool:
    """Return whether a sysDescr is that of a general operating system, which names the host."""
    return _OPERATING_SYSTEM.match(_EDGES.sub("", text)) is not None


@lru_cache(maxsize=4096)
def describe(text: str) -> Description:
    """Return what a sysDescr says in one of the usual forms."""
    plain = _EDGES.sub("", text)
    if not plain or _OPERATING_SYSTEM.match(plain):
        return Description()
    return Description(_model(plain), _version(plain), _serial(plain))


_EDGES = re.compile(r"^[\s\"'\\;,=#*.:-]+|[\s\"'\\;,]+$")
# Texts of general operating systems name the host and the kernel, not the device.
_OPERATING_SYSTEM = re.compile(
    r"(?i)(?:\S+ \d+ )?(linux|darwin|sunos|freebsd|openbsd|netbsd|aix|hp-ux|windows) |hardware: "
)

# --- version -----------------------------------------------------------------------------------

_NUMBER = (
    r"(?:[vV]|[A-Z]{1,3}[.-])?\d+(?:[._]\d+)+(?:[A-Za-z0-9._+~-]|\(\w[\w.]*\))*"
    r"|[vV]\d{3}R\d{3}C\d+\w*"
)
_BARE = re.compile(rf"(?<![A-Za-z0-9./(-])({_NUMBER})", re.ASCII)
_IN_BRACKETS = re.compile(rf"\(({_NUMBER})\)", re.ASCII)
_LABEL = (
    r"(?P<software>(?:app(?:lication)?|sys(?:tem)?|main)?[ _.]*(?:soft ?ware|s/?w)|versw)"
    r"|(?P<firmware>firm ?ware|f/?w|image)"
    r"|(?P<general>versions?|ver|vers|release|rel|revision|rev|(?!ecos)\w*[a-z0-9]OS|[A-Z]{2,}OS)"
    r"|(?P<short>v|r)"
)
_LABELLED = re.compile(
    rf"(?i:(?<![a-z0-9])(?:{_LABEL}))"
    r"(?i:[ _]*(?:version|ver|v|revision|rev|release|build|code))?\.?[\s:=_,-]{0,4}"
    rf"(?P<value>{_NUMBER}|(?i:v|r)?\d[\w.]*\d(?:[.(-][\w.)]+)*|\d)(?![\w/]|-?bit)",
    re.ASCII,
)
# Versions of parts that are not the device's own, told by what stands before the label.
_OF_A_PART = re.compile(
    r"(?i)(?:(?:hard ?ware|\bhw|h/w|boot\w*|btldr|\brom|loader|backup|kernel|linux|vxworks|ecos"
    r"|chip|protocol|snmp|agent|copyright|u-boot|\bcpu|\bpcb|board|bios|fpga|cpld|mib)"
    r"[ _:.,-]{0,3}(?:version|ver|v|rev|revision|release)?|linux \S+)[ _:.,-]{0,3}$"
)
_DATE_OR_AMOUNT = re.compile(
    r"(?i)\d{1,2}[._]\d{1,2}[._](?:19|20)\d\d$|(?:19|20)\d\d[._]\d\d[._]\d\d$"
    r"|[\d.]+[kmg]?(?:va|w|hz|b|a|v|bps)$|802\.\d+\w*$"
)
_FILE_OR_WIDTH = re.compile(r"(?i)\.(?:bin|img|rom|hex|tar|gz|zip|pkg)$|-?bit$")
_RANKS = {"software": 4, "firmware": 3, "general": 2, "short": 1}


def _version(text: str) -> str | None:
    """Return the version with the most telling label, the first one of equals."""
    best, rank = None, 0
    for match in _LABELLED.finditer(text):
        value, found = match["value"], next(r for kind, r in _RANKS.items() if match[kind])
        is_number = "." in value or "_" in value or found > _RANKS["short"]
        is_number = is_number and not _FILE_OR_WIDTH.search(value)
        if found > rank and is_number and _is_own(text, match.start()):
            best, rank = value, found
    if best is None:
        numbers = [*_BARE.finditer(text), *_IN_BRACKETS.finditer(text)]
        bare = (m for m in numbers if _is_own(text, m.start()))
        best = next((m[1] for m in bare if not _DATE_OR_AMOUNT.match(m[1])), None)
    return best and _trim(best)


def _is_own(text: str, start: int) -> bool:
    return not _OF_A_PART.search(text[max(0, start - 32) : start])


def _trim(value: str) -> str:
    """Return a version without the punctuation that ends the sentence."""
    value = value.rstrip(".,;:_-+~")
    while value.endswith(")") and value.count(")") > value.count("("):
        value = value[:-1]
    return value


# --- serial ------------------------------------------------------------------------------------

_SERIAL = re.compile(
    r"(?i)(?<![a-z0-9])(?:s/n|sn(?![a-z0-9])|serial(?:[ _-]?(?:number|num|no|nr))?)[.#]?"
    r"\s*[:=#]?\s*"
    r"(?P<value>[a-z0-9][a-z0-9-]{4,29})(?![\w-])",
    re.ASCII,
)


def _serial(text: str) -> str | None:
    for match in _SERIAL.finditer(text):
        if sum(c.isdigit() for c in match["value"]) > 1:
            return match["value"]
    return None


# --- model -------------------------------------------------------------------------------------

_NAMED = re.compile(
    r"(?i)(?<![a-z0-9])(?:(?:hardware |device |product )?model(?:[ _](?:name|number|no))?"
    r"|product(?:[ _](?:name|id))?|pid|mn|mod|hwsku|platform|series)\s*[:=]\s*"
    r"(?P<value>[^,;:|()\[\]<>\r\n]{2,60}?)(?=\s*(?:[,;|()\[\]<>\r\n]|$|\s\w{2,12}:|\s{2}|\s-\s"
    r"|\s(?:s/n|copyright|build|version|firmware)\b))"
)
_SEGMENT_ENDS = re.compile(r"[,;|\n\r()\[\]<>]|\s[-:/]\s|\s{3,}|:\s")
_WORDS_END = re.compile(
    r"(?i:(?:^|[\s_-]+)(?:versions?|ver|firmware|fw|software|sw|s/w|rev|revision|release|rel|build"
    r"|compiled|s/n|sn|serial|copyright|kernel|hw|hardware|with|for|by|platform|snmp|linux)\b)"
    rf"|(?:^|\s+|_)(?={_NUMBER})|\s+(?=(?i:ver)\d)"
)
_COMPANY = re.compile(
    r"^.{2,40}?\b(?:Inc|Ltd|LTD|Corp|Corporation|GmbH|LLC|AG|Co|S\.A|Limited|Communications)\b"
    r"[.,]*(?:\s*(?:Ltd|LTD|Inc)\b[.,]*)?\s+(?=\S)"
)
_HOST_NAME = re.compile(r"[a-z0-9.-]+|<\w+>")
_SYSTEM_NAME = re.compile(r"^\w*(?:OS|SOS)\s+(?=\S)")
_CODE = re.compile(
    r"(?=\S*\d)(?=\S*[A-Z])[\w.+/-]{3,}|(?=\S*\d)[\w.+/-]*[a-z][\w.+/-]*|\d{3,}[\w.+/-]*",
    re.ASCII,
)
# Words with a digit that tell a version, or what a device can do, not which one it is.
_NO_CODE = re.compile(
    r"(?i)\d+[- ]?(?:x|p|ports?)\b.*|\d+(?:/\d+)+\w*|l\d(?:/l?\d)*\+?"
    r"|[vr]?\d+\.\d+.*|.*\d\.\d+\.\d.*"
    r"|\d+(?:\.\d+)?[gmk](?:b|be|e|bps|hz|va|w)?|ipv[46]|802\.\S+|\d+base.*|\d+u|i[36]86|x86\S*|v\d+"
    r"|snmpv\d\w?|rs-?\d{3}|h\.?26\d|[et]1|mp[34]|web2|\d+(?:x\w*)?(?:sfp|ge|gt|fe)\S*|(?:19|20)\d\d"
    r"|\d+-\d+-g[0-9a-f]{5,}|0x\S*|(?:19|20)\d\d-\d\d-\d\d|arm\w*|3com|force10|64-?bit"
)
# A whole text of a name and a small number, or a name in two parts before a version.
_SHORT_NAME = re.compile(
    r"(?:[A-Z]\w*[a-z]\w* ){1,2}\d{1,2}[A-Z]?\Z|[A-Z]\w*-[A-Z][a-z]\w*(?= v?\d+\.\d)", re.ASCII
)
_MAX_SEGMENTS = 4
_MAX_WORDS = 6


def _model(text: str) -> str | None:
    """Return what is called a model, else the words up to the first product code."""
    named = _NAMED.search(text)
    if named and not _NO_CODE.fullmatch(named["value"]):
        return named["value"].strip()
    head = _SYSTEM_NAME.sub("", _COMPANY.sub("", text))
    if _HOST_NAME.fullmatch(head):
        return None
    for number, segment in enumerate(_SEGMENT_ENDS.split(head)[:_MAX_SEGMENTS]):
        end = _WORDS_END.search(segment)
        words = (segment[: end.start()] if end else segment).split()
        codes = [n for n, word in enumerate(words) if _is_code(word)]
        if codes and (number == 0 or _is_bare_code(words, codes)):
            near = [n for n in codes if n < _MAX_WORDS]
            return " ".join(words[: near[-1] + 1]) if near else words[codes[0]]
    short = _SHORT_NAME.match(head)
    return short[0] if short else None


def _is_bare_code(words: list[str], codes: list[int]) -> bool:
    """Return whether a later part of the text is little more than a product code."""
    code = words[codes[0]]
    return len(words) <= _MAX_SEGMENTS and any(c.isupper() for c in code)


def _is_code(word: str) -> bool:
    return bool(_CODE.fullmatch(word)) and not _NO_CODE.fullmatch(word)
