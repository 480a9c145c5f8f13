"""The words both sides of every wire agree on, as enumerations whose values are stored and sent."""

from enum import StrEnum


class OrganisationRole(StrEnum):
    """What an organisation is to the joint organisation; one body may be several of these."""

    PROVIDER = "provider"
    PARTNER = "partner"
    ASSOCIATION = "association"
    SUPPLIER = "supplier"


class Lifecycle(StrEnum):
    """Where a configuration item stands in its life (ITIL 4: service configuration management)."""

    PLANNED = "planned"
    IN_OPERATION = "in_operation"
    MISSING = "missing"
    RETIRED = "retired"


class Source(StrEnum):
    """Who says so: a person, or the way a value was discovered."""

    DECLARED = "declared"
    SNMP = "snmp"
    LDAP = "ldap"
    LDIF = "ldif"


class Protocol(StrEnum):
    """How a discovery plan looks at its targets."""

    SNMP = "snmp"
    LDAP = "ldap"
    LDIF = "ldif"


class SubjectKind(StrEnum):
    """What a document is about."""

    DEVICE = "device"
    ACCOUNT = "account"
    GROUP = "group"


class Section(StrEnum):
    """The named parts of a document; each is hashed and compared on its own."""

    SYSTEM = "system"
    COMPONENTS = "components"
    INTERFACES = "interfaces"
    ADDRESSES = "addresses"
    NEIGHBOURS = "neighbours"
    FORWARDING = "forwarding"
    SPANNING_TREE = "spanning_tree"
    ARP = "arp"
    VLANS = "vlans"
    ATTACHED = "attached"
    PRINTER = "printer"
    POWER = "power"
    SOFTWARE = "software"
    HOST = "host"
    DIRECTORY = "directory"
    ACCOUNT = "account"
    GROUP = "group"


class IdentifierScheme(StrEnum):
    """By what a configuration item is recognised."""

    SERIAL = "serial"
    MAC = "mac"
    CHASSIS_ID = "chassis_id"
    SYS_NAME = "sys_name"
    FQDN = "fqdn"
    ADDRESS = "address"
    DIRECTORY_ID = "directory_id"


class RelationType(StrEnum):
    """How one configuration item stands to another; read from source to target."""

    DEPENDS_ON = "depends_on"
    RUNS_ON = "runs_on"
    CONNECTED_TO = "connected_to"
    CONTAINS = "contains"
    USES = "uses"


class RunState(StrEnum):
    """Where a discovery run stands; only a succeeded run may say that something is gone."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


class HoldState(StrEnum):
    """What a person says of a run that was held because too much had vanished at once."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class AssignmentState(StrEnum):
    """Where one leased piece of a run stands."""

    DUE = "due"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """How far one target of a run came, in this order."""

    ASKED = "asked"
    REACHED = "reached"
    AUTHENTICATED = "authenticated"
    IDENTIFIED = "identified"
    MATCHED = "matched"
    DECIDED = "decided"


class FindingKind(StrEnum):
    """Why a person has to look at something that discovery saw."""

    AMBIGUOUS = "ambiguous"
    CONTRADICTION = "contradiction"
    MISSING = "missing"
    NEIGHBOUR = "neighbour"


class FindingState(StrEnum):
    """What became of a finding."""

    OPEN = "open"
    ACCEPTED = "accepted"
    KEPT = "kept"
    IGNORED = "ignored"
    RESOLVED = "resolved"


class AccountType(StrEnum):
    """What kind of directory account this is."""

    PERSON = "person"
    ADMIN = "admin"
    SERVICE = "service"
    SHARED = "shared"
    GUEST = "guest"
    UNKNOWN = "unknown"


class LogonBucket(StrEnum):
    """How long ago an account was last used; never more exact than this (ArGV 3, art. 26)."""

    UNDER_30_DAYS = "under_30_days"
    UNDER_90_DAYS = "under_90_days"
    OVER_90_DAYS = "over_90_days"
    NEVER = "never"
    UNKNOWN = "unknown"


class OrderState(StrEnum):
    """Where an order stands between asking and receiving."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    IN_FULFILMENT = "in_fulfilment"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class OrderAction(StrEnum):
    """What a person can do to an order; each moves it from one state to the next."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    START_FULFILMENT = "start_fulfilment"
    DELIVER = "deliver"
    CANCEL = "cancel"


class OrderParty(StrEnum):
    """In which role a person acts on an order."""

    REQUESTER = "requester"
    APPROVER = "approver"
    FULFILLER = "fulfiller"


class ServiceState(StrEnum):
    """Where a service stands in its life; only active services can be ordered."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRING = "retiring"
    RETIRED = "retired"


class PriceKind(StrEnum):
    """How a price counts."""

    ONE_OFF = "one_off"
    RECURRING = "recurring"
    USAGE = "usage"


class PricePeriod(StrEnum):
    """For how long a recurring price is paid."""

    MONTH = "month"
    YEAR = "year"
    NONE = "none"


class PriceBasis(StrEnum):
    """What an amount is multiplied with: the ordered quantity, nothing, or what is measured."""

    QUANTITY = "quantity"
    FLAT = "flat"
    MEASURED = "measured"


class SlaClass(StrEnum):
    """The four service levels of the joint catalogue, from basic to critical."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


class ProblemCode(StrEnum):
    """Why a target or a section could not be read completely."""

    UNREACHABLE = "unreachable"
    UNRESOLVED = "unresolved"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    MALFORMED = "malformed"
    TOO_MUCH = "too_much"
    INCOMPLETE = "incomplete"
    SECRET_MISSING = "secret_missing"  # noqa: S105 — a word, not a password
    TLS_REFUSED = "tls_refused"
    OUT_OF_SCOPE = "out_of_scope"
