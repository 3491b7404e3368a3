#!/bin/sh
# Inside the image's build: both environments, the model, and everything compiled, because nothing can be written later.
# The folder .brought may hold interpreters as pyenv keeps them (versions/3.12.x/bin/python) and bin/uv; what is missing is
# fetched.
set -eu

cd "$(dirname -- "$0")/../.."
mkdir -p "$PYENV_ROOT/versions"
[ ! -d .brought ] || mv .brought/versions/* "$PYENV_ROOT/versions/"
# Interpreters that were built for another folder find their library through the system's list.
printf '%s\n' "$PYENV_ROOT"/versions/*/lib >/etc/ld.so.conf.d/python.conf
ldconfig
export PATH="$PWD/.brought/bin:$PATH"
if ! command -v uv >/dev/null; then
    apt-get update
    apt-get install --yes --no-install-recommends python3 python3-venv
fi

# A file that is compiled here counts whatever its date is in the image.
export UV_CACHE_DIR=/var/cache/uv UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 PYC_INVALIDATION_MODE=UNCHECKED_HASH
sh setup/environments.sh helpdesk bot
STAFFEL_HOME=/tmp/staffel ./staffel train

compile() { "$1" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$2" || true; }
for python in "$PYENV_ROOT"/versions/*/bin/python; do
    library=$("$python" -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
    rm -rf "$library"/test "$library"/idlelib "$library"/ensurepip "$library"/config-* "$library"/site-packages/*
    find "${library%/*}" -name '*.a' -delete
    compile "$python" "$library"
done
for folder in actions connectors helpdesk i18n identifiers knowledge store tracing bot_protocol; do
    compile .venv/bin/python "$folder"
done
for folder in bot bot_protocol identifiers tracing actions/custom; do
    compile bot/.venv/bin/python "$folder"
done
rm -rf .brought .uv .tmp .rasa /tmp/staffel
