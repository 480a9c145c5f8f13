import pytest

from cmdb.items.classes import seed_classes
from cmdb.kernel.viewer import job
from tests.builders import make_partner, make_viewer

PERMISSIONS = ("item.read", "item.write", "partner.read", "finding.read")


@pytest.fixture
def partner(session):
    seed_classes(session, job("Tests", "admin.classes"))
    session.flush()
    return make_partner(session, "Ebikon")


@pytest.fixture
def other(session, partner):
    return make_partner(session, "Büron")


@pytest.fixture
def anna(session, partner):
    """Somebody of the partner, who sees and writes what is the partner's."""
    return make_viewer(*PERMISSIONS, partners={partner.id}, name="Anna Muster")


@pytest.fixture
def everyone():
    return make_viewer(*PERMISSIONS)
