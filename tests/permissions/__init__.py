"""Who may open which address: the table, and a world in which every address leads somewhere."""
