"""`python -m helpdesk.host.cli`, which is what `./staffel` runs."""

from helpdesk.host.cli import main

main()
