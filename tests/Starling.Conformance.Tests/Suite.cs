using System.Collections.Concurrent;
using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>Runs each case once, for the test of the case and for the report.</summary>
public sealed class Suite
{
    private readonly ConcurrentDictionary<string, Task<CheckResult>> _results = new(StringComparer.Ordinal);

    internal Task<CheckResult> ResultOf(CheckCase one) => _results.GetOrAdd(one.Id, _ => RunAsync(one));

    private static async Task<CheckResult> RunAsync(CheckCase one)
    {
        var setup = Setups.For(one.Id);
        await using var bench = await Bench.StartAsync(setup.Configuration);
        return await bench.RunAsync(one, setup.Hands);
    }
}
