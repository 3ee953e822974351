"""What is done with auditors, their qualifications and their engagements."""
