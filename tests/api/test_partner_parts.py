"""Organisations, groups, contacts, address spaces and account records, by programs."""

import pytest
import sqlalchemy as sa

from catalog.transactions import unit_of_work
from cmdb.accounts.models import AccountAccess
from cmdb.kernel.events import EventRecord
from tests.api.conftest import complaints
from tests.builders import make_account, make_routing_domain


@pytest.fixture
def administrator(enter):
    return enter("administrator", None, name="adam")


@pytest.fixture
def coordinator(enter, world):
    return enter("partner_coordinator", world.own, name="rita")


def read_tag(client, path):
    return {"If-Match": client.get(path).headers["ETag"]}


class TestOrganisations:
    def test_one_is_added_and_changed(self, administrator):
        created = administrator.post("/partners", json={"name": "Gemeinde Künftig"})
        assert created.status_code == 201, created.text
        assert created.json["slug"] == "gemeinde-kuenftig"
        path = created.headers["Location"]
        tag = read_tag(administrator, path)
        change = {"roles": ["partner", "provider"], "population": 1200}
        changed = administrator.patch(path, json=change, headers=tag)
        assert changed.status_code == 200, changed.text
        assert changed.json["roles"] == ["partner", "provider"]
        assert changed.json["name"] == "Gemeinde Künftig"
        assert administrator.patch(path, json={"population": 1}, headers=tag).status_code == 412
        period = {"valid_from": "2026-01-02", "valid_until": "2026-01-01"}
        refused = administrator.patch(path, json=period, headers={"If-Match": "*"})
        assert complaints(refused) == {"valid_until"}

    def test_a_partner_changes_its_own_texts_but_not_what_it_is_to_us(self, enter, world):
        clerk = enter("administrator", world.own, name="cleo")
        path, anything = f"/partners/{world.own.id}", {"If-Match": "*"}
        assert clerk.patch(path, json={"legal_form": "Stadt"}, headers=anything).status_code == 200
        for change in ({"roles": ["provider"]}, {"valid_until": "2020-01-01"}):
            assert clerk.patch(path, json=change, headers=anything).status_code == 403
        assert clerk.post("/partners", json={"name": "Neu"}).status_code == 403
        foreign = f"/partners/{world.foreign.id}"
        assert clerk.patch(foreign, json={}, headers=anything).status_code == 404

    def test_those_who_only_read_write_nothing(self, operator, world):
        assert operator.post("/partners", json={"name": "Neu"}).status_code == 403


class TestGroups:
    def test_one_is_made_and_its_members_change(self, administrator, world):
        new = {"slug": "iggi", "name": "IGGI", "member_ids": [str(world.own.id)]}
        created = administrator.post("/groups", json=new)
        assert created.status_code == 201, created.text
        path = created.headers["Location"]
        assert administrator.post("/groups", json=new).status_code == 409
        tag = read_tag(administrator, path)
        both = {"member_ids": [str(world.own.id), str(world.foreign.id)]}
        changed = administrator.patch(path, json=both, headers=tag)
        assert [one["slug"] for one in changed.json["members"]] == ["aarfeld", "birkental"]
        assert administrator.patch(path, json=both, headers=tag).status_code == 412
        (listed,) = administrator.get("/groups").json["items"]
        assert listed["member_count"] == 2
        nobody = {"member_ids": ["01a20c00-0000-7000-8000-000000000001"]}
        refused = administrator.patch(path, json=nobody, headers={"If-Match": "*"})
        assert complaints(refused) == {"member_ids"}

    def test_a_partner_sees_the_groups_it_belongs_to(self, administrator, coordinator, world):
        for slug, member in (("own", world.own), ("foreign", world.foreign)):
            body = {"slug": slug, "name": slug, "member_ids": [str(member.id)]}
            assert administrator.post("/groups", json=body).status_code == 201
        assert [one["slug"] for one in coordinator.get("/groups").json["items"]] == ["own"]
        assert coordinator.get("/groups/own").status_code == 200
        assert coordinator.get("/groups/foreign").status_code == 404
        assert coordinator.patch("/groups/own", json={}).status_code == 403


class TestContacts:
    def test_one_is_added_changed_and_removed_without_a_trace(
        self, administrator, coordinator, world, session
    ):
        new = {"partner_id": str(world.own.id), "name": "Muster Maria", "phone": "1"}
        created = administrator.post("/contacts", json=new)
        assert created.status_code == 201, created.text
        path = created.headers["Location"]
        (listed,) = coordinator.get(f"/contacts?partner_id={world.own.id}").json["items"]
        assert listed == created.json
        tag = read_tag(administrator, path)
        changed = administrator.patch(path, json={"phone": "2"}, headers=tag)
        assert (changed.json["name"], changed.json["phone"]) == ("Muster Maria", "2")
        wrong = administrator.patch(path, json={"email": "no"}, headers={"If-Match": "*"})
        assert complaints(wrong) == {"email"}
        assert administrator.delete(path).status_code == 204
        assert administrator.get(path).status_code == 404
        events = session.scalars(sa.select(EventRecord)).all()
        assert not [one for one in events if "Maria" in str(one.body)]

    def test_foreign_ones_do_not_exist(self, administrator, coordinator, world):
        new = {"partner_id": str(world.foreign.id), "name": "Fremd"}
        path = administrator.post("/contacts", json=new).headers["Location"]
        assert coordinator.get(path).status_code == 404
        assert coordinator.get(f"/contacts?partner_id={world.foreign.id}").json["items"] == []
        assert complaints(coordinator.get("/contacts")) == {"partner_id"}


def test_an_address_space_is_added_and_read(administrator, coordinator, world, session):
    new = {"partner_id": str(world.own.id), "name": "schulnetz"}
    created = administrator.post("/routing-domains", json=new)
    assert created.status_code == 201, created.text
    with unit_of_work(session):
        foreign = make_routing_domain(session, world.foreign)
    assert coordinator.get("/routing-domains").json["items"] == [created.json]
    assert coordinator.get(created.headers["Location"]).json == created.json
    assert coordinator.get(f"/routing-domains/{foreign.id}").status_code == 404
    assert administrator.post("/routing-domains", json=new).status_code == 409


class TestAccountRecords:
    @pytest.fixture
    def account(self, session, world):
        with unit_of_work(session):
            make_account(session, world.foreign)
            return make_account(session, world.own, name="anna.muster")

    def looks(self, session):
        session.rollback()  # to see what was written since
        return session.scalars(sa.select(AccountAccess).order_by(AccountAccess.at)).all()

    def test_one_is_read_for_a_purpose_and_the_look_is_logged(self, operator, session, account):
        path = f"/accounts/{account.id}"
        assert complaints(operator.get(path)) == {"purpose"}
        assert self.looks(session) == []
        read = operator.get(f"{path}?purpose=incident&reference=INC-7")
        assert read.status_code == 200, read.text
        assert read.json["name"] == "anna.muster"
        assert read.headers["Cache-Control"] == "no-store"
        (look,) = self.looks(session)
        assert (look.account_id, look.purpose, look.reference) == (account.id, "incident", "INC-7")
        assert look.request_id == read.headers["X-Request-ID"]
        assert "privileged_reason" in look.fields

    def test_a_list_is_of_one_partner_and_logs_every_record(
        self, operator, session, account, world
    ):
        query = f"/accounts?partner_id={world.own.id}&purpose=security"
        (listed,) = operator.get(query).json["items"]
        assert listed["id"] == str(account.id)
        assert [look.account_id for look in self.looks(session)] == [account.id]
        foreign = operator.get(f"/accounts?partner_id={world.foreign.id}&purpose=security")
        assert foreign.status_code == 403
        nobody = f"/accounts?partner_id={account.id}&purpose=security"
        assert operator.get(nobody).status_code == 403
        assert operator.get("/accounts?purpose=security").status_code == 422

    def test_others_read_none(self, coordinator, administrator, account):
        path = f"/accounts/{account.id}?purpose=security"
        assert coordinator.get(path).status_code == 403
        assert administrator.get(path).status_code == 403
