import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog.offers import queries
from catalog.offers.importing import ImportSummary, import_catalogue
from catalog.offers.models import Price, PriceComponent, Service, ServiceDependency
from cmdb.kernel.errors import ConflictError, ForbiddenError, InvalidError
from cmdb.kernel.events import EventRecord
from cmdb.partners.models import Organisation, RoleOfOrganisation
from schemas.vocabulary import OrganisationRole, PriceBasis, PriceKind, PricePeriod, ServiceState
from tests.asking import OWNER, make_provider
from tests.builders import make_viewer

DEMO = Path(__file__).parents[3] / "config" / "demo" / "services.toml"


@pytest.fixture
def demo():
    return DEMO.read_text("utf-8")


@pytest.fixture
def providers(session, demo):
    entries = tomllib.loads(demo)["providers"].values()
    for slug in sorted({one["organisation"] for one in entries}):
        provider = Organisation(slug=slug, name=slug)
        provider.roles = [RoleOfOrganisation(role=OrganisationRole.PROVIDER)]
        session.add(provider)
    session.flush()


@pytest.fixture
def catalogue(session, providers, demo):
    return import_catalogue(session, OWNER, demo)


def count(session, table):
    return session.scalar(sa.select(sa.func.count()).select_from(table))


def test_the_demo_has_42_services_in_nine_families_each_in_two_languages(session, catalogue):
    assert catalogue == ImportSummary(created=42, changed=0, prices=43)
    families = queries.count_services_by_family(session, OWNER)
    assert len(families) == 9
    assert sum(number for _, number in families) == 42
    for service in queries.list_services(session, OWNER, limit=200).rows:
        assert service.state is ServiceState.ACTIVE
        for texts in (service.names, service.descriptions, service.family.names):
            assert set(texts) == {"de", "en"}
            assert "ß" not in texts["de"]
        assert set(service.units) == {"de", "en", "de_plural", "en_plural"}
        assert not any("ß" in text for text in service.units.values())


def test_exactly_the_four_planted_violations_are_found(session, catalogue):
    found = queries.list_sla_violations(session, OWNER)
    assert {(one.service.code, one.rests_on.code) for one in found} == {
        ("ID-KTO", "SRV-VM"),
        ("SEC-SOC", "SEC-LOG"),
        ("FA-TAX", "SRV-DB"),
        ("FA-TAX", "FA-GEM"),
    }
    assert len(found) == 4


def test_what_is_no_service_is_kept_as_a_named_platform(session, catalogue):
    platforms = session.scalars(
        sa.select(ServiceDependency.platform).where(ServiceDependency.platform != "").distinct()
    )
    assert set(platforms) == {"RZ-A", "RZ-B", "Carrier"}
    wan = queries.find_service(session, OWNER, "NET-WAN")
    assert [one.platform for one in wan.dependencies] == ["RZ-A", "RZ-B", "Carrier"]


def test_prices_have_their_parts(session, catalogue):
    def parts(code):
        service = queries.find_service(session, OWNER, code)
        return [
            (one.kind, one.period, one.basis, one.amount) for one in service.prices[0].components
        ]

    recurring, usage = PriceKind.RECURRING, PriceKind.USAGE
    month, year, none = PricePeriod.MONTH, PricePeriod.YEAR, PricePeriod.NONE
    assert parts("FA-GEM") == [
        (recurring, year, PriceBasis.FLAT, Decimal("4000.00")),
        (recurring, year, PriceBasis.QUANTITY, Decimal("2.10")),
    ]
    assert parts("DRU-MFP") == [
        (recurring, month, PriceBasis.QUANTITY, Decimal("68.00")),
        (usage, none, PriceBasis.MEASURED, Decimal("0.04")),
    ]
    assert parts("EGO-PAY") == [(usage, none, PriceBasis.QUANTITY, Decimal("0.30"))]


def test_a_second_import_changes_nothing(session, catalogue, demo):
    session.flush()
    before = [count(session, one) for one in (Service, Price, PriceComponent, EventRecord)]
    dependencies = set(session.scalars(sa.select(ServiceDependency.id)))
    assert import_catalogue(session, OWNER, demo) == ImportSummary(0, 0, 0)
    session.flush()
    assert [count(session, one) for one in (Service, Price, PriceComponent, EventRecord)] == before
    assert set(session.scalars(sa.select(ServiceDependency.id))) == dependencies


def test_a_changed_text_is_taken_over(session, catalogue, demo):
    changed = demo.replace("Mobile workplace", "Portable workplace")
    assert import_catalogue(session, OWNER, changed) == ImportSummary(0, 1, 0)
    service = queries.find_service(session, OWNER, "AP-MOB")
    assert service.names["en"] == "Portable workplace"
    assert "portable" in service.search_text


def test_a_released_price_in_the_file_cannot_be_changed(session, catalogue, demo):
    changed = demo.replace('amount = "142.00"', 'amount = "141.00"')
    with pytest.raises(ConflictError, match="AP-MOB from 2025-01-01"):
        import_catalogue(session, OWNER, changed)


@pytest.mark.usefixtures("providers")
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[providers]", "[providers", "not valid TOML"),
        ('code = "AP-STD"', 'code = "workplace"', "A code looks like AP-STD"),
        ('code = "AP-MOB"', 'code = "AP-STD"', "more than once"),
        ('depends_on = ["SRV-DB", "FA-GEM"]', 'depends_on = ["NO-WHERE"]', "FA-TAX.*NO-WHERE"),
        ('provider = "iggi"', 'provider = "nobody"', "nobody"),
        ('organisation = "iggi"', 'organisation = "atlantis"', "do not exist: atlantis"),
        ('amount = "128.00"', "amount = 128.00", "Write the amount as text"),
        ('sla_class = "S2"', 'sla_class = "S9"', "not complete"),
        ('kind = "one_off", period = "none"', 'kind = "one_off", period = "month"', "recurring"),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_its_cause(session, demo, old, new, sentence):
    assert old in demo
    with pytest.raises(InvalidError, match=sentence):
        import_catalogue(session, OWNER, demo.replace(old, new))


def test_importing_needs_the_permission_for_all_providers(session, demo):
    some = make_viewer("service.write", partners={make_provider(session).id})
    with pytest.raises(ForbiddenError):
        import_catalogue(session, some, demo)
