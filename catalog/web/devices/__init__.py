"""Devices: the list with its facets, the export, one item with everything known of it, and forms.

The word of the pages is «device»; in the CMDB it is a configuration item.
"""
