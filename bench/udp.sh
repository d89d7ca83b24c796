#!/bin/bash
# Measures the LwM2M server over UDP from outside: register (with observation), update, CON and NON notify, read, echo, memory.
# udp.sh [--tools DIR] [--n 5000] [--window 64] [--rounds 5] [--secs 6] [--non-rate 40000] [--memory 100000] [--port 5683] [--out FILE] [-- server options]
# One JSON line a phase, medians at the end. Needs gcc, libssl-dev, root (the loader binds to lo).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../../shared/tools n=5000 window=64 rounds=5 secs=6 rate=40000 memory=100000 port=5683 out=
while [ $# -gt 0 ]; do
  case $1 in
    --tools) tools=$2; shift 2 ;; --n) n=$2; shift 2 ;; --window) window=$2; shift 2 ;; --rounds) rounds=$2; shift 2 ;;
    --secs) secs=$2; shift 2 ;; --non-rate) rate=$2; shift 2 ;; --memory) memory=$2; shift 2 ;; --port) port=$2; shift 2 ;; --out) out=$2; shift 2 ;;
    --) shift; break ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
done

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
out=${out:-$work/out.jsonl}
gcc -O2 -Wall -Wno-misleading-indentation -o "$work/lwload" "$tools/lwload/lwload.c" -lssl -lcrypto
dotnet build -c Release -v q --nologo "$here/Starling.Load" >&2
program=$here/Starling.Load/bin/Release/net10.0/Starling.Load.dll

mkfifo "$work/in"
printf '#!/bin/sh\necho "$1" > %s/in\n' "$work" > "$work/tell"
chmod +x "$work/tell"

start() {   # server options
  dotnet "$program" lwm2m --bind "127.0.0.1:$port" "$@" <> "$work/in" > "$work/server.log" &
  server=$!
  until grep -q ready "$work/server.log"; do kill -0 "$server"; sleep 0.1; done
}

stop() {
  kill "$server"; wait "$server" || true
  server=
  grep -v ready "$work/server.log" | tee -a "$out"
}

load() { "$work/lwload" --target "127.0.0.1:$port" --server-pid "$server" --window "$window" "$@" | tee -a "$out"; }

# register alone: nothing is observed
start "$@"
load --tag warm --n 2000 register update:4 echo:4 deregister > /dev/null
for r in $(seq "$rounds"); do
  load --tag "r$r" --n "$n" --sport $((20000 + r)) register update:"$secs" echo:"$secs" deregister
done
stop

start --observe /3303/0/5700 "$@"
load --tag warm --n 2000 register obswait:5 update:4 notify:6 "hook:$work/tell 'read $window 4 /3303/0/5700'" serve:5 deregister > /dev/null
for r in $(seq "$rounds"); do
  load --tag "o$r" --n "$n" --sport $((21000 + r)) register obswait:10 update:"$secs" notify:"$secs" notifynon:"$secs":"$rate" \
    "hook:$work/tell 'read $window $secs /3303/0/5700'" serve:$((secs + 1)) deregister
done
echo stats > "$work/in"; sleep 1
stop

if [ "$memory" -gt 0 ]; then
  for observe in "" "--observe /3303/0/5700"; do
    # shellcheck disable=SC2086
    start $observe "$@"
    load --tag warm --n 1000 register obswait:2 deregister > /dev/null
    sleep 1; echo gc > "$work/in"; sleep 3
    load --tag "mem$observe" --n "$memory" --lifetime 86400 register obswait:60
    sleep 1; echo gc > "$work/in"; sleep 5
    stop
  done
fi
[ ! -f "$tools/lwload/medians.py" ] || python3 "$tools/lwload/medians.py" "$out"
