using System.Globalization;
using System.Text;
using Starling.Coap;
using Starling.Dtls;
using Starling.Testing;
using Starling.Transports;
using Xunit.Abstractions;

namespace Starling.Secured.Tests.Soak;

/// <summary>
/// One server, sessions that stand, and very many handshakes that come to nothing. <c>STARLING_SOAK</c> says how many (3000), and there are a hundredth as
/// many sessions.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Batch = 250;
    private const int MostTurns = 100_000;   // few are needed, but a thread of the pool that others keep from running takes as long as it takes
    private const int Slack = 1 << 20;   // bytes: what the runtime and the tables hold now and not before
    private static readonly TimeSpan _abandoned = new DtlsChannelSettings().HandshakeTimeout + TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();
    private readonly SoakWire _wire = new();
    private readonly Random _chance = new(7);
    private int _numbers;
    private long _worst;   // bytes out for a hundred bytes in, to an address that has not proven itself

    [Fact]
    public async Task Failing_handshakes_leave_nothing_behind_and_disturb_nobody()
    {
        var failing = int.TryParse(Environment.GetEnvironmentVariable("STARLING_SOAK"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number / Batch * Batch : 3000;
        var settings = new DtlsChannelSettings { Dtls = new DtlsSettings { ConnectionIdLength = 6 } };
        await using var server = new DtlsChannel(_wire, settings, _time, new DtlsServer(new DtlsOwnKeys { AcceptsPreSharedKeys = true }, new Known()));
        var above = new Counting();
        await server.StartAsync(above, CancellationToken.None);

        await FailAsync(Batch);   // what is made once is made
        var bare = GC.GetTotalMemory(true);
        var good = await ShakeAsync(Enumerable.Repeat(Conduct.Good, failing / 100));
        good.ForEach(s => s.Say("here"u8));
        var before = GC.GetTotalMemory(true);
        await FailAsync(failing);
        var after = GC.GetTotalMemory(true);
        good.ForEach(s => s.Say("still here"u8));

        output.WriteLine($"{failing + Batch} failed, {good.Count} sessions; bytes: {bare} bare, {before} before, {after} after; unproven addresses got at most {_worst} % of what they sent");
        output.WriteLine($"established {server.Counters.Established}, failed {server.Counters.Failed}, answered {server.Counters.Answered}, unknown {server.Counters.Unknown}, discarded {server.Counters.Discarded}");
        Assert.True(after - before < Slack, $"{before} bytes before, {after} after");
        Assert.InRange(_worst, 1, 300);   // three times what they sent (invariant 8 of ARCHITECTURE.md)
        Assert.All(good, s => Assert.Equal(DtlsStatus.Established, s.Status));
        Assert.Equal((good.Count, 0), (server.SessionCount, server.HandshakeCount));
        Assert.Equal(2 * good.Count, above.Received);
        Assert.Equal(0, above.Lost);
        Check(server.Counters, failing + Batch, good.Count);
    }

    private static void Check(DtlsCounters counters, int failing, int good)
    {
        var each = failing / 5;
        Assert.Equal(good, counters.Established);
        Assert.Equal(3 * each, counters.Failed);      // wrong key, unknown identity, half open; the others never began
        Assert.Equal((4 * each) + good, counters.Answered);
        Assert.Equal(each, counters.Unknown);         // garbage
        Assert.Equal((0, 0, 0, 0, 0), (counters.Discarded, counters.HandshakesRefused, counters.QueriesRefused, counters.Evicted, counters.Replaced));
    }

    // As many of each sort, some at a time; then those that fell silent are given up.
    private async Task FailAsync(int count)
    {
        for (var done = 0; done < count; done += Batch)
        {
            var batch = await ShakeAsync(Enumerable.Range(0, Batch).Select(i => (Conduct)(i % (int)Conduct.Good)));
            Assert.All(batch, s => Assert.NotEqual(DtlsStatus.Established, s.Status));
            _time.Advance(_abandoned);
            await Settling.SettleAsync();
            batch.ForEach(s => s.Dispose());
        }
    }

    private async Task<List<Stranger>> ShakeAsync(IEnumerable<Conduct> conducts)
    {
        var strangers = conducts.Select(conduct => new Stranger(_wire, _numbers++, conduct)).ToList();
        foreach (var batch in strangers.Chunk(Batch))
        {
            Array.ForEach(batch, s => s.Begin(_chance));
            var turns = 0;
            for (var busy = batch; busy.Length > 0; busy = [.. busy.Where(s => s.IsBusy)])
            {
                Assert.True(++turns < MostTurns, $"{busy.Length} handshakes do not end, the first is {busy[0]}");
                Array.ForEach(busy, s => s.Go());
                await Settling.SettleAsync();   // credentials are asked for on the pool
            }
        }
        _worst = strangers.Aggregate(_worst, (worst, s) => Math.Max(worst, 100L * s.UnprovenOut / s.UnprovenIn));
        return strangers;
    }

    private sealed class Known : IPeerCredentials
    {
        public ValueTask<PeerVerdict> JudgeAsync(PeerClaim claim, CancellationToken cancel) => ValueTask.FromResult<PeerVerdict>(
            claim is PeerClaim.PreSharedKey { Identity: var identity } && Encoding.UTF8.GetString(identity.Span) is var name && name.StartsWith("known-", StringComparison.Ordinal)
                ? new PeerVerdict.Accepted(new PeerIdentity.PreSharedKey(name), SessionRig.Key)
                : new PeerVerdict.Refused(PeerRefusal.Unknown, "nobody knows it"));
    }

    private sealed class Counting : IDatagramSink
    {
        public int Received { get; private set; }

        public int Lost { get; private set; }

        public void OnDatagram(Peer peer, Span<byte> datagram) => Received++;

        public void OnPeerMoved(Peer peer, PeerAddress from) { }

        public void OnPeerLost(Peer peer, PeerLoss loss) => Lost++;
    }
}
