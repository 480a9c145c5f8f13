"""What is offered: service families, services, released prices and what a service rests on.

The link between a service and its configuration items lives here, because the CMDB does not know
the catalogue. Who orders is in `ordering`, who uses a service in `subscriptions`.
"""
