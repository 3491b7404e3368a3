#!/bin/sh
# Builds the image where no registry of images can be reached: buildah, on a Debian that debootstrap makes, with the
# interpreters, the installer and the model of this clone (after `make setup train`). Elsewhere `docker build` does.
#
#   deploy/image.sh FOLDER          everything is kept in FOLDER
#   deploy/image.sh FOLDER remove   takes it away again
#
# Prints what each step took, the image's size, and at the end the folder in which its files are to be seen.
set -eu

folder=${1:?"Usage: deploy/image.sh FOLDER [remove]"}
mkdir -p "$folder"
folder=$(CDPATH='' cd -- "$folder" && pwd -P)
cd "$(dirname -- "$0")/.."

SUITE=bookworm
BASE=localhost/debian:$SUITE-slim
DRIVER=${STORAGE_DRIVER:-overlay}
export BUILDAH_ISOLATION=chroot

store() { buildah --root "$folder/storage" --runroot "$folder/run" --storage-driver "$DRIVER" "$@"; }
fail() { printf 'image: %s\n' "$*" >&2; exit 1; }

began=$(date +%s)
tell() {
    now=$(date +%s)
    printf 'image: %s (%s s)\n' "$1" "$((now - began))"
    began=$now
}

for program in buildah debootstrap git; do
    command -v "$program" >/dev/null || fail "$program is not on this machine (Debian: apt install $program)."
done
[ "$(id -u)" -eq 0 ] || fail "debootstrap needs root."
if [ "${2:-}" = remove ]; then
    store umount --all >/dev/null
    store rm --all >/dev/null
    store rmi --all --force >/dev/null
    umount "$folder/storage/$DRIVER" 2>/dev/null || true
    rm -rf "$folder"
    exit
fi
[ -e models/staffel.tar.gz ] && [ -x bot/.venv/bin/python ] || fail "Run first: make setup train"

# --- the base: what Containerfile would install on it is in it already, so that it finds nothing to fetch -------------

make_base() {
    packages=$(sed -n '/^    && apt-get install /,/^    && rm/{s/.*--no-install-recommends//;s/^    && rm.*//;s/\\$//;p}' Containerfile |
        tr -s ' \n' '  ' | sed 's/^ *//; s/ *$//; s/ /,/g')
    # As in the images that Debian makes: a power failure costs a build and nothing else.
    mkdir -p "$folder/base/etc/dpkg/dpkg.cfg.d"
    echo force-unsafe-io >"$folder/base/etc/dpkg/dpkg.cfg.d/speed"
    debootstrap --variant=minbase --include="$packages" "$SUITE" "$folder/base" >"$folder/debootstrap.log" ||
        fail "debootstrap did not work; $folder/debootstrap.log says why."
    rm -rf "$folder"/base/var/cache/apt/* "$folder"/base/dev/*
    container=$(store from scratch)
    store add --quiet "$container" "$folder/base" / >/dev/null
    store commit --quiet --rm "$container" "$BASE" >/dev/null
    rm -rf "$folder/base"
}

# --- what is built from: the files of this clone, and what it has that a network would else bring ---------------------

bring_interpreter() {
    found=$("$1" -c 'import sys; print(sys.base_prefix)')
    [ "$found" != /usr ] || return 0
    tar -C "${found%/*}" -c --exclude=__pycache__ --exclude='*/test' --exclude='*/site-packages/*' --exclude='*.a' "${found##*/}" |
        tar -C "$folder/context/.brought/versions" -x
}

make_context() {
    rm -rf "$folder/context"
    mkdir -p "$folder/context/.brought/versions" "$folder/context/.brought/bin"
    git ls-files -z --cached --others --exclude-standard | tar -c --null --files-from - | tar -C "$folder/context" -x
    cp -r models "$folder/context/models"
    bring_interpreter .venv/bin/python
    bring_interpreter bot/.venv/bin/python
    cp "$(command -v uv || echo .uv/bin/uv)" "$folder/context/.brought/bin/uv"
}

cache() {
    "$folder/context/.brought/bin/uv" cache dir
}

[ -d "$folder/storage" ] && store inspect --type image "$BASE" >/dev/null 2>&1 || make_base
tell "base made"
make_context
tell "context made"
store bud --quiet --format docker --build-arg BASE="$BASE" --pull-never --volume "$(cache):/var/cache/uv" \
    --volume /etc/ssl/certs:/etc/ssl/certs:ro --tag staffel "$folder/context" >"$folder/build.log" 2>&1 || {
    tail -n 40 "$folder/build.log" >&2
    fail "the build did not work; $folder/build.log says why."
}
rm -rf "$folder/context"
tell "image built"
container=$(store from --pull-never staffel)
root=$(store mount "$container")
printf 'image: %s MB, %s\n' "$(du -sm "$root" | cut -f1)" "$(store images --format '{{.Size}}' staffel)"
ln -sfn "$root" "$folder/root"
echo "image: its files are in $folder/root"
