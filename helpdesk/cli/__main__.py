"""`python -m helpdesk.cli`, which is what `./staffel` runs."""

from helpdesk.cli import main

main()
