#!/bin/sh
# Runs the tests that need a kernel with GPIO, in a virtual machine: tests/hardware/bed.sh [WORDS FOR PYTEST]
# Where what they need can't be had it says so and passes.
set -eu
cd "$(dirname "$0")/../.."
export PATH="$PATH:/usr/sbin:/sbin"

main() {
    config/setup.sh hardware || skip "the packages of \`config/setup.sh hardware\` can't be had"
    HARDWARE_IMAGE=$(tests/hardware/image.sh) || case $? in
    75) skip "$HARDWARE_IMAGE" ;;
    *) exit 1 ;;
    esac
    export HARDWARE_IMAGE
    exec .venv/bin/python -m pytest -m hardware "$@" tests/hardware
}

skip() {
    echo "hardware bed skipped: $1"
    exit 0
}

main "$@"
