#!/usr/bin/env bash
# Measures `starling up` with its database: registrations, updates, and how long it takes to be back with all devices after a kill.
#   bench/store.sh [--tools DIR] [--n 100000] [--window 1024] [--secs 10] [--data DIR] [--port 17683] [-- UP OPTIONS]
# The devices that update after the kill are the ones that registered before it: every failure would be one that had to register again.
# The loader in C is outside the repository: --tools names its folder. Needs gcc, libssl-dev, python3 and root (the loader binds to lo).
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)
tools=$root/../shared/tools n=100000 window=1024 secs=10 data= port=17683
while [ $# -gt 0 ]; do
    case $1 in
        --tools) tools=$2 ;; --n) n=$2 ;; --window) window=$2 ;; --secs) secs=$2 ;; --data) data=$2 ;; --port) port=$2 ;;
        --) shift; break ;;
        *) echo "unknown option $1" >&2; exit 2 ;;
    esac
    shift 2
done

work=$(mktemp -d)
data=${data:-$work/data}
trap '[ ! -f "$work/pid" ] || kill "$(cat "$work/pid")" 2>/dev/null || true; rm -rf "$work"' EXIT
gcc -O2 -Wall -Wno-misleading-indentation -o "$work/lwload" "$tools/lwload/lwload.c" -lssl -lcrypto
dotnet build -c Release -v q --nologo "$root/src/Starling.Platform" >&2

# The program is started, and started again after a kill, by this script: the loader calls it between its phases.
cat > "$work/start" <<END
#!/usr/bin/env bash
began=\$(date +%s%N)
if [ -f $work/pid ]; then kill -9 "\$(cat $work/pid)"; fi
rm -f $work/log
dotnet $root/src/Starling.Platform/bin/Release/net10.0/starling.dll up --data $data --coap 127.0.0.1:$port --http 127.0.0.1:$((port + 1)) $* > $work/log 2>&1 &
echo \$! > $work/pid
until grep -q 'Ctrl-C ends it' $work/log 2>/dev/null; do kill -0 \$! || { cat $work/log >&2; exit 1; }; sleep 0.02; done
cpu=\$(awk '{print (\$14 + \$15) / 100}' /proc/\$(cat $work/pid)/stat)
echo "{\"phase\":\"start\",\"secs\":\$(( (\$(date +%s%N) - began) / 1000000 ))e-3,\"cpuSecs\":\$cpu,\"database\":\$(du -sb $data | cut -f1)}" >&2
END
chmod +x "$work/start"
"$work/start"
"$work/lwload" --target "127.0.0.1:$port" --server-pid "$(cat "$work/pid")" --window "$window" --tag store-1 --n "$n" --sport 20001 --lifetime 86400 \
    register "update:$secs" "hook:$work/start" "update:$secs" deregister
