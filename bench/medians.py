#!/usr/bin/env python3
"""Reads what udp.sh has written and prints the median of every phase: operations a second, latency, the server's CPU time an operation."""
import json
import statistics
import sys

GOALS = {"update": 8, "send": 12, "register": 15, "register + observation": 30, "notify": 10, "read": 9}


def main(path):
    lines = [json.loads(line) for line in open(path) if line.startswith("{")]
    phases, rest = {}, []
    registered = None
    for line in lines:
        run = line["tag"].split("-")[0]
        phase = line.get("phase")
        if run == "many" and phase == "register":
            phases.setdefault("register", []).append(line)
        elif run == "few" and phase in ("update", "send", "echo"):
            phases.setdefault(phase, []).append(line)
        elif run == "observed" and phase == "register":
            registered = line
        elif run == "observed" and phase == "obswait":
            phases.setdefault("register + observation", []).append(together(registered, line))
        elif run == "talk" and phase in ("notify", "notifynon"):
            phases.setdefault(phase, []).append(line)
        elif run == "talk" and phase == "serve":
            phases.setdefault("read", []).append({**line, "rate": line["rxReqRate"]})
        else:
            rest.append(line)
    print(f"{'phase':24}{'ops/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU us/op':>11}{'goal':>6}{'others %':>10}")
    for phase, rounds in phases.items():
        def median(key):
            return statistics.median(r[key] for r in rounds)
        print(f"{phase:24}{median('rate'):9.0f}{median('p50ms'):9.2f}{median('p99ms'):9.2f}{median('srvCpuUsPerOp'):11.1f}"
              f"{GOALS.get(phase, ''):>6}{median('otherCpuPct'):10.0f}")
    lost(phases.get("notifynon", []), [s for s in rest if s["tag"] == "stats"])
    memory([g for g in rest if g["tag"] == "gc"])
    sustained([s for s in rest if s["tag"].startswith("sustain") and s["phase"] == "update"])


def together(register, wait):
    """The observations overlap the registrations: what both phases cost, a device."""
    cpu = register["srvCpuUsPerOp"] * register["ok"] + wait["srvCpuUsPerOp"] * max(1, wait["rxReq"])
    span = register["secs"] + wait["secs"]
    return {**register, "srvCpuUsPerOp": cpu / register["ok"], "rate": register["ok"] / span}


def lost(rounds, stats):
    sent = sum(r["ok"] for r in rounds)
    if sent:
        # The first count is the farewell of the server that observed nothing; then come two a round, before and after.
        pairs = stats[1:1 + 2 * len(rounds)]
        taken = sum(after["notifications"] - before["notifications"] for before, after in zip(pairs[::2], pairs[1::2]))
        print(f"\nNON notifications: {sent} sent, {sent - taken} lost ({100 * (sent - taken) / sent:.3f} %)")


def memory(counts):
    for before, after in zip(counts[::2], counts[1::2]):
        devices = after["devices"] - before["devices"]
        print(f"memory: {(after['rss'] - before['rss']) / devices:.0f} bytes a device, {(after['heap'] - before['heap']) / devices:.0f} of them live objects")


def sustained(rounds):
    if rounds:
        print(f"sustained: {sum(r['ok'] for r in rounds)} updates; resident MB after each minute: {' '.join(str(round(r['srvRssMB'])) for r in rounds)}; "
              f"failed {sum(r['fail'] + r['timeout'] for r in rounds)}, retransmitted {sum(r['retrans'] for r in rounds)}")


main(sys.argv[1])
