"""What the conversation with an SNMP agent can say."""

from schemas.sentences.base import N_, Sentence


class SnmpSentence(Sentence):
    """Said of agents and their answers."""

    SILENT = (
        "snmp.silent",
        N_("No answer from {endpoint}: wrong community, blocked on the way, or no SNMP there."),
    )
    NO_ANSWER = "snmp.no-answer", N_("No answer from {endpoint}.")
    STOPPED = "snmp.stopped", N_("{endpoint} has stopped answering.")
    CLOSED_PORT = "snmp.closed-port", N_("Nothing listens on the UDP port of {endpoint}.")
    UNREACHABLE = "snmp.unreachable", N_("{endpoint} cannot be reached: {reason}.")
    EXCHANGE = "snmp.exchange", N_("The exchange with {endpoint} failed: {reason}.")
    STATUS = "snmp.status", N_("The agent answered the request with {status}.")
    REFUSED = (
        "snmp.refused",
        N_("The agent at {endpoint} answers SNMP v3 but refuses the user '{user}': {reason}."),
    )
    NO_PRIVACY = (
        "snmp.no-privacy",
        N_(
            "The agent at {endpoint} answers SNMP v3 but not the user "
            "'{user}': wrong privacy password or protocol."
        ),
    )
    MALFORMED = (
        "snmp.malformed",
        N_(
            "The agent at {endpoint} sent an answer that is no SNMP "
            "or has more than 4,080 bytes ({reason})."
        ),
    )
    NO_MESSAGE = "snmp.no-message", N_("The answer is no SNMP message.")
    TWO_ANSWERS = (
        "snmp.two-answers",
        N_("The agent answers the same question with nothing and a value."),
    )
    LOOP = (
        "snmp.loop",
        N_("The agent loops: it answered {oid} where a greater OID must come."),
    )
    REPEATS = "snmp.repeats", N_("The agent loops: it repeats rows of {oid}.")
    WAVERS = "snmp.wavers", N_("The agent first denied and then gave values below {oid}.")
    STARTED_ANEW = (
        "snmp.started-anew",
        N_("The agent started anew during the look: what was read does not belong together."),
    )
    TOO_MANY = (
        "snmp.too-many-values",
        N_("The agent sent more than {limit} values below {oid}."),
    )
    TOO_MUCH = (
        "snmp.too-much",
        N_("The target sent more values or bytes than one target may."),
    )
    TOO_SLOW = "snmp.too-slow", N_("The target took longer than its {seconds} seconds.")
    TOO_MANY_ROWS = "snmp.too-many-rows", N_("The device has more than {limit} rows here.")
