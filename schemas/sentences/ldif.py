"""What the reading of an LDIF file can say."""

from schemas.sentences.base import N_, Sentence


class LdifSentence(Sentence):
    """Said of files and their lines (RFC 2849)."""

    NO_FILE_NAME = "ldif.no-name", N_("The target must be the name of a file, such as site.ldif.")
    OUTSIDE = (
        "ldif.outside",
        N_("'{file}' leads out of the configured folder; name only the file."),
    )
    LINK_OUTSIDE = (
        "ldif.link-outside",
        N_("'{file}' is a link that leads out of the configured folder."),
    )
    NOT_A_FILE = "ldif.not-a-file", N_("'{file}' is not a file.")
    TOO_LARGE = "ldif.too-large", N_("'{file}' has {count} octets; at most {limit} are read.")
    UNREADABLE = "ldif.unreadable", N_("'{file}' cannot be read: {reason}.")
    TOO_MANY_RECORDS = "ldif.too-many-records", N_("The file holds more than {limit} records.")
    NO_RECORD = "ldif.no-record", N_("The file holds no LDIF record.")
    UTF16 = "ldif.utf-16", N_("The file is UTF-16; export it as UTF-8 (ldifde without -u).")
    NO_LINE_BEFORE = (
        "ldif.no-line-before",
        N_("Line {line} continues a line, but there is none before."),
    )
    LONG_RECORD = "ldif.long-record", N_("The record before line {line} has too many lines.")
    OTHER_VERSION = "ldif.version", N_("Line {line} names a version of LDIF other than 1.")
    NO_DN = "ldif.no-dn", N_("Line {line} begins a record, but not with 'dn:'.")
    DN_NO_UTF8 = "ldif.dn-encoding", N_("Line {line} holds a name that is not UTF-8.")
    CHANGE = (
        "ldif.change",
        N_("Line {line} describes a change; only exported content can be read."),
    )
    NO_ATTRIBUTE = "ldif.no-attribute", N_("Line {line} is not of the form 'attribute: value'.")
    REFERENCE = (
        "ldif.reference",
        N_("Line {line} refers to another file or address, which is never opened."),
    )
    NO_BASE64 = "ldif.no-base64", N_("Line {line} holds a value that is not base64.")
    LONG_LINE = "ldif.long-line", N_("Line {line} is longer than {limit} octets.")
