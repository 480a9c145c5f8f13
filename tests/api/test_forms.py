"""What is written by hand for speed is what the schemas say, field by field and byte by byte."""

import orjson
import pytest

from catalog.api import (
    classes,
    findings,
    item_forms,
    item_parts,
    partners,
    plans,
    runs,
    sites,
)
from catalog.transactions import unit_of_work
from cmdb.history.queries import list_facts, list_revisions
from cmdb.items import detail, queries
from cmdb.items.relations import NewRelation, add_relation
from cmdb.partners.queries import get_partner, get_site
from cmdb.plans.queries import get_plan, get_run, list_targets
from cmdb.reconcile.queries import list_findings
from schemas import findings as finding_schemas
from schemas import items as item_schemas
from schemas import partners as partner_schemas
from schemas import plans as plan_schemas
from schemas.vocabulary import RelationType
from tests.builders import make_classes, make_item, make_plan, make_site
from tests.observing import make_document, observe


@pytest.fixture
def things(session, house, world):
    """One row of everything that has a form of its own, with the form and the schema."""
    with unit_of_work(session):
        make_classes(session)
        site = make_site(session, world.own)
        plan = make_plan(session, world.own, site_id=site.id, interval_minutes=60)
        receipt = observe(session, plan, [make_document()])
        other = make_item(session, world.own, site_id=site.id, operator_id=world.foreign.id)
        rows = queries.list_items(session, house).rows
        key = next(one.id for one in rows if one.name == "sw-00001")
        add_relation(session, house, NewRelation(key, other.id, RelationType.USES))
    facts = list_facts(session, house, key)
    heads = [detail.get_head(session, house, one) for one in (key, other.id)]
    forms, items = item_forms, item_schemas
    return [
        (
            partners.partner_form,
            partner_schemas.PartnerSchema,
            get_partner(session, house, world.own.id),
        ),
        (sites.site_form, partner_schemas.SiteSchema, get_site(session, house, site.id)),
        (classes.class_form, items.ItemClassSchema, queries.list_classes(session, house)[0]),
        *(
            (forms.summary_form, items.ItemSummarySchema, one)
            for one in queries.list_items(session, house).rows
        ),
        *((lambda one: forms.item_form(one, facts), items.ItemSchema, one) for one in heads),
        (forms.revision_form, items.RevisionSchema, list_revisions(session, house, key).rows[0]),
        *(
            (forms.relation_form, items.RelationSchema, one)
            for one in detail.list_relations(session, house, other.id)
        ),
        (
            item_parts.INTERFACE,
            items.InterfaceSchema,
            detail.list_interfaces(session, house, key).rows[0],
        ),
        (item_parts.ADDRESS, items.IpAddressSchema, detail.list_addresses(session, house, key)[0]),
        (
            item_parts.COMPONENT,
            items.ComponentSchema,
            detail.list_components(session, house, key)[0],
        ),
        (
            item_parts.IDENTIFIER,
            items.IdentifierSchema,
            detail.list_identifiers(session, house, key)[0],
        ),
        (plans.plan_form, plan_schemas.PlanSchema, get_plan(session, house, plan.id)),
        (runs.run_form, plan_schemas.RunSchema, get_run(session, house, receipt.run_id)),
        (
            runs.target_form,
            plan_schemas.RunTargetSchema,
            list_targets(session, house, receipt.run_id).rows[0],
        ),
    ]


def test_every_form_is_what_its_schema_writes(things):
    assert len(things) > 14
    for form, schema, row in things:
        written = form(row)
        assert orjson.loads(orjson.dumps(written)) == schema().dump(written), schema
        assert set(written) == set(schema().fields), schema


def test_a_finding_is_what_its_schema_writes(session, house, world, operator):
    with unit_of_work(session):
        make_classes(session)
        plan = make_plan(session, world.own)
        observe(session, plan, [make_document()])
    (item,) = operator.get("/items").json["items"]
    operator.patch(f"/items/{item['id']}", json={"name": "declared"}, headers={"If-Match": "*"})
    with unit_of_work(session):
        observe(session, plan, [make_document(name="discovered")])
    (row,) = list_findings(session, house).rows
    written = findings.finding_form(row)
    schema = finding_schemas.FindingSchema()
    assert orjson.loads(orjson.dumps(written)) == schema.dump(written)
    assert set(written) == set(schema.fields)
