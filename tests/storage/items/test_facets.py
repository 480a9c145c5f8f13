"""Facets count what choosing a value would give."""

from cmdb.items.facets import SHOWN, facet_counts
from cmdb.items.filters import ItemFilter
from schemas.vocabulary import Lifecycle
from tests.builders import make_item, make_site
from tests.counting import statements


def counts(facet):
    return {one.label_de: one.count for one in facet.values}


def test_each_facet_leaves_its_own_choice_out(session, everyone, partner, other):
    site = make_site(session, partner, "Werkhof")
    make_item(session, partner, vendor="Cisco", site_id=site.id)
    make_item(session, partner, vendor="HPE")
    make_item(session, other, vendor="HPE", class_name="server.physical")
    make_item(session, other, vendor="HPE", lifecycle=Lifecycle.RETIRED)
    facets = facet_counts(session, everyone, ItemFilter(partners=(partner.id,), vendors=("HPE",)))
    assert counts(facets["partners"]) == {"Ebikon": 1, "Büron": 2}
    assert counts(facets["vendors"]) == {"HPE": 1, "Cisco": 1}
    assert counts(facets["classes"]) == {"Switch": 1}
    assert counts(facets["lifecycles"]) == {"in_operation": 1}
    assert facets["sites"].values == ()
    (chosen,) = (one for one in facets["partners"].values if one.is_chosen)
    assert chosen.key == str(partner.id)


def test_a_long_facet_shows_the_most_frequent_and_what_is_chosen(session, everyone, partner):
    for number in range(SHOWN + 3):
        make_item(session, partner, vendor=f"Vendor {number:02}")
    make_item(session, partner, vendor="Vendor 10")
    make_item(session, partner, vendor="")
    facet = facet_counts(session, everyone, ItemFilter(vendors=("Vendor 09",)))["vendors"]
    assert [one.key for one in facet.values[:3]] == ["Vendor 09", "Vendor 10", "Vendor 00"]
    assert len(facet.values) == SHOWN
    assert (facet.rest_values, facet.rest_count) == (3, 3)


def test_a_foreign_partner_is_not_even_counted(session, anna, partner, other):
    make_item(session, other, vendor="Secret", site_id=make_site(session, other).id)
    facets = facet_counts(session, anna)
    assert not any(facet.values for facet in facets.values())


def test_all_facets_are_one_statement(session, everyone, partner):
    make_item(session, partner)
    with statements(session) as seen:
        facet_counts(session, everyone, ItemFilter(text="sw-", classes=("network",)))
    assert len(seen) == 1


def test_a_site_is_told_with_its_partner(session, everyone, partner, other):
    for owner in (partner, other):
        make_item(session, owner, site_id=make_site(session, owner, "Gemeindehaus").id)
    sites = facet_counts(session, everyone)["sites"]
    assert counts(sites) == {"Gemeindehaus, Büron": 1, "Gemeindehaus, Ebikon": 1}
