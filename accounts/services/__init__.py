"""What can be done with people and organisations, one module per family of acts."""
