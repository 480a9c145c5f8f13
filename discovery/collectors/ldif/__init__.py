"""Directories exported to LDIF files (RFC 2849), read into the same documents as a server.

For partners whose directory may not be reached from outside, and for trying things out.
"""
