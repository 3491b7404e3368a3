#!/bin/sh
# Inside the image's build: both environments, the model, and everything compiled, because nothing can be written later.
# The folder .brought may hold interpreters as pyenv keeps them (versions/3.12.x/bin/python) and bin/uv; what is missing is
# fetched. What only the build needs is gone again at its end: all of it is one layer.
set -eu

cd "$(dirname -- "$0")/../.."
began=$(date +%s)
tell() {
    now=$(date +%s)
    printf 'build: %s (%s s)\n' "$1" "$((now - began))"
    began=$now
}

mkdir -p "$PYENV_ROOT/versions"
[ ! -d .brought ] || mv .brought/versions/* "$PYENV_ROOT/versions/"
# Interpreters that were built for another folder find their library through the system's list.
printf '%s\n' "$PYENV_ROOT"/versions/*/lib >/etc/ld.so.conf.d/python.conf
ldconfig
export PATH="$PWD/.brought/bin:$PATH"
fetched=
if ! command -v uv >/dev/null; then
    fetched="python3 python3-venv"
    apt-get update
    # shellcheck disable=SC2086 # a list
    apt-get install --yes --no-install-recommends $fetched
fi

# A file that is compiled here counts whatever its date is in the image; all are compiled below, and once.
export UV_CACHE_DIR=/var/cache/uv UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 PYTHONDONTWRITEBYTECODE=1
sh setup/environments.sh helpdesk bot
tell "environments made"

compile() { "$1" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$2" || true; }
# The libraries' own tests are a tenth of them.
find .venv/lib bot/.venv/lib -type d -name tests -path '*/site-packages/*' -prune -exec rm -rf {} +
for python in "$PYENV_ROOT"/versions/*/bin/python; do
    library=$("$python" -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
    rm -rf "$library"/test "$library"/idlelib "$library"/ensurepip "$library"/config-* "$library"/site-packages/*
    find "${library%/*}" -name '*.a' -delete
    compile "$python" "$library"
done
for folder in .venv/lib actions connectors helpdesk i18n identifiers knowledge store tracing bot_protocol; do
    compile .venv/bin/python "$folder"
done
for folder in bot/.venv/lib bot bot_protocol identifiers tracing actions/custom; do
    compile bot/.venv/bin/python "$folder"
done
tell "compiled"

STAFFEL_HOME=/tmp/staffel ./staffel train
tell "trained, or found trained"

# shellcheck disable=SC2086 # a list
[ -z "$fetched" ] || apt-get purge --yes --auto-remove $fetched
rm -rf .brought .uv .tmp .rasa /tmp/staffel "${HOME:?}/.cache" /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
mkdir --mode=0700 /var/lib/staffel
chown 10001:10001 /var/lib/staffel
