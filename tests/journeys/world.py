"""The small world of the journeys: the demonstration's people and services, eight devices.

The journeys of the browser tests happen in it too.
"""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask

from catalog.cli.console import console_actor, console_transaction
from catalog.cli.database import upgrade_database
from catalog.demo import directories, seeding
from catalog.demo.content import COMMUNITY, SECRET
from catalog.demo.directory import directory_ldif
from cmdb.kernel.clock import today
from cmdb.partners import commands as partners
from cmdb.partners.forms import SiteForm
from cmdb.plans.commands import create_plan
from cmdb.plans.drafts import PlanDraft
from config.settings import ServerSettings
from discovery.simulator import DemoNetwork, DemoPartner, DemoSite, Simulator, one_community
from schemas.vocabulary import Protocol

OWN, FOREIGN = "musterwil", "beispielikon"
"""The partner whose network is looked at, and another whose people must see nothing of it."""
INSIDE, SERVED = "10.20", "127.31"
COUNTS = {
    "core_switch": 1,
    "access_switch_24": 2,
    "linux_server": 2,
    "printer_kyocera": 1,
    "ups": 1,
    "camera": 1,
}
DEVICES = sum(COUNTS.values())
PEOPLE, COMPUTERS = 70, 6


@dataclass(frozen=True, slots=True)
class World:
    """What the journeys begin with.

    Attributes:
        passwords: sign-in name → password.
        network_plan: looks at the simulated devices; `directory_plan` reads an LDIF file.
    """

    passwords: dict[str, str]
    organisations: dict[str, UUID]
    site_id: UUID
    network_plan: UUID
    directory_plan: UUID


def small_network(counts: dict[str, int] | None = None) -> DemoNetwork:
    """Invent the network of one building, at loopback addresses `127.31.1.1` and following."""
    site = DemoSite("gh", "Gemeindehaus", counts or COUNTS)
    return DemoNetwork([DemoPartner("mus", "Musterwil", SERVED, INSIDE, [site])])


def simulator_for(network: DemoNetwork) -> Simulator:
    """Return a simulator that answers for the network with the demonstration's community."""
    return Simulator(network, accepts=one_community(COMMUNITY))


def furnish(app: Flask) -> World:
    """Make the tables, the people, the services, a site and two plans; nothing has run yet."""
    settings: ServerSettings = app.config["HAUS"]
    upgrade_database(app)
    write_files(settings)
    actor = console_actor()
    with console_transaction(app) as session:
        ids = seeding.seed_organisations(session, actor)
        seeding.seed_services(session, actor)
        passwords = seeding.seed_people(session, actor, ids)
        own = ids[OWN]
        form = SiteForm("Gemeindehaus", "Dorfplatz 1", "6299", "Musterwil")
        site_id = partners.save_site(session, actor, own, form).id
        network = create_plan(session, actor, own, network_draft(site_id))
        draft = PlanDraft("Verzeichnis", Protocol.LDIF, (f"{OWN}.ldif",))
        directory = create_plan(session, actor, own, draft)
        return World(passwords, ids, site_id, network.id, directory.id)


def network_draft(site_id: UUID, *, targets: str = f"{INSIDE}.1.0/28", **options) -> PlanDraft:
    """Return the plan of the network; its devices stand behind an address translation."""
    translate = {f"{INSIDE}.0.0/16": f"{SERVED}.0.0/16"}
    return PlanDraft(
        "Netz Gemeindehaus",
        Protocol.SNMP,
        (targets,),
        credentials=(SECRET,),
        options={"timeout": 0.3, "retries": 0, "translate": translate, **options},
        site_id=site_id,
    )


def write_files(settings: ServerSettings) -> None:
    """Write the secrets of the site and the directory of the partner."""
    settings.secrets_path.write_text(directories.secrets_text(), "utf-8")
    settings.secrets_path.chmod(0o600)
    settings.directory_path.mkdir(parents=True, exist_ok=True)
    text = directory_ldif(OWN, f"dc={OWN},dc=example", PEOPLE, COMPUTERS, 7, today=today())
    (settings.directory_path / f"{OWN}.ldif").write_text(text, "utf-8")
