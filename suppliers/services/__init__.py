"""What can be done with suppliers, one module per act or family of acts."""
