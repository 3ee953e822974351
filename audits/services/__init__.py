"""What can be done with audits, one module per act or family of acts."""
