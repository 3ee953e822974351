"""The ground every page stands on: templates, stylesheet, drawings; no models."""
