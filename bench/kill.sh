#!/usr/bin/env bash
# Kills the program without warning while devices talk with it, and compares what they were told with what the next process knows.
#   bench/kill.sh [KILLS] [SEED]     200 kills and a seed of its own unless given; the seed is printed
set -euo pipefail
here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
export STARLING_KILLS=${1:-200} STARLING_SEED=${2:-}
dotnet test "$here/../tests/Starling.Survival.Tests" -c Release --nologo --logger 'console;verbosity=detailed' | grep -E 'error|seed|device-|Passed!|Failed!|Passed |Failed '
