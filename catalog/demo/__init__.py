"""The demonstration: real names, invented operations, and a simulator that answers for the devices.

Nothing here is special to the product: everything is made by the commands that people use.
"""
