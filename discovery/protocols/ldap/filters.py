"""Search filters (RFC 4515) built from values, never from text, so nothing can be injected."""

from dataclasses import dataclass

from discovery.protocols.ldap.attributes import check_attribute

_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:@ ")


def escape_value(value: str | bytes) -> str:
    r"""Return a value for a filter; every octet that is not plainly harmless becomes `\xx`."""
    octets = value.encode() if isinstance(value, str) else value
    return "".join(chr(octet) if octet in _PLAIN else f"\\{octet:02x}" for octet in octets)


@dataclass(frozen=True, slots=True)
class Equal:
    """The attribute has this value."""

    attribute: str
    value: str | bytes

    def render(self) -> str:
        """Return the filter in the text form of RFC 4515."""
        return f"({check_attribute(self.attribute)}={escape_value(self.value)})"


@dataclass(frozen=True, slots=True)
class Present:
    """The attribute has any value."""

    attribute: str

    def render(self) -> str:
        """Return the filter in the text form of RFC 4515."""
        return f"({check_attribute(self.attribute)}=*)"


class And:
    """All of these are true."""

    def __init__(self, *parts: "Filter") -> None:
        self.parts = parts

    def render(self) -> str:
        """Return the filter in the text form of RFC 4515."""
        return f"(&{''.join(part.render() for part in self.parts)})"


class Or:
    """At least one of these is true."""

    def __init__(self, *parts: "Filter") -> None:
        self.parts = parts

    def render(self) -> str:
        """Return the filter in the text form of RFC 4515."""
        return f"(|{''.join(part.render() for part in self.parts)})"


@dataclass(frozen=True, slots=True)
class Not:
    """This is not true."""

    part: "Filter"

    def render(self) -> str:
        """Return the filter in the text form of RFC 4515."""
        return f"(!{self.part.render()})"


Filter = Equal | Present | And | Or | Not
