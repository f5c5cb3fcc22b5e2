#!/bin/sh
# Installs what `make run`, `make test`, `make test-hardware` or `make bench` needs, and says each step in one line.
# The Makefile calls it once, behind stamps: config/setup.sh run|test|hardware|bench|bench-python
set -eu
cd "$(dirname "$0")/.."

# Debian packages; after = stands the program that makes a package unnecessary, wherever it came from.
RUN="python3-venv python3-dev gcc=gcc libc6-dev libasound2-dev libopus0 libspeexdsp1 alsa-utils=arecord"
TEST="systemd=systemd-analyze iproute2=ip espeak-ng=espeak-ng coturn=turnserver strace=strace picocom=picocom"
BROWSER="chromium=chromium nodejs=node npm=npm"
BENCH="baresip-core=baresip"
HARDWARE="qemu-system-x86=qemu-system-x86_64 mmdebstrap=mmdebstrap fakeroot=fakeroot e2fsprogs=mke2fs debian-archive-keyring"

main() {
    case "$1" in
    run)
        packages $RUN
        localhost
        suitable_python
        python_packages
        ;;
    test)
        without_service coturn turnserver
        if has_memory_for_chromium; then
            packages $TEST $BROWSER
            step "Installing npm packages of tests/browser" npm_ci
        else
            packages $TEST
            say "NO BROWSER TESTS on this machine: they need 2 GB of memory"
        fi
        locked_packages tests/requirements.txt
        ;;
    hardware)
        packages $HARDWARE
        ;;
    bench)
        packages $BENCH
        ;;
    bench-python)
        locked_packages bench/requirements.txt
        ;;
    esac
}

packages() {
    missing=$(missing_of "$@")
    if [ -z "$missing" ]; then
        return
    elif ! command -v apt-get >/dev/null; then
        say "No apt-get here; going on without looking for the equivalents of $missing"
    elif may_act_as_root; then
        step "Installing system packages: $missing" apt_install $missing
    else
        stop "System packages are missing. Run this, then make again:
sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing"
    fi
}

missing_of() {
    for need in "$@"; do
        case "$need" in
        *=*) command -v "${need#*=}" >/dev/null || echo "${need%%=*}" ;;
        *) dpkg-query -W -f '${db:Status-Status}' "$need" 2>/dev/null | grep -qx installed || echo "$need" ;;
        esac
    done | xargs
}

apt_install() {
    apt="as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3"
    $apt update || true # an old list often does
    $apt install -y --no-install-recommends "$@"
}

without_service() { # Debian would start it with its package; here the tests that need one start their own
    if ! command -v "$2" >/dev/null && command -v systemctl >/dev/null && may_act_as_root; then
        as_root systemctl -q mask "$1"
    fi
}

may_act_as_root() {
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

localhost() { # a bare root from debootstrap does not know the name
    getent hosts localhost >/dev/null ||
        step "Adding localhost to /etc/hosts" as_root sh -c 'echo "127.0.0.1 localhost" >>/etc/hosts'
}

suitable_python() {
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) or sys.maxsize < 2**32)' ||
        stop "python3 is $(python3 -V 2>&1), but 64-bit Python 3.11 or newer is needed: Debian 12 has it, so has Raspberry Pi OS (64-bit)"
}

python_packages() {
    .venv/bin/python -c '' 2>/dev/null || step "Making .venv" python3 -m venv --clear .venv
    .venv/bin/uv --version >/dev/null 2>&1 ||
        step "Installing uv" .venv/bin/python -m pip install --require-hashes -r config/setup.txt
    locked_packages requirements.txt
    step "Installing intercom itself" uv_install --no-deps -e .
}

locked_packages() {
    step "Installing Python packages of $1" uv_install --require-hashes -r "$1"
}

uv_install() {
    .venv/bin/uv pip install --python .venv/bin/python --build-constraints config/setup.txt "$@"
}

has_memory_for_chromium() {
    [ "${CI:-}" = true ] || [ $(($(getconf _PHYS_PAGES) * $(getconf PAGE_SIZE))) -ge 2147483648 ]
}

npm_ci() (
    cd tests/browser
    npm ci --ignore-scripts --no-audit --no-fund
)

NAME=set-up
. config/say.sh
main "$@"
