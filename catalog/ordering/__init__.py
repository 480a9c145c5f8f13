"""How a partner asks for a service: orders, their approvals and every step on the way.

One state machine (`rules.MOVES`) decides what may happen next. What lasts after the delivery is a
subscription and lives in `subscriptions`; what is offered, and at what price, in `offers`.
"""
