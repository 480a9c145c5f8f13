"""The command line as an operator types it, from an empty folder to an export."""

import json
import stat

import pytest
from click.testing import CliRunner

from catalog.cli import main
from catalog.demo.directory import directory_ldif
from cmdb.kernel.clock import today
from discovery.knowledge.loader import load_knowledge

PARTNER = "ebikon"


@pytest.fixture
def haus(tmp_path, monkeypatch):
    """Type a command in a data directory of its own."""
    monkeypatch.setenv("HAUS_DATA_DIRECTORY", str(tmp_path / "data"))

    def run(*words, fails=False):
        result = CliRunner().invoke(main, list(words))
        assert (result.exit_code != 0) is fails, result.output
        return result.output

    return run


@pytest.fixture
def house(haus, tmp_path):
    """A prepared data directory with one partner and its directory file."""
    haus("init")
    _add_partner(tmp_path / "data")
    text = directory_ldif(PARTNER, "dc=ebikon,dc=example", 30, 8, 3, today=today())
    (tmp_path / "data" / "ldif" / "ebikon.ldif").write_text(text, "utf-8")
    return tmp_path / "data"


def _add_partner(data):
    from catalog.app import create_app
    from catalog.cli.console import console_actor, console_transaction
    from cmdb.partners.commands import create_organisation
    from cmdb.partners.forms import OrganisationForm
    from config.settings import load

    app = create_app(load(None, {}, {"data_directory": str(data)}))
    with console_transaction(app) as session:
        create_organisation(session, console_actor(), OrganisationForm("Ebikon", slug=PARTNER))
    with app.app_context():
        from catalog.extensions import db

        db.engine.dispose()


def test_an_empty_folder_is_prepared_twice_without_harm(haus, tmp_path):
    assert "Ready" in haus("init")
    assert "Ready" in haus("init")
    mode = (tmp_path / "data" / "session.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_server_on_an_older_database_does_not_start(haus):
    assert "haus upgrade" in haus("serve", fails=True)


def test_a_server_with_a_device_rule_that_is_not_proven_does_not_start(haus, tmp_path, monkeypatch):
    rules = tmp_path / "rules"
    rules.mkdir()
    monkeypatch.setenv("HAUS_KNOWLEDGE", str(rules))
    load_knowledge.cache_clear()
    haus("init")
    assert "ok    device rules of your own" in haus("check")
    (rules / "musterwerk.toml").write_text(
        '[[device]]\nname = "Strip"\nmatch = { sys_descr = "^Strip" }\nproof = "gone.snmprec"\n'
    )
    load_knowledge.cache_clear()
    told = "musterwerk.toml: Strip: the recording gone.snmprec does not exist"
    assert told in haus("check", fails=True)
    assert told in haus("serve", fails=True)
    load_knowledge.cache_clear()


def test_the_first_person_is_made_with_a_password(haus, house):
    output = haus("user", "create", "first", "--role", "administrator")
    assert "Password:" in output
    assert "Password:" in haus("user", "reset-password", "first")
    assert "Nobody signs in as" in haus("user", "reset-password", "second", fails=True)
    assert "There is no such role" in haus("user", "create", "third", "--role", "king", fails=True)


def test_a_directory_file_is_read_and_the_inventory_exported(haus, house):
    output = haus("discover", "ldif", "ebikon.ldif", "--partner", PARTNER)
    assert output.count("succeeded:") == 1
    rows = [json.loads(line) for line in haus("export", "--partner", PARTNER).splitlines()]
    assert len(rows) == 8
    assert {row["class_name"] for row in rows} == {"client.workstation"}
    again = haus("discover", "ldif", "ebikon.ldif", "--partner", PARTNER)
    assert "0 new, 0 changed" in again
    assert haus("plan", "list").count("ebikon.ldif") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("snmp", "10.0.0.0/33", "--partner", PARTNER), "10.0.0.0/33"),
        (("snmp", "10.0.0.0/8", "--partner", PARTNER), "16777216 addresses"),
        (("ldif", "../secret.ldif", "--partner", PARTNER), "secret.ldif"),
        (("snmp", "10.0.0.0/28", "--partner", "ebikn"), "Similar: ebikon"),
        (("snmp", "127.0.0.1", "--partner", PARTNER, "--secret", "nowhere"), "secrets.toml"),
    ],
)
def test_bad_input_is_told_in_a_sentence(haus, house, words, told):
    output = haus("discover", *words, fails=True)
    assert told in output
    assert "Traceback" not in output


def test_the_check_says_what_to_mend(haus, house):
    haus("discover", "snmp", "127.0.0.1", "--partner", PARTNER, "--secret", "nowhere", fails=True)
    output = haus("check", fails=True)
    assert "mend  secret nowhere" in output
    (house / "secrets.toml").write_text('[nowhere]\nkind = "snmp-community"\ncommunity = "x"\n')
    (house / "secrets.toml").chmod(0o644)
    assert "chmod 600" in haus("check", fails=True)
    (house / "secrets.toml").chmod(0o600)
    assert "ok    secret nowhere" in haus("check")
