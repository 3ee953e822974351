"""What can be done in this room, one module per act."""
