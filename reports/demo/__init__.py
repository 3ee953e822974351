"""The demo scheme: invented people, factories and audits, made through the services."""
