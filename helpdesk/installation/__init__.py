"""What holds for the whole installation and is set in the browser, and the steps of setting it up."""
