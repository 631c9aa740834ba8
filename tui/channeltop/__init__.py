"""The terminal monitor: what channeld does, why it waits, and what needs a person.

Data flows one way. `connection` owns the socket and hands on events; `fold` turns them into the `model`;
screens hand parts of the model to widgets, and widgets send messages up.
"""
