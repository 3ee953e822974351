"""An audit as a spreadsheet to be filled in without a network: what it holds and how it is read."""
