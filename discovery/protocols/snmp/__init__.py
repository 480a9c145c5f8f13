"""SNMP: one client protocol, two engines that pass the same contract tests.

`client` says what an SNMP client is and how it walks; `gufo` and `pysnmp` put single requests on
the wire; `engines` chooses between them. Values are plain Python, OIDs dotted text.
"""
