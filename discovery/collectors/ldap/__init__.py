"""Computers, accounts and groups of a directory, as documents with the few attributes we keep.

`collector` looks at a server, `inventory` turns entries into documents (LDIF files use it too),
`membership` finds who is privileged, `rules` judges accounts, `decoders` reads the values.
"""
