"""Organisations and what they are to one another, their groups, sites, networks and contacts.

This is the root of tenancy: every row elsewhere that belongs to somebody names an organisation.
People who sign in live in `catalog.access`; here a contact is only somebody to call.
"""
