using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>An observation within a case: what it brings, and when.</summary>
internal sealed class Watch(CheckRun run, Observation observation, CheckMessage first)
{
    // What the network, and a machine that is busy, may take from one of two notifications and not from the other.
    private static readonly TimeSpan _early = TimeSpan.FromSeconds(1), _late = TimeSpan.FromSeconds(5);
    private int _next = first.Index + 1;
    private DateTimeOffset _lastAt = first.At;

    public Observation Observation => observation;

    /// <summary>The first values: the answer to Observe.</summary>
    public CheckMessage First => first;

    /// <summary>Waits for the next notification: not before so many seconds after the last one, and not later than so many.</summary>
    public async Task<CheckMessage> NextAsync(int least, int most)
    {
        var deadline = _lastAt + TimeSpan.FromSeconds(most) + _late;
        var came = await run.NextAsync(IsOurs, _next, deadline - run.Now)
            ?? throw CheckException.Failed($"a notification of {observation.Path} within {most} s of the last one", "none");
        run.Expect(came.Message.Options.Observe is not null && came.Code == CoapCode.Content, $"a notification of {observation.Path}: 2.05 Observe:* ...", came.ToString());
        var since = came.At - _lastAt;
        run.Expect(since >= TimeSpan.FromSeconds(least) - _early, $"no notification of {observation.Path} within {least} s of the last one", $"one after {since.TotalSeconds:0.0} s");
        (_next, _lastAt) = (came.Index + 1, came.At);
        return came;
    }

    /// <summary>Waits for the next notification that brings a value for which this holds.</summary>
    public async Task<RecordSet> UntilAsync(Func<RecordSet, bool> holds, string what, TimeSpan within)
    {
        var began = run.Now;
        while (true)
        {
            var came = await run.NextAsync(IsOurs, _next, began + within - run.Now)
                ?? throw CheckException.Failed($"a notification of {observation.Path} with {what} within {within.TotalSeconds:0} s", "none");
            (_next, _lastAt) = (came.Index + 1, came.At);
            var values = came.Values(run.Device.Catalog, observation.Path);
            if (holds(values))
            {
                return values;
            }
        }
    }

    /// <summary>Nothing may come for so many seconds.</summary>
    public async Task SilentAsync(int seconds)
    {
        var came = await run.NextAsync(IsOurs, _next, TimeSpan.FromSeconds(seconds));
        run.Expect(came is null, $"no notification of {observation.Path} any more", came?.ToString() ?? "");
    }

    /// <summary>From now on: what came meanwhile does not count.</summary>
    public void Forget() => _next = run.Mark();

    private bool IsOurs(CheckMessage message) => message.IsFromDevice && message.Code.IsResponse && message.Token == observation.Token;
}
