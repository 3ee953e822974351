"""What the benchmark of reports prints, and in which ways; the package itself loads nothing."""
