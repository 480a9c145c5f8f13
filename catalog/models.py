"""All tables of the house in one import, for migrations and for the mapper."""

# ruff: noqa: F401 — importing is the point
# pyright: reportUnusedImport=false
import catalog.access.models
import catalog.offers.models
import catalog.ordering.models
import catalog.subscriptions.models
import cmdb.accounts.models
import cmdb.history.models
import cmdb.intake.models
import cmdb.items.models
import cmdb.items.told
import cmdb.items.topology
import cmdb.partners.models
import cmdb.plans.models
import cmdb.reconcile.models
from cmdb.kernel import events
