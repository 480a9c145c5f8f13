"""The SNMP collector: one module per question that is put to a device.

`collector` leads through one look; `access` finds the credential that opens; `system`,
`interfaces`, `components`, `addresses`, `neighbours` and `host` each read one section of the
document and know the MIB behind it; `values` and `tables` turn what came into plain JSON.
"""
