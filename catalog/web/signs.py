"""How every word of the vocabulary is shown: a label, a tone and a shape.

Colour never speaks alone, so each state that matters has an icon beside its word.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cmdb.kernel.errors import N_
from schemas import vocabulary as v


@dataclass(frozen=True, slots=True)
class Sign:
    """What a page shows for a word.

    Attributes:
        label: the English text, translated where it is shown.
        tone: ok, warn, bad, info, plan or neutral.
        icon: the name of a symbol of the sprite, empty for none.
    """

    label: str
    tone: str = "neutral"
    icon: str = ""


def sign_of(word: StrEnum) -> Sign:
    """Return the sign of a word; a word without one is shown as it is stored."""
    # Words of different enumerations are equal as strings, so the enumeration is asked first.
    signs = SIGNS.get(type(word), {})
    return signs.get(word.value, Sign(word.value.replace("_", " ")))


SIGNS: Final[dict[type[StrEnum], dict[str, Sign]]] = {
    v.Lifecycle: {
        v.Lifecycle.PLANNED: Sign(N_("Planned"), "plan", "circle-dashed"),
        v.Lifecycle.IN_OPERATION: Sign(N_("In operation"), "ok", "circle-check"),
        v.Lifecycle.MISSING: Sign(N_("Missing"), "warn", "eye-off"),
        v.Lifecycle.RETIRED: Sign(N_("Retired"), "neutral", "circle-minus"),
    },
    v.RunState: {
        v.RunState.QUEUED: Sign(N_("Queued"), "neutral", "clock"),
        v.RunState.RUNNING: Sign(N_("Running"), "info", "loader-2"),
        v.RunState.SUCCEEDED: Sign(N_("Succeeded"), "ok", "circle-check"),
        v.RunState.PARTIAL: Sign(N_("Partial"), "warn", "circle-half-2"),
        v.RunState.FAILED: Sign(N_("Failed"), "bad", "circle-x"),
        v.RunState.CANCELLED: Sign(N_("Cancelled"), "neutral", "ban"),
    },
    v.HoldState: {
        v.HoldState.OPEN: Sign(N_("To be confirmed"), "warn", "help-circle"),
        v.HoldState.CONFIRMED: Sign(N_("Confirmed as gone"), "ok", "check"),
        v.HoldState.REJECTED: Sign(N_("Run was wrong"), "neutral", "ban"),
        v.HoldState.SUPERSEDED: Sign(N_("A later run looked again"), "neutral", "history"),
    },
    v.AssignmentState: {
        v.AssignmentState.DUE: Sign(N_("Due"), "neutral", "clock"),
        v.AssignmentState.LEASED: Sign(N_("In progress"), "info", "loader-2"),
        v.AssignmentState.DONE: Sign(N_("Done"), "ok", "circle-check"),
        v.AssignmentState.FAILED: Sign(N_("Failed"), "bad", "circle-x"),
        v.AssignmentState.CANCELLED: Sign(N_("Cancelled"), "neutral", "ban"),
    },
    v.Step: {
        v.Step.ASKED: Sign(N_("Asked"), "info", "radar"),
        v.Step.REACHED: Sign(N_("Reached"), "info", "plug-connected"),
        v.Step.AUTHENTICATED: Sign(N_("Authenticated"), "info", "key"),
        v.Step.IDENTIFIED: Sign(N_("Identified"), "info", "certificate"),
        v.Step.MATCHED: Sign(N_("Matched"), "info", "link"),
        v.Step.DECIDED: Sign(N_("Decided"), "ok", "circle-check"),
    },
    v.FindingKind: {
        v.FindingKind.AMBIGUOUS: Sign(N_("Ambiguous"), "warn", "git-compare"),
        v.FindingKind.CONTRADICTION: Sign(N_("Contradiction"), "bad", "alert-triangle"),
        v.FindingKind.MISSING: Sign(N_("Missing"), "warn", "eye-off"),
        v.FindingKind.NEIGHBOUR: Sign(N_("Unknown neighbour"), "info", "topology-star-3"),
    },
    v.FindingState: {
        v.FindingState.OPEN: Sign(N_("Open"), "info", "inbox"),
        v.FindingState.ACCEPTED: Sign(N_("Accepted"), "ok", "check"),
        v.FindingState.KEPT: Sign(N_("Kept"), "plan", "lock"),
        v.FindingState.IGNORED: Sign(N_("Ignored"), "neutral", "ban"),
        v.FindingState.RESOLVED: Sign(N_("Resolved"), "ok", "circle-check"),
    },
    v.OrderState: {
        v.OrderState.DRAFT: Sign(N_("Draft"), "neutral", "pencil"),
        v.OrderState.SUBMITTED: Sign(N_("Submitted"), "info", "clock"),
        v.OrderState.APPROVED: Sign(N_("Approved"), "ok", "check"),
        v.OrderState.REJECTED: Sign(N_("Rejected"), "bad", "circle-x"),
        v.OrderState.WITHDRAWN: Sign(N_("Withdrawn"), "neutral", "circle-minus"),
        v.OrderState.IN_FULFILMENT: Sign(N_("In fulfilment"), "plan", "loader-2"),
        v.OrderState.DELIVERED: Sign(N_("Delivered"), "ok", "circle-check"),
        v.OrderState.CANCELLED: Sign(N_("Cancelled"), "neutral", "ban"),
    },
    v.OrderAction: {
        v.OrderAction.SUBMIT: Sign(N_("Submit order"), "info", "basket"),
        v.OrderAction.APPROVE: Sign(N_("Approve"), "ok", "check"),
        v.OrderAction.REJECT: Sign(N_("Reject"), "bad", "circle-x"),
        v.OrderAction.WITHDRAW: Sign(N_("Withdraw"), "neutral", "circle-minus"),
        v.OrderAction.START_FULFILMENT: Sign(N_("Start fulfilment"), "plan", "player-play"),
        v.OrderAction.DELIVER: Sign(N_("Deliver"), "ok", "circle-check"),
        v.OrderAction.CANCEL: Sign(N_("Cancel order"), "neutral", "ban"),
    },
    v.OrderParty: {
        v.OrderParty.REQUESTER: Sign(N_("Requester"), "neutral", "user"),
        v.OrderParty.APPROVER: Sign(N_("Approver"), "neutral", "clipboard-check"),
        v.OrderParty.FULFILLER: Sign(N_("Fulfilment"), "neutral", "server"),
    },
    v.ServiceState: {
        v.ServiceState.DRAFT: Sign(N_("Draft"), "neutral", "pencil"),
        v.ServiceState.ACTIVE: Sign(N_("Active"), "ok", "circle-check"),
        v.ServiceState.RETIRING: Sign(N_("Being retired"), "warn", "clock"),
        v.ServiceState.RETIRED: Sign(N_("Retired"), "neutral", "circle-minus"),
    },
    v.SlaClass: {
        v.SlaClass.S1: Sign(N_("S1 Basic"), "neutral", "shield"),
        v.SlaClass.S2: Sign(N_("S2 Standard"), "neutral", "shield"),
        v.SlaClass.S3: Sign(N_("S3 Elevated"), "info", "shield"),
        v.SlaClass.S4: Sign(N_("S4 Critical"), "plan", "shield"),
    },
    v.Source: {
        v.Source.DECLARED: Sign(N_("Declared"), "neutral", "pencil"),
        v.Source.SNMP: Sign(N_("SNMP"), "neutral", "radar"),
        v.Source.LDAP: Sign(N_("Directory"), "neutral", "address-book"),
        v.Source.LDIF: Sign(N_("LDIF file"), "neutral", "file-text"),
    },
    v.Protocol: {
        v.Protocol.SNMP: Sign(N_("SNMP"), "neutral", "radar"),
        v.Protocol.LDAP: Sign(N_("Directory (LDAP)"), "neutral", "address-book"),
        v.Protocol.LDIF: Sign(N_("LDIF file"), "neutral", "file-text"),
    },
    v.SubjectKind: {
        v.SubjectKind.DEVICE: Sign(N_("Device"), "neutral", "server"),
        v.SubjectKind.ACCOUNT: Sign(N_("Account"), "neutral", "user"),
        v.SubjectKind.GROUP: Sign(N_("Group"), "neutral", "users"),
    },
    v.Section: {
        v.Section.SYSTEM: Sign(N_("System")),
        v.Section.COMPONENTS: Sign(N_("Components")),
        v.Section.INTERFACES: Sign(N_("Interfaces")),
        v.Section.ADDRESSES: Sign(N_("Addresses")),
        v.Section.NEIGHBOURS: Sign(N_("Neighbours")),
        v.Section.FORWARDING: Sign(N_("Forwarding table")),
        v.Section.SPANNING_TREE: Sign(N_("Spanning tree")),
        v.Section.ARP: Sign(N_("Resolved addresses (ARP)")),
        v.Section.VLANS: Sign(N_("VLANs")),
        v.Section.ATTACHED: Sign(N_("Attached devices")),
        v.Section.PRINTER: Sign(N_("Printer")),
        v.Section.POWER: Sign(N_("Battery")),
        v.Section.SOFTWARE: Sign(N_("Software")),
        v.Section.HOST: Sign(N_("Host resources")),
        v.Section.DIRECTORY: Sign(N_("Directory entry")),
        v.Section.ACCOUNT: Sign(N_("Account")),
        v.Section.GROUP: Sign(N_("Group")),
    },
    v.IdentifierScheme: {
        v.IdentifierScheme.SERIAL: Sign(N_("Serial number")),
        v.IdentifierScheme.MAC: Sign(N_("MAC address")),
        v.IdentifierScheme.CHASSIS_ID: Sign(N_("Chassis ID (LLDP)")),
        v.IdentifierScheme.SYS_NAME: Sign(N_("System name")),
        v.IdentifierScheme.FQDN: Sign(N_("Full host name")),
        v.IdentifierScheme.ADDRESS: Sign(N_("IP address")),
        v.IdentifierScheme.DIRECTORY_ID: Sign(N_("Directory ID")),
    },
    v.RelationType: {
        v.RelationType.DEPENDS_ON: Sign(N_("depends on"), "neutral", "arrow-right"),
        v.RelationType.RUNS_ON: Sign(N_("runs on"), "neutral", "server-2"),
        v.RelationType.CONNECTED_TO: Sign(N_("connected to"), "neutral", "plug-connected"),
        v.RelationType.CONTAINS: Sign(N_("contains"), "neutral", "box"),
        v.RelationType.USES: Sign(N_("uses"), "neutral", "link"),
    },
    v.OrganisationRole: {
        v.OrganisationRole.PROVIDER: Sign(N_("Service provider"), "info", "server"),
        v.OrganisationRole.PARTNER: Sign(N_("Partner"), "neutral", "building-community"),
        v.OrganisationRole.ASSOCIATION: Sign(N_("Association"), "neutral", "users"),
        v.OrganisationRole.SUPPLIER: Sign(N_("Supplier"), "neutral", "box"),
    },
    v.AccountType: {
        v.AccountType.PERSON: Sign(N_("Personal account"), "neutral", "user"),
        v.AccountType.ADMIN: Sign(N_("Admin account"), "warn", "shield-check"),
        v.AccountType.SERVICE: Sign(N_("Service account"), "neutral", "settings"),
        v.AccountType.SHARED: Sign(N_("Shared account"), "warn", "users"),
        v.AccountType.GUEST: Sign(N_("Guest account"), "neutral", "user"),
        v.AccountType.UNKNOWN: Sign(N_("Unknown"), "neutral", "help-circle"),
    },
    v.LogonBucket: {
        v.LogonBucket.UNDER_30_DAYS: Sign(N_("less than 30 days ago")),
        v.LogonBucket.UNDER_90_DAYS: Sign(N_("30 to 90 days ago")),
        v.LogonBucket.OVER_90_DAYS: Sign(N_("more than 90 days ago"), "warn"),
        v.LogonBucket.NEVER: Sign(N_("never"), "warn"),
        v.LogonBucket.UNKNOWN: Sign(N_("Unknown")),
    },
    v.PriceKind: {
        v.PriceKind.ONE_OFF: Sign(N_("one-off")),
        v.PriceKind.RECURRING: Sign(N_("recurring")),
        v.PriceKind.USAGE: Sign(N_("usage-based")),
    },
    v.PricePeriod: {
        v.PricePeriod.MONTH: Sign(N_("per month")),
        v.PricePeriod.YEAR: Sign(N_("per year")),
        v.PricePeriod.NONE: Sign(N_("no period")),
    },
    v.PriceBasis: {
        v.PriceBasis.QUANTITY: Sign(N_("times quantity")),
        v.PriceBasis.FLAT: Sign(N_("flat")),
        v.PriceBasis.MEASURED: Sign(N_("as measured")),
    },
    v.ProblemCode: {
        v.ProblemCode.UNREACHABLE: Sign(N_("Not reachable"), "bad", "circle-x"),
        v.ProblemCode.UNRESOLVED: Sign(N_("Name not found"), "bad", "help-circle"),
        v.ProblemCode.REFUSED: Sign(N_("Access refused"), "bad", "lock"),
        v.ProblemCode.TIMEOUT: Sign(N_("No answer in time"), "warn", "clock"),
        v.ProblemCode.MALFORMED: Sign(N_("Answer not understood"), "bad", "alert-triangle"),
        v.ProblemCode.TOO_MUCH: Sign(N_("Answer too large"), "warn", "alert-triangle"),
        v.ProblemCode.INCOMPLETE: Sign(N_("Answer incomplete"), "warn", "circle-half-2"),
        v.ProblemCode.SECRET_MISSING: Sign(N_("Secret missing"), "bad", "key"),
        v.ProblemCode.TLS_REFUSED: Sign(N_("Certificate not trusted"), "bad", "lock"),
        v.ProblemCode.OUT_OF_SCOPE: Sign(N_("Outside the plan"), "warn", "ban"),
    },
}
