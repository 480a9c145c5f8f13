"""Directory groups: their sizes, for those who may read accounts."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.accounts.models import DirectoryGroup
from cmdb.kernel.clock import now
from tests.builders import make_partner
from tests.web.conftest import signed_in_client


@pytest.fixture
def groups(session, partner):
    with unit_of_work(session):
        other = make_partner(session, "Birkental")
        for number, owner in enumerate((partner, other), start=1):
            session.add(
                DirectoryGroup(
                    partner_id=owner.id,
                    directory_key=f"ldap:{number}",
                    name=f"Gruppe {number}",
                    member_count=1200 + number,
                    is_privileged=number == 1,
                    seen_at=now(),
                )
            )
    return partner, other


def test_groups_are_listed_with_their_sizes_and_filtered_by_partner(app, groups, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        page = client.get("/accounts/groups").text
        assert "Gruppe 1" in page
        assert "1’202" in page
        assert "privileged" in page
        own = client.get(f"/accounts/groups?partner={groups[0].id}").text
        assert "Gruppe 2" not in own


def test_a_partner_sees_its_own_groups_only_if_it_may_read_accounts(app, groups, make_person):
    person = make_person("partner_coordinator", groups[0].id)
    with signed_in_client(app, person) as client:
        assert client.get("/accounts/groups").status_code == 403


def test_an_operator_of_one_partner_sees_no_other(app, groups, make_person):
    with signed_in_client(app, make_person("operator", groups[0].id)) as client:
        page = client.get("/accounts/groups").text
    assert "Gruppe 1" in page
    assert "Gruppe 2" not in page
