#!/bin/sh
# Makes the disk that the hardware bed boots, Debian 13 with a kernel that simulates GPIO chips: tests/hardware/image.sh
# It is made once for each recipe (these files and the pinned packages) and kept outside the clone; root is not needed.
# Prints its folder, or what can't be had here (exit code 75), alone on standard output.
set -eu
cd "$(dirname "$0")/../.."

CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/intercom/hardware"
RECIPE="tests/hardware/image.sh tests/hardware/root.sh requirements.txt config/setup.txt"
SUITE=trixie
PACKAGES="systemd-sysv,udev,dbus,kmod,iproute2,linux-image-amd64,initramfs-tools,zstd"
PACKAGES="$PACKAGES,python3,python3-dev,gcc,libc6-dev,libasound2-dev,libopus0,libspeexdsp1"
DRIVERS="usr/lib/modules/*/kernel/drivers"
UNUSED="usr/share/doc usr/share/man usr/share/locale $DRIVERS/gpu $DRIVERS/net $DRIVERS/media $DRIVERS/scsi"
# As apt and uv tell it; all else that fails is this recipe's fault.
NOT_HAD="Failed to (fetch|download)|Unable to fetch|Could not (resolve|connect)|does not have a Release file"

main() {
    image="$CACHE/$(cat $RECIPE | sha256sum | cut -c1-16)"
    if [ ! -d "$image" ]; then
        mkdir -p "$CACHE"
        work=$(mktemp -d "$CACHE/new.XXXXXX")
        trap 'rm -rf "$work" "$LOG"' EXIT
        make_image 3>&1 >&2
        find "$CACHE" -mindepth 1 -maxdepth 1 ! -name 'new.*' -exec rm -rf {} +
        mv -T "$work" "$image"
    fi
    echo "$image"
}

make_image() {
    [ "$(uname -m)" = x86_64 ] || lacking "it needs an x86-64 machine"
    mirror=$(mirror_of_debian)
    [ "$mirror" ] || lacking "apt knows no mirror of Debian here"
    say "Making the disk of the hardware bed, once; this takes some minutes"
    bootstrap >"$LOG" 2>&1 </dev/null || {
        tail -n 40 "$LOG" >&2
        ! grep -qE "$NOT_HAD" "$LOG" || lacking "Debian's $SUITE, its backports or the Python packages can't be had"
        exit 1
    }
    unpack_kernel
    step "Writing its file system" as_owner_of_all sh -euc 'mkdir root
        tar -C root -xf root.tar
        mke2fs -q -t ext4 -d root disk 3G' sh
    rm -r "$work/root" "$work/root.tar"
}

mirror_of_debian() {
    apt-get --print-uris update 2>/dev/null | sed -n "s|^'\(.*/debian\)/dists/.*|\1|p" | head -n 1
}

bootstrap() (
    options=$(apt-config dump Acquire | grep -E '^Acquire::(Check|Retries|https?)' || true)
    certificates="${SSL_CERT_FILE:-/dev/null}"
    set -f # the patterns are for dpkg
    mmdebstrap --variant=minbase --include="$PACKAGES" --aptopt="$options" $(printf -- '--dpkgopt=path-exclude=/%s/* ' $UNUSED) \
        --setup-hook='printf "Package: linux-*\nPin: release n=*-backports\nPin-Priority: 900\n" >"$1/etc/apt/preferences.d/kernel"' \
        --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/usr/share/initramfs-tools/modules.d"' \
        --essential-hook='echo MODULES=list >"$1/etc/initramfs-tools/conf.d/bed"' \
        --essential-hook='printf "%s\n" virtio_pci virtio_blk ext4 >"$1/usr/share/initramfs-tools/modules.d/bed"' \
        --customize-hook="copy-in .venv/bin/uv requirements.txt config/setup.txt tests/hardware/root.sh $certificates /mnt" \
        --customize-hook='SSL_CERT_FILE=/mnt/'"${certificates##*/}"' chroot "$1" sh -eu /mnt/root.sh' \
        "$SUITE" "$work/root.tar" "deb $mirror $SUITE main" "deb $mirror $SUITE-backports main"
)

unpack_kernel() {
    mkdir "$work/boot"
    tar -C "$work/boot" --strip-components=2 -xf "$work/root.tar" --wildcards './boot/*-*'
    grep -q '^CONFIG_GPIO_SIM=m' "$work"/boot/config-* || lacking "the kernel of $SUITE-backports simulates no GPIO"
    mv "$work"/boot/vmlinuz-* "$work/vmlinuz"
    mv "$work"/boot/initrd.img-* "$work/initrd"
    rm -r "$work/boot"
}

as_owner_of_all() ( # in the new folder
    cd "$work"
    if [ "$(id -u)" = 0 ]; then "$@"; else fakeroot "$@"; fi
)

lacking() {
    echo "$1" >&3
    exit 75
}

NAME=hardware
. config/say.sh
main "$@"
