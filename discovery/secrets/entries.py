"""The form of one secret as it is written down, whatever the source."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from discovery.errors import SecretMissingError
from discovery.secrets import LdapBind, Secret, SnmpCommunity, SnmpUser
from schemas.base import WireSchema
from schemas.sentences.secrets import SecretSentence

AUTH_PROTOCOLS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
PRIVACY_PROTOCOLS = ("des", "aes128", "aes192", "aes256", "aes192c", "aes256c")
_MIN_PASSWORD = 8


def _text(*, required: bool = False, minimum: int = 1) -> fields.Str:
    return fields.Str(required=required, validate=validate.Length(minimum, 255))


class _CommunitySchema(WireSchema):
    community = _text(required=True)
    version = fields.Str(validate=validate.OneOf(("1", "2c")))

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> SnmpCommunity:
        return SnmpCommunity(**data)


class _UserSchema(WireSchema):
    user = _text(required=True)
    auth_protocol = fields.Str(validate=validate.OneOf(AUTH_PROTOCOLS))
    auth_password = _text(minimum=_MIN_PASSWORD)
    privacy_protocol = fields.Str(validate=validate.OneOf(PRIVACY_PROTOCOLS))
    privacy_password = _text(minimum=_MIN_PASSWORD)
    context = fields.Str(validate=validate.Length(max=255))

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> SnmpUser:
        for one in ("auth", "privacy"):
            if (f"{one}_protocol" in data) != (f"{one}_password" in data):
                raise ValidationError(f"{one}_protocol and {one}_password belong together")
        if "privacy_protocol" in data and "auth_protocol" not in data:
            raise ValidationError("there is no privacy without authentication")
        return SnmpUser(**data)


class _BindSchema(WireSchema):
    bind_dn = _text(required=True)
    password = _text(required=True)
    ca_file = fields.Str(validate=validate.Length(1, 1024))

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> LdapBind:
        return LdapBind(**data)


_KINDS = {
    "snmp-community": _CommunitySchema(),
    "snmp-user": _UserSchema(),
    "ldap-bind": _BindSchema(),
}


def read_entry(entry: Any, name: str, where: str) -> Secret:
    """Return the secret that an entry describes; `where` tells in a complaint where it stands.

    Raises:
        SecretMissingError: the entry is not usable; the text names keys, never a value.
    """
    if not isinstance(entry, dict):
        raise SecretMissingError(SecretSentence.NO_TABLE, name=name, where=where)
    content = dict(entry)
    kind = content.pop("kind", None)
    schema = _KINDS.get(kind) if isinstance(kind, str) else None
    if schema is None:
        raise SecretMissingError(
            SecretSentence.NO_KIND, name=name, where=where, kinds=", ".join(_KINDS)
        )
    try:
        secret: Any = schema.load(content)
    except ValidationError as error:
        # The messages of our own validators name lengths and choices, never what was written.
        raise SecretMissingError(
            SecretSentence.UNUSABLE, name=name, where=where, reason=_complaint(error)
        ) from None
    return secret


def _complaint(error: ValidationError) -> str:
    messages = error.normalized_messages()
    return "; ".join(
        " ".join(texts) if key == "_schema" else f"{key}: {' '.join(texts)}"
        for key, texts in sorted(messages.items())
    )
