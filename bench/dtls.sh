#!/usr/bin/env bash
# Measures the LwM2M server over DTLS 1.2 with pre-shared keys (TLS_PSK_WITH_AES_128_CCM_8) from outside: handshakes, Register, Update, Send, and the same
# echo with and without DTLS in the same run. The clients are OpenSSL's. Then the memory of devices with session, connection id, registration and one
# observation; their clients are our own, because OpenSSL has no connection ids (RFC 9146).
#   bench/dtls.sh [--tools DIR] [--n 3000] [--window 64] [--rounds 5] [--secs 6] [--memory 100000] [--port 15684] [--out FILE] [-- SERVER OPTIONS]
# One JSON line a phase goes to FILE, medians are printed at the end. The loader in C is outside the repository: --tools names its folder. With --rounds 0
# only the memory is measured, without the loader. Else it needs gcc, libssl-dev, python3 and root (the loader binds to lo).
set -euo pipefail
here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
tools=$here/../../shared/tools n=3000 window=64 rounds=5 secs=6 memory=100000 port=15684 out=
while [ $# -gt 0 ]; do
    case $1 in
        --tools) tools=$2 ;; --n) n=$2 ;; --window) window=$2 ;; --rounds) rounds=$2 ;; --secs) secs=$2 ;; --memory) memory=$2 ;; --port) port=$2 ;; --out) out=$2 ;;
        --) shift; break ;;
        *) echo "unknown option $1" >&2; exit 2 ;;
    esac
    shift 2
done

work=$(mktemp -d)
servers=()
trap 'for s in "${servers[@]}"; do kill "$s" 2>/dev/null || true; done; rm -rf "$work"' EXIT
out=${out:-$work/out.jsonl}
: > "$out"
[ "$rounds" = 0 ] || gcc -O2 -Wall -Wno-misleading-indentation -o "$work/lwload" "$tools/lwload/lwload.c" -lssl -lcrypto
dotnet build -c Release -v q --nologo "$here/Starling.Load" >&2
key=30313233343536373839616263646566

input=/dev/null
program=$here/Starling.Load/bin/Release/net10.0/Starling.Load.dll
start() {   # PORT OPTIONS: the server's process id is in $server, what it reads comes from $input
    local port=$1
    shift
    dotnet "$program" lwm2m --bind "127.0.0.1:$port" "$@" <> "$input" > "$work/$port.log" &
    server=$!
    servers+=("$server")
    until grep -qs ready "$work/$port.log"; do kill -0 "$server"; sleep 0.1; done
}

runs=0
load() {   # TAG SERVER PORT PHASES...: every run speaks from a port of its own, because a message id that was seen is a duplicate
    local tag=$1 server=$2 port=$3
    shift 3
    runs=$((runs + 1))
    "$work/lwload" --target "127.0.0.1:$port" --server-pid "$server" --window "$window" --tag "$tag" --n "$n" --sport $((20000 + runs)) "$@" \
        >> "$out" 2> "$work/load.log" || { cat "$work/load.log" >&2; exit 1; }
}

if [ "$rounds" -gt 0 ]; then
    start "$port" --dtls --psk $key --no-events "$@"
    secured=$server
    start $((port + 1)) --no-events "$@"
    plain=$server
    for r in 1 2 3; do
        load "warm-$r" "$secured" "$port" --dtls --psk $key handshake register update:3 send:2 echo:2 deregister
        load "warm-$r" "$plain" $((port + 1)) register update:2 echo:2 deregister
    done
    for r in $(seq "$rounds"); do
        load "dtls-$r" "$secured" "$port" --dtls --psk $key handshake register update:"$secs" send:"$secs" echo:"$secs" deregister
        load "plain-$r" "$plain" $((port + 1)) register echo:"$secs" deregister
    done
fi

fleet() {   # FIRST N: devices that register and are observed; then the server collects its garbage and says what is left
    dotnet "$program" fleet --target "127.0.0.1:$((port + 2))" --psk $key --window "$window" --first "$1" --n "$2" --observed >> "$out"
    sleep 3
    echo gc > "$input"
    sleep 5
}

if [ "$memory" -gt 0 ]; then
    echo "memory of $memory devices" >&2
    input=$work/in
    mkfifo "$input"
    start $((port + 2)) --dtls --psk $key --observe /3303/0/5700 "$@"
    fleet 0 1000
    fleet 1000 "$memory"
    echo stats > "$input"
    sleep 1
    grep -v ready "$work/$((port + 2)).log" >> "$out"
fi
python3 - "$out" <<'END'
import collections, json, statistics, sys
phases = collections.defaultdict(list)
lines = [json.loads(line) for line in open(sys.argv[1])]
for line in (l for l in lines if "srvCpuUsPerOp" in l):
    run = line["tag"].split("-")[0]
    if run != "warm" and line["phase"] != "deregister":
        phases[run, line["phase"]].append(line)
print(f"{'what':24}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}{'server us':>11}{'other CPU %':>13}")
for (run, phase), runs in phases.items():
    median = lambda name: statistics.median(l[name] for l in runs)
    print(f"{run + ' ' + phase:24}{median('rate'):10.0f}{median('p50ms'):9.2f}{median('p99ms'):9.2f}{median('srvCpuUsPerOp'):11.1f}{median('otherCpuPct'):13.0f}")
collected = [l for l in lines if l["tag"] == "gc"]
if len(collected) == 2:
    few, many = collected
    for what, name in ("resident", "rss"), ("live objects", "heap"):
        print(f"{what}: {(many[name] - few[name]) / (many['devices'] - few['devices']):.0f} bytes a device, {many['devices']} devices")
END
