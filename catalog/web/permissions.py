"""What permissions are called: in words for people, by their name for who writes programs."""

from typing import Final

from flask_babel import gettext

from cmdb.kernel.errors import N_

PERMISSIONS: Final = {
    "partner.read": N_("See partners and sites"),
    "partner.write": N_("Change partners and sites"),
    "item.read": N_("See devices"),
    "item.write": N_("Change devices"),
    "account.count": N_("Count accounts"),
    "account.read": N_("Read single accounts, for a purpose"),
    "account.statistics": N_("See account statistics"),
    "plan.read": N_("See discovery plans"),
    "plan.write": N_("Change discovery plans"),
    "run.read": N_("See discovery runs"),
    "run.request": N_("Start discovery runs"),
    "finding.read": N_("See questions of discovery"),
    "finding.decide": N_("Answer questions of discovery"),
    "intake.submit": N_("Send in what a collector has seen"),
    "service.read": N_("See services"),
    "service.write": N_("Change services"),
    "order.read": N_("See orders"),
    "order.create": N_("Order"),
    "order.approve": N_("Approve orders"),
    "order.fulfil": N_("Fulfil orders"),
    "subscription.read": N_("See subscriptions"),
    "subscription.write": N_("Change subscriptions"),
    "event.read": N_("Read the audit log"),
    "admin.users": N_("Manage people and roles"),
    "admin.classes": N_("Manage device classes"),
}
"""Permission → what it lets somebody do; a test holds this to the roles that ship."""


def permission_words(name: str) -> str:
    """Return what a permission lets somebody do, or its name where a newer role has it."""
    return gettext(PERMISSIONS[name]) if name in PERMISSIONS else name
