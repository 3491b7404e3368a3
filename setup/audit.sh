#!/bin/sh
# Installs what asks the advisory services (audit.txt), apart from the environments, into .tmp/audit.
set -eu

cd "$(dirname -- "$0")/.."
checksum=$(cksum <setup/audit.txt)
[ "$(cat .tmp/audit/staffel 2>/dev/null)" != "$checksum" ] || exit 0
uv=uv
uv --version >/dev/null 2>&1 || uv=.uv/bin/uv
"$uv" venv --quiet --clear --python .venv/bin/python .tmp/audit
"$uv" pip sync --quiet --python .tmp/audit/bin/python --require-hashes setup/audit.txt || {
    echo "audit: pip-audit, which asks the advisory services, can't be fetched here. Run \`make audit\` of this commit on a machine" >&2
    echo "audit: that reaches PyPI and npm, before it is released." >&2
    exit 1
}
echo "$checksum" >.tmp/audit/staffel
