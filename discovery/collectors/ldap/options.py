"""The options of a directory plan, with their limits and defaults."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError, fields, validate

from discovery.collectors.ldap.rules import AccountPatterns, compile_patterns
from discovery.errors import MalformedError
from discovery.protocols.ldap import DirectoryServer, Limits, parse_dn
from schemas.base import WireSchema

KINDS = ("computers", "users", "groups")
# The display name and the mail address are no choice here on purpose.
NAME_ATTRIBUTES = ("sAMAccountName", "uid", "userPrincipalName")
_MAX_PATTERNS = 32


def _check_server(url: str) -> None:
    try:
        DirectoryServer.from_url(url)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _check_dn(text: str) -> None:
    try:
        parse_dn(text)
    except MalformedError as error:
        raise ValidationError(str(error)) from error


def _patterns(*defaults: str) -> fields.List:
    return fields.List(
        fields.Str(validate=validate.Length(1, 64)),
        load_default=lambda: list(defaults),
        validate=validate.Length(max=_MAX_PATTERNS),
    )


def _seconds(default: float, maximum: float) -> fields.Float:
    return fields.Float(load_default=default, validate=validate.Range(0.1, maximum))


class MappingOptionsSchema(WireSchema):
    """How entries become documents; patterns are shell-like and know no case."""

    kinds = fields.List(
        fields.Str(validate=validate.OneOf(KINDS)),
        load_default=lambda: list(KINDS),
        validate=validate.Length(min=1, max=len(KINDS)),
    )
    account_name_attribute = fields.Str(
        allow_none=True, load_default=None, validate=validate.OneOf(NAME_ATTRIBUTES)
    )
    privileged_groups = _patterns("DnsAdmins")
    service_patterns = _patterns("svc-*", "svc_*", "srv-*", "sa-*")
    admin_patterns = _patterns("adm-*", "adm_*", "admin-*", "*-adm", "*-admin")
    shared_patterns = _patterns("shared-*", "team-*", "kiosk-*")
    guest_patterns = _patterns("guest*", "gast*", "ext-*")
    service_units = _patterns("service accounts", "services", "dienstkonten")
    admin_units = _patterns("admin accounts", "admins", "tier 0", "tier 1")


class LdapOptionsSchema(MappingOptionsSchema):
    """Where the directory is, in the order of trying, and how long it may take."""

    servers = fields.List(
        fields.Str(validate=[validate.Length(1, 255), _check_server]),
        required=True,
        validate=validate.Length(1, 8),
    )
    group_base = fields.Str(allow_none=True, load_default=None, validate=_check_dn)
    page_size = fields.Int(strict=True, load_default=1000, validate=validate.Range(10, 5000))
    max_entries = fields.Int(
        strict=True, load_default=1_000_000, validate=validate.Range(1, 5_000_000)
    )
    connect_seconds = _seconds(5.0, 60.0)
    answer_seconds = _seconds(15.0, 300.0)
    total_seconds = _seconds(3600.0, 86_400.0)


@dataclass(frozen=True, slots=True)
class MappingOptions:
    """The options that entries are read by.

    Attributes:
        kinds: which documents are wanted.
        account_name_attribute: the attribute that names accounts, None to take the usual one.
        privileged_groups: case-folded names of groups that give privileges besides the built-in.
        patterns: how accounts are named.
    """

    kinds: frozenset[str] = frozenset(KINDS)
    account_name_attribute: str | None = None
    privileged_groups: frozenset[str] = frozenset()
    patterns: AccountPatterns = field(default_factory=AccountPatterns)

    @classmethod
    def from_options(cls, options: dict[str, Any]) -> "MappingOptions":
        """Build from options that `MappingOptionsSchema` has filled in."""
        return cls(
            kinds=frozenset(options["kinds"]),
            account_name_attribute=options["account_name_attribute"],
            privileged_groups=frozenset(name.casefold() for name in options["privileged_groups"]),
            patterns=AccountPatterns(
                service=compile_patterns(options["service_patterns"]),
                admin=compile_patterns(options["admin_patterns"]),
                shared=compile_patterns(options["shared_patterns"]),
                guest=compile_patterns(options["guest_patterns"]),
                service_units=compile_patterns(options["service_units"]),
                admin_units=compile_patterns(options["admin_units"]),
            ),
        )


def limits_of(options: dict[str, Any]) -> Limits:
    """Return the limits of the gateway from options that `LdapOptionsSchema` has filled in."""
    return Limits(
        connect_seconds=options["connect_seconds"],
        answer_seconds=options["answer_seconds"],
        total_seconds=options["total_seconds"],
        entries=options["max_entries"],
    )
