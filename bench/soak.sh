#!/usr/bin/env bash
# Failing handshakes of DTLS against one server, and a hundredth as many sessions that must not notice: memory, counters, amplification.
#   bench/soak.sh [HANDSHAKES]     a million unless given
set -euo pipefail
here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
export STARLING_SOAK=${1:-1000000}
dotnet test "$here/../tests/Starling.Secured.Tests" -c Release --nologo --filter SoakTests --logger 'console;verbosity=detailed' | grep -E 'error|failed|established|Assert|Passed!|Failed!|Passed |Failed '
