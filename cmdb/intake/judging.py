"""By which state of the device rules a device was judged."""


def judgement_mark() -> str:
    """Return what changes with the rules by which devices are judged."""
    # Loaded with the first document, not when a server starts.
    from discovery.knowledge import knowledge_mark

    return knowledge_mark()
