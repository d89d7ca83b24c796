using System.Collections.Concurrent;
using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>Runs each case once, for the test of the case and for the report.</summary>
public sealed class Suite
{
    private readonly ConcurrentDictionary<string, Task<CheckResult>> _results = new(StringComparer.Ordinal);

    internal Task<CheckResult> ResultOf(CheckCase one) => _results.GetOrAdd(one.Id, _ => RunAsync(one, Setups.For(one.Id)));

    /// <summary>Runs a case. Where the accounts are secured nothing between device and servers may go in the clear, and otherwise all does.</summary>
    internal static async Task<CheckResult> RunAsync(CheckCase one, Setup setup)
    {
        await using var bench = await Bench.StartAsync(setup.Configuration);
        var result = await bench.RunAsync(one, setup.Hands);
        Assert.NotEmpty(bench.WithServers);
        Assert.All(bench.WithServers, frame => Assert.Equal(setup.Configuration.IsSecured, IsRecord(frame.Bytes.Span)));
        return result;
    }

    // RFC 6347 §4.1, RFC 9146 §4: a content type, then the version; CoAP begins with its own version, 01 in the first two bits.
    private static bool IsRecord(ReadOnlySpan<byte> datagram) => datagram.Length > 13 && datagram[0] is >= 20 and <= 25 && datagram[1] == 254;
}
