#!/bin/sh
# Brings the two environments up to their locked requirements. Usage: environments.sh helpdesk|dev|bot …
#
#   helpdesk   .venv      Python 3.12 or newer   requirements.txt
#   dev        .venv      the same, with what tests and checks need (requirements-dev.txt)
#   bot        bot/.venv  Python 3.10            bot/requirements.txt
#
# Quick when nothing is to do: a stamp in each environment holds the checksum of what it was made from.
# Everything said goes to standard error, because `staffel`'s bulk commands write data to standard output.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
lock=$root/.tmp/setup.lock
logs=$root/.tmp/log

say() { printf 'staffel: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# --- what each environment is made of ---------------------------------------------------------------------------

folder_of() { case $1 in bot) echo "$root/bot/.venv" ;; *) echo "$root/.venv" ;; esac; }

requirements_of() {
    case $1 in
        helpdesk) echo "$root/requirements.txt" ;;
        dev) echo "$root/requirements-dev.txt" ;;
        bot) echo "$root/bot/requirements.txt" ;;
        *) fail "There is no environment called '$1'; there are helpdesk, dev and bot." ;;
    esac
}

checksum_of() { cksum <"$(requirements_of "$1")"; }

is_ready() {
    env=$(folder_of "$1")
    [ -x "$env/bin/python" ] && [ "$(cat "$env/staffel-$1" 2>/dev/null)" = "$(checksum_of "$1")" ]
}

# --- one set-up at a time ---------------------------------------------------------------------------------------

release() { rm -rf "$lock"; }

take_lock() {
    mkdir -p "$root/.tmp" || fail "The folder $root can not be written to; Staffel sets itself up inside it."
    waited=0
    until mkdir "$lock" 2>/dev/null; do
        owner=$(cat "$lock/owner" 2>/dev/null || true)
        if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
            # Moved away first: of two that see the dead owner only one gets to remove the lock.
            mv "$lock" "$lock.$$" 2>/dev/null && rm -rf "$lock.$$"
            continue
        fi
        [ "$waited" -gt 0 ] || say "Another set-up is running (process ${owner:-unknown}); waiting for it to finish."
        waited=$((waited + 1))
        [ "$waited" -le 1800 ] || fail "The other set-up has not finished in 30 minutes. If it is gone, remove $lock."
        sleep 1
    done
    trap release EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    echo $$ >"$lock/owner"
}

# --- finding a Python -------------------------------------------------------------------------------------------

# A pyenv shim lies on the PATH for every version and fails when it is run, so each candidate has to prove itself.
version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null </dev/null || true; }

candidates() {
    for version in $1; do
        IFS=:
        for folder in $PATH; do
            [ -x "$folder/python$version" ] && echo "$folder/python$version"
        done
        unset IFS
        for folder in "${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}"/versions/"$version".*/bin; do
            [ -x "$folder/python" ] && echo "$folder/python"
        done
    done
    IFS=:
    for folder in $PATH; do
        for name in python3 python; do
            [ -x "$folder/$name" ] && echo "$folder/$name"
        done
    done
    unset IFS
}

# The first interpreter whose version is among the wanted ones ("3.12 3.13 3.14"); nothing when there is none.
find_python() {
    candidates "$1" | while IFS= read -r candidate; do
        found=$(version_of "$candidate")
        case " $1 " in *" ${found:-none} "*) printf '%s\n' "$candidate"; break ;; esac
    done
}

any_python() { find_python "3.12 3.13 3.14 3.11 3.10 3.9 3.8"; }

# --- long steps -------------------------------------------------------------------------------------------------

# step LABEL COMMAND…: shows progress, keeps a log, and says in one sentence what to do when it fails.
step() {
    label=$1
    shift
    mkdir -p "$logs"
    if [ -n "${helper:-}" ]; then
        "$helper" "$root/setup/step.py" "$label" "$logs" "$@"
    else
        say "$label …"
        "$@" >&2 || fail "$label did not work; the lines above say why. Without a network, install Python 3.12 and 3.10 by hand and try again."
    fi
}

# --- uv, which installs everything else -------------------------------------------------------------------------

works() { "$1" --version >/dev/null 2>&1 </dev/null; }

find_uv() {
    if works uv; then uv=uv; return; fi
    uv=$root/.uv/bin/uv
    if works "$uv" && [ "$(cat "$root/.uv/staffel-uv" 2>/dev/null)" = "$(cksum <"$root/setup/uv.txt")" ]; then return; fi
    [ -n "$helper" ] || fail "Staffel needs Python 3.12 or newer, or uv, to set itself up, and neither is on this machine. Install one of them (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install uv) and run the command again."
    rm -rf "$root/.uv"
    step "Preparing the installer" "$helper" -m venv "$root/.uv" || exit 1
    step "Installing the installer" "$root/.uv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$root/setup/uv.txt" || exit 1
    cksum <"$root/setup/uv.txt" >"$root/.uv/staffel-uv"
}

# --- making an environment --------------------------------------------------------------------------------------

# Sets $python. uv looks where we did not (its own installations) and fetches a Python when there is none.
choose_python() {
    python=$(find_python "$1")
    [ -n "$python" ] || python=$("$uv" python find --no-project --no-python-downloads "${1%% *}" 2>/dev/null || true)
    [ -n "$python" ] && return
    step "Fetching Python ${1%% *}" "$uv" python install "${1%% *}" || exit 1
    python=$("$uv" python find --no-project --no-python-downloads "${1%% *}")
}

make_environment() {
    env=$(folder_of "$1")
    if ! works "$env/bin/python"; then
        case $1 in bot) wanted="3.10" ;; *) wanted="3.12 3.13 3.14" ;; esac
        choose_python "$wanted"
        step "Making the environment of $2 (Python $(version_of "$python"))" "$uv" venv --quiet --clear --python "$python" "$env" || exit 1
    fi
    helper=$env/bin/python
    rm -f "$env"/staffel-*
    step "Installing the libraries of $2" "$uv" pip sync --python "$env/bin/python" --require-hashes "$(requirements_of "$1")" || exit 1
    if [ "$1" = bot ]; then
        # Lets a plain `rasa` in this environment begin as bot/rasa does.
        (cd "$root" && "$env/bin/python" -m bot.startup)
    fi
    checksum_of "$1" >"$env/staffel-$1"
    [ "$1" != dev ] || checksum_of helpdesk >"$env/staffel-helpdesk"
}

set_up() {
    kind=$1
    # Whoever has the tools for tests keeps them when only the requirements have changed.
    [ "$kind" != helpdesk ] || [ ! -e "$root/.venv/staffel-dev" ] || kind=dev
    case $kind in
        helpdesk) make_environment helpdesk "helpdesk" ;;
        dev) make_environment dev "helpdesk and its tests" ;;
        bot) make_environment bot "the bot" ;;
    esac
}

[ "$#" -gt 0 ] || fail "Say which environment: helpdesk, dev or bot."
for environment in "$@"; do
    [ -r "$(requirements_of "$environment")" ] || fail "$(requirements_of "$environment") is missing; the clone is not complete."
    is_ready "$environment" && continue
    [ -e "$lock/owner" ] && [ "$(cat "$lock/owner")" = $$ ] || take_lock
    is_ready "$environment" && continue
    [ -n "${uv:-}" ] || { helper=$(any_python); find_uv; }
    set_up "$environment"
done
