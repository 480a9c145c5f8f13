"""A partner, a plan, and short ways to look at what became of a run."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from catalog.transactions import unit_of_work
from cmdb.history.models import CiFact, CiRevision
from cmdb.items.models import ConfigurationItem
from cmdb.plans.models import Run, RunTarget
from cmdb.reconcile.models import Finding
from tests.builders import make_classes, make_partner, make_plan, make_site
from tests.observing import observe


@pytest.fixture
def house(session):
    """Return a partner with a site and a plan, and what a test asks of the database."""
    with unit_of_work(session):
        make_classes(session)
        partner = make_partner(session)
        site = make_site(session, partner)
        plan = make_plan(session, partner, targets=["10.0.0.0/24"], site_id=site.id)

    def see(*documents, at=plan, **more):
        with unit_of_work(session):
            receipt = observe(session, at, documents, **more)
        session.expire_all()
        return session.get_one(Run, receipt.run_id)

    def rows(model, *conditions):
        return list(session.scalars(sa.select(model).where(*conditions).order_by(model.id)))

    return SimpleNamespace(
        partner=partner,
        site=site,
        plan=plan,
        see=see,
        rows=rows,
        items=lambda: rows(ConfigurationItem),
        item=lambda: rows(ConfigurationItem)[0],
        findings=lambda *conditions: rows(Finding, *conditions),
        revisions=lambda: rows(CiRevision),
        facts=lambda: rows(CiFact, CiFact.until_at.is_(None)),
        fates=lambda run: rows(RunTarget, RunTarget.run_id == run.id),
    )
