"""The ground every page stands on: templates, stylesheet, drawings and small page machinery, without models."""
