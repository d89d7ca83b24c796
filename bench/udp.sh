#!/usr/bin/env bash
# Measures the LwM2M server over UDP from outside: register (alone and with an observation), update, CON and NON notify, read, echo, memory.
#   bench/udp.sh [--tools DIR] [--n 5000] [--many 50000] [--window 64] [--rounds 5] [--secs 6] [--rate 40000] [--memory 100000]
#                [--sustain 0] [--port 5683] [--out FILE] [-- SERVER OPTIONS]
# One JSON line a phase goes to FILE, medians are printed at the end. --sustain 10 adds ten minutes of updates at full rate.
# The loader in C is outside the repository: --tools names its folder. Needs gcc, libssl-dev, python3 and root (the loader binds to lo).
set -euo pipefail
here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
tools=$here/../../shared/tools n=5000 many=50000 window=64 rounds=5 secs=6 rate=40000 memory=100000 sustain=0 port=5683 out=
while [ $# -gt 0 ]; do
    case $1 in
        --tools) tools=$2 ;; --n) n=$2 ;; --many) many=$2 ;; --window) window=$2 ;; --rounds) rounds=$2 ;; --secs) secs=$2 ;; --rate) rate=$2 ;;
        --memory) memory=$2 ;; --sustain) sustain=$2 ;; --port) port=$2 ;; --out) out=$2 ;;
        --) shift; break ;;
        *) echo "unknown option $1" >&2; exit 2 ;;
    esac
    shift 2
done

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
out=${out:-$work/out.jsonl}
: > "$out"
gcc -O2 -Wall -Wno-misleading-indentation -o "$work/lwload" "$tools/lwload/lwload.c" -lssl -lcrypto
dotnet build -c Release -v q --nologo "$here/Starling.Load" >&2
program=$here/Starling.Load/bin/Release/net10.0/Starling.Load.dll
path=/3303/0/5700

mkfifo "$work/in"
printf '#!/bin/sh\necho "$1" > %s/in\n' "$work" > "$work/tell"
chmod +x "$work/tell"

start() {   # SERVER OPTIONS
    dotnet "$program" lwm2m --bind "127.0.0.1:$port" "$@" <> "$work/in" > "$work/server.log" &
    server=$!
    until grep -q ready "$work/server.log"; do kill -0 "$server"; sleep 0.1; done
}

stop() {
    kill "$server"
    wait "$server" || true
    server=
    grep -v ready "$work/server.log" >> "$out"
}

# load TAG DEVICES PHASES...: every run speaks from a port of its own: the loader's first message ids are random, and one that the server has seen
# from the same address within EXCHANGE_LIFETIME (RFC 7252 §4.8.2) is a duplicate, answered with the old answer.
runs=0
load() {
    local tag=$1 devices=$2
    shift 2
    runs=$((runs + 1))
    "$work/lwload" --target "127.0.0.1:$port" --server-pid "$server" --window "$window" --tag "$tag" --n "$devices" --sport $((20000 + runs)) "$@" \
        >> "$out" 2> "$work/load.log" || { cat "$work/load.log" >&2; exit 1; }
}

echo "registering, updating, echoing" >&2
start "$@"
for r in 1 2 3; do load "warm-$r" "$many" register update:2 echo:2 deregister; done
for r in $(seq "$rounds"); do load "many-$r" "$many" register deregister; done
for r in $(seq "$rounds"); do load "few-$r" "$n" register update:"$secs" send:"$secs" echo:"$secs" deregister; done
stop

echo "observing, notifying, reading" >&2
start --observe $path "$@"
for r in 1 2 3; do
    load "warm-$r" "$many" register obswait:10 notify:2 "hook:$work/tell 'read $window 2 $path'" serve:3 deregister
done
for r in $(seq "$rounds"); do load "observed-$r" "$many" register obswait:10 deregister; done
for r in $(seq "$rounds"); do
    load "talk-$r" "$n" register obswait:10 notify:"$secs" "hook:$work/tell stats" notifynon:"$secs":"$rate" wait:1 "hook:$work/tell stats" \
        "hook:$work/tell 'read $window $secs $path'" serve:$((secs + 1)) deregister
done
sleep 1
stop

if [ "$memory" -gt 0 ]; then
    for observe in "" "--observe $path"; do
        echo "memory of $memory devices $observe" >&2
        # shellcheck disable=SC2086
        start $observe "$@"
        load warm-1 1000 register obswait:2 deregister
        sleep 1; echo gc > "$work/in"; sleep 3
        load memory-2 "$memory" --lifetime 86400 register obswait:60
        sleep 1; echo gc > "$work/in"; sleep 5
        stop
    done
fi

if [ "$sustain" -gt 0 ]; then
    echo "$sustain minutes of updates" >&2
    start "$@"
    phases=()
    for _ in $(seq "$sustain"); do phases+=(update:60); done
    load sustain-1 "$n" register "${phases[@]}" deregister
    stop
fi
python3 "$here/medians.py" "$out"
