namespace Starling.Dtls.Tests;

/// <summary>Runs when nothing else does: it looks at the memory of the whole process.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

/// <summary>What is left behind.</summary>
[Collection("alone")]
public sealed class SoakTests
{
    [Fact]
    public void Failing_handshakes_leave_nothing_behind()
    {
        using var cache = new DtlsSessionCache();
        var before = 0L;
        for (var i = 0; i < 3_000; i++)
        {
            var pair = new DtlsPair(i) { Cache = cache };
            pair.Answer = _ => i % 2 == 0 ? new DtlsAnswer.UnknownIdentity() : new DtlsAnswer.Key(new byte[] { 7 });
            pair.Connect();
            Assert.Equal((DtlsStatus.Closed, DtlsStatus.Closed), (pair.Client.Status, pair.Server!.Status));
            before = i == 500 ? GC.GetTotalMemory(forceFullCollection: true) : before;
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1 << 20);
        Assert.Equal(0, cache.Count);
        Assert.True(new DtlsPair { Cache = cache }.Connect().IsEstablished);
    }
}
