"""Who may come in and what they may do: people, roles per partner, sessions and API tokens.

Rules turn role assignments into grants; authentication turns a cookie or token into a `Viewer`.
Which rows a viewer sees is decided in `cmdb.kernel.viewer`; cookies, redirects and 401 answers
belong to the edges. Organisations and their contacts live in `cmdb.partners`.
"""
