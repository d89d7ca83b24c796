using System.Globalization;
using Xunit.Abstractions;

namespace Starling.Survival.Tests;

/// <summary>
/// Kills the real program without warning, again and again, while devices register, update, de-register, are observed and have operations queued for
/// them, and compares what they and their callers were told with what the next process knows. <c>STARLING_KILLS</c> says how often (20), <c>STARLING_SEED</c> which way.
/// </summary>
public sealed class SurvivalTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_program_is_killed()
    {
        var kills = Number("STARLING_KILLS") ?? 20;
        var seed = Number("STARLING_SEED") ?? (int)(TimeProvider.System.GetTimestamp() & 0x7fff_ffff);
        await using var run = await SurvivalRun.StartAsync(seed);
        try
        {
            await run.KillAsync(kills);
        }
        finally
        {
            output.WriteLine($"seed {seed}: {run.Score}");
        }
        Assert.True(run.Score.Lost.IsEmpty, $"seed {seed}, lost:\n{string.Join('\n', run.Score.Lost)}");
        Assert.True(run.Score.Acknowledged > kills * 10, $"seed {seed}: only {run.Score}");   // else nothing was tried
        Assert.True(run.Score.Operations > kills * 10, $"seed {seed}: only {run.Score}");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
