#!/bin/sh
# Installs what asks the advisory services (audit.txt), apart from the environments, into .tmp/audit.
set -eu

cd "$(dirname -- "$0")/.."
checksum=$(cksum <setup/audit.txt)
[ "$(cat .tmp/audit/staffel 2>/dev/null)" != "$checksum" ] || exit 0
uv=uv
uv --version >/dev/null 2>&1 || uv=.uv/bin/uv
"$uv" venv --quiet --clear --python .venv/bin/python .tmp/audit
"$uv" pip sync --quiet --python .tmp/audit/bin/python --require-hashes setup/audit.txt
echo "$checksum" >.tmp/audit/staffel
