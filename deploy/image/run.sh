#!/bin/sh
# What the image runs:
#
#   helpdesk   helpdesk, on a database that `migrate` has prepared
#   bot        the bot
#   health     is the program of this container well? for health checks; `health bot` in the bot's
#   …          any other word is a command of ./staffel: migrate, agent, doctor, backup …
#
# Of every setting, NAME_FILE may name a file that holds NAME's value.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
fail() { printf 'staffel: %s\n' "$*" >&2; exit 2; }

read_files() {
    for pointer in $(env | sed -n 's/^\(STAFFEL_[A-Z_]*_FILE\)=.*/\1/p; s/^\(PGPASSWORD_FILE\)=.*/\1/p'); do
        setting=${pointer%_FILE}
        eval "file=\$$pointer"
        eval "[ -z \"\${$setting:-}\" ]" || fail "$setting and $pointer are both set; only one of them can hold."
        [ -r "$file" ] || fail "$pointer names $file, which can not be read."
        value=$(cat "$file")
        export "$setting=$value"
        unset "$pointer"
    done
}

read_files
cd "$root"
case ${1:-helpdesk} in
    helpdesk) PYTHONPATH=$root exec .venv/bin/python -P -m helpdesk.server ;;
    bot) exec bot/rasa run ;;
    health) exec .venv/bin/python -I deploy/image/health.py "${2:-helpdesk}" ;;
    *) exec ./staffel "$@" ;;
esac
