"""The SNMP collector: one module per question that is put to a device.

`collector` leads through one look; `access` finds the credential that opens; `inquiry` knows, by
one cheap `survey`, which tables the device has. `system`, `interfaces`, `components`, `addresses`,
`neighbours`, `host`, `software`, `attached`, `printer` and `power` each read one section of the
document and know the MIB behind it; `ports` completes the interfaces by their `vlans`,
`aggregation` and `poe`. Makers' own tables are data: `vendors/*.toml`, read by `vendor_tables`.
`values`, `steps` and `tables` turn what came into plain JSON.
"""
