"""Forms of the room, one per act; `save()` calls the service."""
