"""Contacts: whom to call at an organisation."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from catalog.access.guards import guarded
from catalog.api.answers import Version, answer, check_content, list_answer, nothing, page_schema
from catalog.api.guard import current_viewer
from catalog.api.repetition import once
from catalog.api.resource import Resource, session, writing
from cmdb.kernel.viewer import Viewer
from cmdb.partners import commands, queries
from cmdb.partners.forms import ContactForm
from cmdb.partners.models import Contact
from schemas.base import WireSchema
from schemas.partners import ContactChangeSchema, ContactSchema, NewContactSchema

resource = Resource("contacts", "Whom to call at an organisation, in which function.")

_WRITTEN = ("name", "function", "email", "phone")


class ContactQuery(WireSchema):
    """Whose contacts to list."""

    partner_id = fields.UUID(required=True)


@resource.get("")
@guarded("partner.read")
@resource.arguments(ContactQuery, location="query")
@resource.response(200, page_schema(ContactSchema))
def list_contacts(query: dict[str, Any]) -> Response:
    """List the contacts of an organisation by name."""
    rows = queries.list_contacts(session(), current_viewer(), query["partner_id"])
    return list_answer(rows, contact_form)


@resource.post("")
@guarded("partner.write")
@resource.arguments(NewContactSchema)
@resource.response(201, ContactSchema)
@resource.repeatable(ContactSchema)
@resource.problems(404)
def create_contact(body: dict[str, Any]) -> Response:
    """Add a contact to an organisation."""
    partner_id = body.pop("partner_id")

    def create(held: Session, viewer: Viewer) -> list[UUID]:
        queries.get_partner(held, viewer, partner_id)
        return [commands.save_contact(held, viewer, partner_id, ContactForm(**body)).id]

    done = once(create)
    return _contact_answer(done.keys[0], done.status)


@resource.get("/<uuid:contact_id>")
@guarded("partner.read")
@resource.response(200, ContactSchema)
@resource.tagged
@resource.problems(404)
def read_contact(contact_id: UUID) -> Response:
    """Read one contact."""
    return _contact_answer(contact_id)


@resource.patch("/<uuid:contact_id>")
@guarded("partner.write")
@resource.arguments(ContactChangeSchema)
@resource.response(200, ContactSchema)
@resource.versioned
def change_contact(body: dict[str, Any], contact_id: UUID) -> Response:
    """Change a contact; what is left out stays."""
    with writing() as held:
        viewer = current_viewer()
        contact = queries.get_contact(held, viewer, contact_id)
        check_content(Version(contact_id), contact_form(contact))
        form = ContactForm(**({name: getattr(contact, name) for name in _WRITTEN} | body))
        owner_id = contact.organisation_id
        commands.save_contact(held, viewer, owner_id, form, contact_id=contact_id)
    return _contact_answer(contact_id)


@resource.delete("/<uuid:contact_id>")
@guarded("partner.write")
@resource.response(204)
@resource.problems(404)
def remove_contact(contact_id: UUID) -> Response:
    """Remove a contact; nothing of the person is kept."""
    with writing() as held:
        viewer = current_viewer()
        queries.get_contact(held, viewer, contact_id)
        commands.remove_contact(held, viewer, contact_id)
    return nothing()


def contact_form(contact: Contact) -> dict[str, Any]:
    """Return a contact in its form on the wire."""
    written = {name: getattr(contact, name) for name in _WRITTEN}
    return {"id": contact.id, "partner_id": contact.organisation_id, **written}


def _contact_answer(contact_id: UUID, status: int = HTTPStatus.OK) -> Response:
    contact = queries.get_contact(session(), current_viewer(), contact_id)
    is_new = status == HTTPStatus.CREATED
    location = url_for("api_contacts.read_contact", contact_id=contact_id) if is_new else ""
    return answer(contact_form(contact), status, location=location, version=Version(contact_id))
