"""What the conversation with a directory can say."""

from schemas.sentences.base import N_, Sentence


class LdapSentence(Sentence):
    """Said of directory servers and their answers."""

    NO_SERVER = "ldap.no-server", N_("No server of the directory is named.")
    NO_ANSWER = "ldap.no-answer", N_("{server} does not answer within {seconds} s.")
    UNREACHABLE = "ldap.unreachable", N_("{server} cannot be reached: {reason}.")
    CA_FILE = (
        "ldap.ca-file",
        N_(
            "The file '{file}' with the certificate authority cannot be read; "
            "it must be a PEM file that exists at this site."
        ),
    )
    CERTIFICATE = (
        "ldap.certificate",
        N_(
            "The certificate of {server} is not accepted: {reason}. "
            "Give the right CA file and the name that stands in the certificate."
        ),
    )
    HANDSHAKE = (
        "ldap.handshake",
        N_("{server} did not finish the TLS handshake in time."),
    )
    NO_TLS = "ldap.no-tls", N_("{server} does not speak TLS as it should: {reason}.")
    NO_START_TLS = (
        "ldap.no-start-tls",
        N_("{server} does not offer StartTLS; use ldaps:// or set up its certificate."),
    )
    BEFORE_TLS = (
        "ldap.before-tls",
        N_("{server} sent more before TLS than it was asked for."),
    )
    EMPTY_BIND = (
        "ldap.empty-bind",
        N_("An LDAP bind needs a name and a password; one of them is empty."),
    )
    BIND_NOT_SENT = "ldap.bind-not-sent", N_("The bind as '{name}' could not be sent.")
    SIGN_IN = (
        "ldap.sign-in",
        N_("The directory refused '{name}': {reason} (invalidCredentials)."),
    )
    REFUSED = "ldap.refused", N_("The directory refused '{name}': {reason} ({result}).")
    NOT_READ = (
        "ldap.not-read",
        N_("The directory did not read '{base}' to the end: {reason} ({result})."),
    )
    UNTIL_THEN = "ldap.until-then", N_("Until then {count} entries had come.")
    TOO_MANY = (
        "ldap.too-many-entries",
        N_("'{base}' holds more than {limit} entries; choose a smaller base or raise the limit."),
    )
    NO_PAGES = (
        "ldap.no-pages",
        N_("The directory ignored the wish for pages, so completeness cannot be proved."),
    )
    NOT_ASKED = "ldap.not-asked", N_("The directory could not be asked: {error}.")
    CHANGED = (
        "ldap.changed",
        N_("{attribute} of '{name}' changed again and again while it was read."),
    )
    CLOSED = "ldap.closed", N_("The connection to the directory is closed.")
    BROKEN = "ldap.broken", N_("The connection to the directory broke: {reason}.")
    CUT = "ldap.cut", N_("The directory cut the connection in the middle of an answer.")
    DISCONNECTED = (
        "ldap.disconnected",
        N_("The directory ended the connection by itself (notice of disconnection)."),
    )
    NOTICE = (
        "ldap.notice",
        N_("The directory sent a notice that nobody asked for and cannot be trusted further."),
    )
    TOO_SLOW = (
        "ldap.too-slow",
        N_("The directory was not read within {seconds} s altogether."),
    )
    SILENT = "ldap.silent", N_("The directory sent nothing for {seconds} s.")
    LARGE_MESSAGE = (
        "ldap.large-message",
        N_("The server announced a message of {count} octets; refused."),
    )
    LARGE_PAGE = (
        "ldap.large-page",
        N_("One page is larger than {limit} octets; choose a smaller page size."),
    )
    TOO_MANY_SENT = (
        "ldap.too-many-sent",
        N_("The directory sent more than {limit} entries."),
    )
    MALFORMED = "ldap.malformed", N_("The server does not speak LDAP as it should: {reason}.")
    ATTRIBUTE = "ldap.attribute", N_("The attribute '{name}' is not one that haus reads.")
    NO_ATTRIBUTE = "ldap.no-attribute", N_("A search names at least one attribute.")
    LONG_NAME = (
        "ldap.long-name",
        N_("A distinguished name is longer than {limit} characters."),
    )
    NO_NAME = (
        "ldap.no-name",
        N_("'{name}' is not a distinguished name such as dc=site,dc=ch."),
    )
    NO_BASE = "ldap.no-base", N_("A base DN is needed, such as dc=site,dc=example.")
    SKIPPED = (
        "ldap.skipped",
        N_("{count} entries could not be used; first one below '{unit}': {reason}"),
    )
