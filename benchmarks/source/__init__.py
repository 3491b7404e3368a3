"""Our own source code as data: read from git, parsed, counted. What is measured is never imported."""
