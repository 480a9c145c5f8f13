"""Where a site keeps its secrets, and that their values never show."""

import os

import pytest

from discovery.errors import SecretMissingError
from discovery.secrets import LdapBind, SnmpCommunity, SnmpUser
from discovery.secrets.environment import EnvironmentSecrets
from discovery.secrets.file import FileSecrets

HIDDEN = "hidden-value-1"


@pytest.fixture
def write(tmp_path):
    path = tmp_path / "secrets.toml"

    def write_text(text, mode=0o600):
        path.write_text(text)
        path.chmod(mode)
        return FileSecrets(path)

    return write_text


def test_every_kind_of_secret_is_read(write):
    secrets = write(
        f"""
        [old]
        kind = "snmp-community"
        community = "{HIDDEN}"
        version = "1"
        [core]
        kind = "snmp-user"
        user = "haus"
        auth_protocol = "sha256"
        auth_password = "{HIDDEN}"
        privacy_protocol = "aes128"
        privacy_password = "{HIDDEN}2"
        [directory]
        kind = "ldap-bind"
        bind_dn = "cn=reader"
        password = "{HIDDEN}"
        """
    )
    assert secrets.get("old") == SnmpCommunity(HIDDEN, "1")
    assert secrets.get("core") == SnmpUser("haus", "sha256", HIDDEN, "aes128", f"{HIDDEN}2")
    assert secrets.get("directory") == LdapBind("cn=reader", HIDDEN)
    for name in ("old", "core", "directory"):
        assert HIDDEN not in repr(secrets.get(name))
    assert HIDDEN not in repr(secrets)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_file_that_others_may_touch_is_refused(write, mode):
    secrets = write('[a]\nkind = "snmp-community"\ncommunity = "x"\n', mode)
    with pytest.raises(SecretMissingError, match="chmod 600"):
        secrets.get("a")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no entry 'a'"),
        ('a = "' + HIDDEN + '"', "not a table"),
        (f'[a]\ncommunity = "{HIDDEN}"', "needs a kind"),
        (f'[a]\nkind = "{HIDDEN}"', "needs a kind"),
        (f'[a]\nkind = "snmp-community"\ncommunity = "{HIDDEN}"\ncomunity = 1', "comunity"),
        (f'[a]\nkind = "snmp-community"\ncommunity = "x"\nversion = "{HIDDEN}"', "version"),
        ('[a]\nkind = "snmp-community"\ncommunity = ""', "community"),
        (f'[a]\nkind = "snmp-user"\nuser = "u"\nauth_password = "{HIDDEN}"', "belong together"),
        (
            f'[a]\nkind="snmp-user"\nuser="u"\nprivacy_protocol="des"\nprivacy_password="{HIDDEN}"',
            "no privacy without",
        ),
        ('[a]\nkind = "snmp-user"\nuser = "u"\nauth_protocol = "sha1"\nauth_password = "x"', "8"),
        (f'[a]\nkind = "ldap-bind"\npassword = "{HIDDEN}"', "bind_dn"),
        (f'[a]\nkind = "snmp-community\ncommunity = "{HIDDEN}"', "not TOML"),
    ],
)
def test_a_wrong_entry_is_named_without_its_value(write, text, words):
    with pytest.raises(SecretMissingError, match=words) as caught:
        write(text).get("a")
    assert HIDDEN not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SecretMissingError, match=r"secrets\.toml cannot be read: No such file"):
        FileSecrets(tmp_path / "secrets.toml").get("a")


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "secrets.toml"
    path.touch(mode=0o600)
    secrets = FileSecrets(path)
    for number, value in enumerate(("one", "two")):
        path.write_text(f'[a]\nkind = "snmp-community"\ncommunity = "{value}"\n')
        os.utime(path, ns=(number, number))
        assert secrets.get("a") == SnmpCommunity(value)


def test_the_environment_names_secrets_in_capitals():
    secrets = EnvironmentSecrets(
        {
            "HAUS_SECRET_SNMP_EBIKON_KIND": "snmp-community",
            "HAUS_SECRET_SNMP_EBIKON_COMMUNITY": HIDDEN,
            "HAUS_SECRET_OTHER_KIND": "ldap-bind",
        }
    )
    assert secrets.get("snmp-ebikon") == SnmpCommunity(HIDDEN)
    with pytest.raises(SecretMissingError, match="bind_dn"):
        secrets.get("other")
    with pytest.raises(SecretMissingError, match="HAUS_SECRET_THIRD_"):
        secrets.get("third")
    assert HIDDEN not in repr(secrets)
