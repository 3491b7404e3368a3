"""Documents with questions in them: pages, Word, PDF, plain text. Each becomes blocks, and blocks become articles."""
