"""Configuration items, their classes, parts, relations and history on the wire."""

from typing import Any, Final

from marshmallow import RAISE, ValidationError, fields, validate, validates_schema

from schemas.base import UtcDateTimeField, WireSchema
from schemas.references import NameRefSchema
from schemas.vocabulary import IdentifierScheme, Lifecycle, RelationType, Source

MAX_BULK: Final = 500
CLASS_NAME: Final = r"^[a-z][a-z0-9_]{0,30}(\.[a-z][a-z0-9_]{0,30}){0,2}\Z"
ATTRIBUTE_TYPES: Final = ("text", "integer", "decimal", "boolean", "date", "choice", "reference")


class ItemSummarySchema(WireSchema):
    """An item in a list."""

    id = fields.UUID(required=True)
    class_name = fields.Str(required=True)
    name = fields.Str(required=True)
    lifecycle = fields.Enum(Lifecycle, by_value=True, required=True)
    partner = fields.Nested(NameRefSchema, required=True)
    site = fields.Nested(NameRefSchema, required=True, allow_none=True)
    vendor = fields.Str(required=True)
    model = fields.Str(required=True)
    serial = fields.Str(required=True)
    os_version = fields.Str(required=True)
    address = fields.Str(required=True, metadata={"description": "The management address."})
    seen_at = UtcDateTimeField(required=True, allow_none=True)
    updated_at = UtcDateTimeField(required=True)
    version = fields.Int(required=True)
    has_finding = fields.Bool(
        required=True, metadata={"description": "Whether somebody has to decide something."}
    )


class FactSchema(WireSchema):
    """What one source says of one attribute, and since when."""

    source = fields.Enum(Source, by_value=True, required=True)
    value = fields.Raw(required=True, allow_none=True)
    since_at = UtcDateTimeField(required=True)
    confirmed_at = UtcDateTimeField(required=True)
    actor_name = fields.Str(required=True)


class ItemSchema(ItemSummarySchema):
    """An item with everything that is believed of it and who says so.

    `facts` names every source of every attribute, the believed one first; it is empty for whoever
    is only served by the item.
    """

    class Meta:
        """Findings are asked for by their own list."""

        unknown = RAISE
        exclude = ("has_finding",)

    user_partner = fields.Nested(NameRefSchema, required=True, allow_none=True)
    operator = fields.Nested(NameRefSchema, required=True, allow_none=True)
    attributes = fields.Dict(keys=fields.Str(), values=fields.Raw(allow_none=True), required=True)
    created_at = UtcDateTimeField(required=True)
    facts = fields.Dict(
        keys=fields.Str(), values=fields.List(fields.Nested(FactSchema)), required=True
    )


class ItemValuesSchema(WireSchema):
    """What a person says of an item; null stands for nothing."""

    class_name = fields.Str(validate=validate.Regexp(CLASS_NAME))
    name = fields.Str(validate=validate.Length(1, 255))
    lifecycle = fields.Enum(Lifecycle, by_value=True)
    partner_id = fields.UUID()
    user_partner_id = fields.UUID(allow_none=True)
    operator_id = fields.UUID(allow_none=True)
    site_id = fields.UUID(allow_none=True)
    vendor = fields.Str(allow_none=True, validate=validate.Length(max=120))
    model = fields.Str(allow_none=True, validate=validate.Length(max=255))
    serial = fields.Str(allow_none=True, validate=validate.Length(max=255))
    os_version = fields.Str(allow_none=True, validate=validate.Length(max=255))
    address = fields.Str(allow_none=True, validate=validate.Length(max=64))
    attributes = fields.Dict(keys=fields.Str(), values=fields.Raw(allow_none=True))


class ItemChangeSchema(ItemValuesSchema):
    """What is to become of an item; what is left out stays, null withdraws a declared value."""

    reason = fields.Str(load_default="", validate=validate.Length(max=500))


class NewItemSchema(ItemValuesSchema):
    """An item as somebody declares it."""

    class_name = fields.Str(required=True, validate=validate.Regexp(CLASS_NAME))
    name = fields.Str(required=True, validate=validate.Length(1, 255))
    partner_id = fields.UUID(required=True)
    lifecycle = fields.Enum(Lifecycle, by_value=True, load_default=Lifecycle.IN_OPERATION)


class DeclarationSchema(NewItemSchema):
    """An item to be declared, and why."""

    reason = fields.Str(load_default="", validate=validate.Length(max=500))


class NewItemsSchema(WireSchema):
    """Several items to be declared, all or none."""

    items = fields.List(
        fields.Nested(NewItemSchema),
        required=True,
        validate=validate.Length(1, MAX_BULK),
    )
    reason = fields.Str(load_default="", validate=validate.Length(max=500))


class VersionedChangeSchema(ItemValuesSchema):
    """The change of one of several items, based on the version that was read."""

    id = fields.UUID(required=True)
    version = fields.Int(required=True, strict=True, validate=validate.Range(1, 2**31 - 1))


class ItemChangesSchema(WireSchema):
    """Several items to be changed, all or none; a stale version refuses all."""

    items = fields.List(
        fields.Nested(VersionedChangeSchema),
        required=True,
        validate=validate.Length(1, MAX_BULK),
    )
    reason = fields.Str(load_default="", validate=validate.Length(max=500))


class ItemVersionSchema(WireSchema):
    """Which version an item has after a write."""

    id = fields.UUID(required=True)
    version = fields.Int(required=True)


class ItemVersionsSchema(WireSchema):
    """The versions of several items, in the order in which they were sent."""

    items = fields.List(fields.Nested(ItemVersionSchema), required=True)


class InterfaceSchema(WireSchema):
    """A network interface (IF-MIB); speed in bit/s, tagged VLANs in ranges such as `1,10-19`."""

    index = fields.Int(required=True)
    name = fields.Str(required=True)
    description = fields.Str(required=True)
    alias = fields.Str(required=True)
    type = fields.Str(required=True)
    mac = fields.Str(required=True)
    speed = fields.Int(required=True, allow_none=True)
    mtu = fields.Int(required=True, allow_none=True)
    admin_status = fields.Str(required=True)
    oper_status = fields.Str(required=True)
    duplex = fields.Str(required=True)
    untagged_vlan = fields.Int(required=True, allow_none=True)
    tagged_vlans = fields.Str(required=True)
    aggregate_index = fields.Int(required=True, allow_none=True)
    poe_status = fields.Str(required=True)
    poe_class = fields.Int(required=True, allow_none=True)


class IpAddressSchema(WireSchema):
    """An IPv4 or IPv6 address of an item."""

    address = fields.Str(required=True)
    prefix_length = fields.Int(required=True, allow_none=True)
    interface_index = fields.Int(required=True, allow_none=True)
    routing_domain_id = fields.UUID(required=True, allow_none=True)


class ComponentSchema(WireSchema):
    """A physical or logical part (ENTITY-MIB, HOST-RESOURCES-MIB)."""

    index = fields.Str(required=True)
    parent = fields.Str(required=True)
    kind = fields.Str(required=True)
    name = fields.Str(required=True)
    vendor = fields.Str(required=True)
    model = fields.Str(required=True)
    serial = fields.Str(required=True)
    revision = fields.Str(required=True)
    size_bytes = fields.Int(required=True, allow_none=True)


class IdentifierSchema(WireSchema):
    """One thing by which an item is recognised; `scope` says where the value is unique."""

    scheme = fields.Enum(IdentifierScheme, by_value=True, required=True)
    value = fields.Str(required=True)
    scope = fields.UUID(required=True)


class RelationSchema(WireSchema):
    """A relation seen from one of its ends.

    `other` is null where the other end belongs to a partner whose inventory is not seen. Of a link
    that was discovered, `interface_index` and `port` are those of the item asked for.
    """

    id = fields.UUID(required=True)
    type = fields.Enum(RelationType, by_value=True, required=True)
    is_outgoing = fields.Bool(
        required=True, metadata={"description": "Whether the item asked for is the source."}
    )
    other = fields.Nested(NameRefSchema, required=True, allow_none=True)
    other_class = fields.Str(required=True)
    source = fields.Enum(Source, by_value=True, required=True)
    confidence = fields.Int(required=True, metadata={"description": "In percent."})
    detail = fields.Str(required=True)
    seen_at = UtcDateTimeField(required=True)
    protocol = fields.Str(
        required=True,
        metadata={"description": "By what a link was seen, such as `lldp`, `fdb` or `stp`."},
    )
    interface_index = fields.Int(required=True, allow_none=True)
    port = fields.Str(required=True)
    other_port = fields.Str(required=True)


class NewRelationSchema(WireSchema):
    """How an item stands to another one; read from this item to the target."""

    type = fields.Enum(RelationType, by_value=True, required=True)
    target_id = fields.UUID(required=True)
    detail = fields.Str(load_default="", validate=validate.Length(max=255))


class DeclaredRelationSchema(WireSchema):
    """The key of a relation that was declared."""

    id = fields.UUID(required=True)


class RevisionSchema(WireSchema):
    """One change of an item: attribute → before and after."""

    id = fields.UUID(required=True)
    at = UtcDateTimeField(required=True)
    source = fields.Enum(Source, by_value=True, required=True)
    actor_name = fields.Str(required=True)
    run_id = fields.UUID(required=True, allow_none=True)
    reason = fields.Str(required=True)
    changes = fields.Dict(
        keys=fields.Str(), values=fields.List(fields.Raw(allow_none=True)), required=True
    )


class LabelsSchema(WireSchema):
    """What something is called in both languages."""

    de = fields.Str(required=True, validate=validate.Length(1, 80))
    en = fields.Str(required=True, validate=validate.Length(1, 80))


class AttributeSchema(WireSchema):
    """What may be said of the items of a class beyond the common columns."""

    name = fields.Str(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,47}\Z"))
    type = fields.Str(required=True, validate=validate.OneOf(ATTRIBUTE_TYPES))
    labels = fields.Nested(LabelsSchema, required=True)
    unit = fields.Str(load_default="", validate=validate.Length(max=20))
    is_required = fields.Bool(load_default=False)
    choices = fields.List(
        fields.Str(validate=validate.Length(1, 80)),
        load_default=list,
        validate=validate.Length(max=100),
    )

    @validates_schema
    def _check_choices(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("type") == "choice") != bool(data.get("choices")):
            raise ValidationError("Give choices where the type is choice, nowhere else.", "choices")


class ItemClassSchema(WireSchema):
    """A class of items; `network.switch` has the attributes of `network` too."""

    name = fields.Str(required=True)
    labels = fields.Nested(LabelsSchema, required=True)
    icon = fields.Str(required=True)
    is_shipped = fields.Bool(required=True)
    attributes = fields.List(fields.Nested(AttributeSchema), required=True)


class NewItemClassSchema(WireSchema):
    """A class to be added; the class above it must be there."""

    name = fields.Str(required=True, validate=validate.Regexp(CLASS_NAME))
    labels = fields.Nested(LabelsSchema, required=True)
    icon = fields.Str(load_default="box", validate=validate.Regexp(r"^[a-z0-9-]{1,40}\Z"))
