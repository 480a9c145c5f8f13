"""SNMP v3 users for the fast engine, with the slow password hash done once per credential."""

from functools import lru_cache

from gufo.snmp.user import (
    Aes128Key,
    Aes192Key,
    Aes256Key,
    BaseAuthKey,
    BasePrivKey,
    DesKey,
    KeyExpansion,
    KeyType,
    Md5Key,
    Sha1Key,
    Sha224Key,
    Sha256Key,
    Sha384Key,
    Sha512Key,
    User,
)

from discovery.errors import SecretMissingError
from discovery.protocols.snmp.seal import Seal
from discovery.secrets import SnmpUser
from schemas.sentences.secrets import SecretSentence

_AUTH: dict[str, type[BaseAuthKey]] = {
    "md5": Md5Key,
    "sha1": Sha1Key,
    "sha224": Sha224Key,
    "sha256": Sha256Key,
    "sha384": Sha384Key,
    "sha512": Sha512Key,
}
_PRIVACY: dict[str, tuple[type[BasePrivKey], KeyExpansion]] = {
    "des": (DesKey, KeyExpansion.Blumenthal),
    "aes128": (Aes128Key, KeyExpansion.Blumenthal),
    "aes192": (Aes192Key, KeyExpansion.Blumenthal),
    "aes256": (Aes256Key, KeyExpansion.Blumenthal),
    "aes192c": (Aes192Key, KeyExpansion.Cisco),
    "aes256c": (Aes256Key, KeyExpansion.Cisco),
}


def engine_user(user: SnmpUser) -> User:
    """Return the user with master keys, which every engine ID then localises cheaply.

    Raises:
        SecretMissingError: a protocol is unknown or a password is missing.
    """
    if user.auth_protocol is None:
        return User(user.user)
    auth = _AUTH.get(user.auth_protocol)
    if auth is None or not user.auth_password:
        raise SecretMissingError(
            SecretSentence.SNMP_USER_AUTH, user=user.user, protocols=", ".join(_AUTH)
        )
    auth_key = auth(_master_key(auth, user.auth_password), key_type=KeyType.Master)
    if user.privacy_protocol is None:
        return User(user.user, auth_key=auth_key)
    privacy = _PRIVACY.get(user.privacy_protocol)
    if privacy is None or not user.privacy_password:
        raise SecretMissingError(
            SecretSentence.SNMP_USER_PRIVACY, user=user.user, protocols=", ".join(_PRIVACY)
        )
    key_class, expansion = privacy
    privacy_key = key_class(_master_key(auth, user.privacy_password), key_type=KeyType.Master)
    return User(user.user, auth_key=auth_key, priv_key=privacy_key, key_expansion=expansion)


def seal_of(user: SnmpUser, engine_id: bytes) -> Seal | None:
    """Return what answers to a user are sealed with, None where they are not authenticated."""
    if user.auth_protocol is None or not user.auth_password:
        return None
    auth = _AUTH[user.auth_protocol]
    return Seal.of(user.auth_protocol, _master_key(auth, user.auth_password), engine_id)


@lru_cache(maxsize=64)
def _master_key(auth: type[BaseAuthKey], password: str) -> bytes:
    # RFC 3414, A.2 hashes a megabyte on purpose: 1.2 ms, too much for every device again.
    return auth.get_master_key(password.encode())
