"""What is said where a secret is not to be had."""

from schemas.sentences.base import N_, Sentence


class SecretSentence(Sentence):
    """Said of secrets; never with a value in it."""

    FILE_UNREADABLE = (
        "secret.file-unreadable",
        N_("The secrets file {path} cannot be read: {reason}."),
    )
    FILE_OPEN = (
        "secret.file-open",
        N_("The secrets file {path} may be read by others than its owner. Run: chmod 600 {path}"),
    )
    FILE_NO_TOML = "secret.file-malformed", N_("The secrets file {path} is not TOML.")
    UNKNOWN = "secret.unknown", N_("The secrets file {path} has no entry '{name}'.")
    NO_VARIABLES = (
        "secret.no-variables",
        N_("There are no environment variables {prefix}…."),
    )
    NO_TABLE = "secret.no-table", N_("The secret '{name}' ({where}) is not a table.")
    NO_KIND = "secret.no-kind", N_("The secret '{name}' ({where}) needs a kind: {kinds}.")
    UNUSABLE = (
        "secret.unusable",
        N_("The secret '{name}' ({where}) is not usable: {reason}"),
    )
    NOT_FOR_SNMP = "secret.not-for-snmp", N_("The secret '{name}' is not a secret for SNMP.")
    NOT_A_BIND = "secret.not-a-bind", N_("The secret '{name}' is not an LDAP bind.")
    NO_SNMP_SECRET = "secret.none-for-snmp", N_("The plan names no secret for SNMP.")
    NO_LDAP_SECRET = (
        "secret.none-for-ldap",
        N_("The plan names no secret to sign in to the directory with."),
    )
    SNMP_USER_AUTH = (
        "secret.user-authentication",
        N_(
            "The SNMP user '{user}' needs an authentication password and one of the "
            "protocols {protocols}."
        ),
    )
    SNMP_USER_PRIVACY = (
        "secret.user-privacy",
        N_("The SNMP user '{user}' needs a privacy password and one of the protocols {protocols}."),
    )
    SNMP_USER_PROTOCOL = (
        "secret.user-protocol",
        N_("The SNMP user '{user}' names a protocol that is not known."),
    )
