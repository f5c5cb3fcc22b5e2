# How set-up and installation speak: a line for each step, what a step printed only when it failed.

step() {
    say "$1"
    shift
    "$@" >"$LOG" 2>&1 </dev/null || { cat "$LOG" >&2; stop "That failed; what it said stands above."; }
}

say() {
    echo "$NAME: $1"
}

stop() {
    echo "$NAME: $1" >&2
    exit 1
}

LOG=$(mktemp)
trap 'rm -f "$LOG"' EXIT
