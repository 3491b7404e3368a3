#!/bin/sh
# Builds the image where no registry of images can be reached: buildah, on a Debian that debootstrap makes, with the
# interpreters, the installer and the model of this clone (after `make setup train`). Elsewhere `docker build` does.
#
#   deploy/image.sh FOLDER          everything is kept in FOLDER
#   deploy/image.sh FOLDER probe    could it? If not, says in one sentence what is missing, and ends with 3
#   deploy/image.sh FOLDER remove   takes it away again
#
# Prints what each step took, the image's size, and at the end the folder in which its files are to be seen.
set -eu

folder=${1:?"Usage: deploy/image.sh FOLDER [probe|remove]"}
mkdir -p "$folder"
folder=$(CDPATH='' cd -- "$folder" && pwd -P)
cd "$(dirname -- "$0")/.."

SUITE=bookworm
BASE=localhost/debian:$SUITE-slim
IMPOSSIBLE=3
export BUILDAH_ISOLATION=chroot

fail() { printf 'image: %s\n' "$*" >&2; exit 1; }

# --- can it be built here? -------------------------------------------------------------------------------------------

lacks() { echo "$*"; exit "$IMPOSSIBLE"; }

# tried COMMAND…: whether it works; else $why is the last line that it printed.
tried() { why=$("$@" 2>&1 </dev/null) || { why=$(printf '%s\n' "$why" | tail -n 1); return 1; }; }

# Mounts as buildah and the tests make them, in a namespace of their own.
mount_within() {
    unshare --mount sh -ec '
        mount --make-rprivate /
        mount --types tmpfs tmpfs "$1"
        mkdir "$1/root" "$1/lower" "$1/upper" "$1/work"
        mount --bind / "$1/root"
        mount --types proc proc "$1/root/proc"
        mknod "$1/null" c 1 3
        chroot "$1/root" true
        [ "$2" = vfs ] || mount --types overlay --options "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" overlay "$1/lower"
    ' mounts "$folder/probe" "$1"
}

probe() {
    [ "$(id -u)" -eq 0 ] || lacks "debootstrap needs root, and this is another user."
    for program in buildah debootstrap git unshare setpriv wget; do
        command -v "$program" >/dev/null || lacks "$program is not on this machine (Debian: apt install $program)."
    done
    mkdir -p "$folder/probe"
    tried mount_within vfs || lacks "mounts, devices or chroot are not allowed on this machine ($why)."
    # The mirror and the program that debootstrap itself uses.
    mirror=$(sed -n 's/^DEF_MIRROR="\(.*\)"$/\1/p' "$(command -v debootstrap)")
    tried wget --no-verbose --tries=2 --timeout=30 --output-document=/dev/null "$mirror/dists/$SUITE/InRelease" ||
        lacks "debootstrap reaches no mirror of Debian ($why)."
    rm -rf "$folder/probe"
}

# Layers that are mounted over each other, where the machine can; otherwise whole copies, which take three times as long.
driver() {
    mkdir -p "$folder/probe"
    if tried mount_within overlay; then echo overlay; else echo vfs; fi
    rm -rf "$folder/probe"
}

if [ "${2:-}" = probe ]; then
    probe
    exit
fi

[ "$(id -u)" -eq 0 ] || fail "debootstrap needs root."
for program in buildah debootstrap git; do
    command -v "$program" >/dev/null || fail "$program is not on this machine (Debian: apt install $program)."
done
DRIVER=${STORAGE_DRIVER:-$(driver)}
store() { buildah --root "$folder/storage" --runroot "$folder/run" --storage-driver "$DRIVER" "$@"; }

if [ "${2:-}" = remove ]; then
    store umount --all >/dev/null
    store rm --all >/dev/null
    store rmi --all --force >/dev/null
    umount "$folder/storage/$DRIVER" 2>/dev/null || true
    rm -rf "$folder"
    exit
fi
[ -e models/staffel.tar.gz ] && [ -x bot/.venv/bin/python ] || fail "Run first: make setup train"

began=$(date +%s)
tell() {
    now=$(date +%s)
    printf 'image: %s (%s s)\n' "$1" "$((now - began))"
    began=$now
}

# --- the base: what Containerfile would install on it is in it already, so that it finds nothing to fetch -------------

make_base() {
    container=$(store from scratch)
    base=$(store mount "$container")
    # As in the images that Debian makes: a power failure costs a build and nothing else.
    mkdir -p "$base/etc/dpkg/dpkg.cfg.d"
    echo force-unsafe-io >"$base/etc/dpkg/dpkg.cfg.d/speed"
    packages=$(paste -s -d, deploy/image/packages.txt)
    debootstrap --force-check-gpg --variant=minbase --include="$packages" "$SUITE" "$base" >"$folder/debootstrap.log" ||
        fail "debootstrap did not work; $folder/debootstrap.log says why."
    rm -rf "$base"/var/cache/apt/* "$base"/var/lib/apt/lists/* "$base"/dev/*
    store umount "$container" >/dev/null
    store commit --quiet --rm "$container" "$BASE" >/dev/null
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
store bud --format docker --build-arg BASE="$BASE" --pull-never --volume "$(cache):/var/cache/uv" \
    --volume /etc/ssl/certs:/etc/ssl/certs:ro --tag staffel "$folder/context" >"$folder/build.log" 2>&1 || {
    tail -n 40 "$folder/build.log" >&2
    fail "the build did not work; $folder/build.log says why."
}
rm -rf "$folder/context"
sed -n 's/^build: /image:   /p' "$folder/build.log"
tell "image built"
container=$(store from --pull-never staffel)
root=$(store mount "$container")
printf 'image: %s MB, %s\n' "$(du -sm "$root" | cut -f1)" "$(store images --format '{{.Size}}' staffel)"
ln -sfn "$root" "$folder/root"
echo "image: its files are in $folder/root"
