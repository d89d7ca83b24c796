using System.Globalization;
using System.Runtime.CompilerServices;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Runs cases on a registered device, one after the other, and leaves the device as it was.</summary>
internal sealed class CheckRunner(Lwm2mServer server, TimeProvider time, HandshakeLog handshakes)
{
    private const int MaxSilent = 2;
    private static readonly TimeSpan _restoring = TimeSpan.FromSeconds(10);

    /// <summary>Runs every case that is wanted and gives the results as they come.</summary>
    public async IAsyncEnumerable<CheckResult> RunAsync(DeviceKey key, CheckSettings settings, [EnumeratorCancellation] CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var facts = new DeviceFacts(time);
        var silent = 0;   // cases in a row that had no answer
        foreach (var one in CheckCatalog.All.Where(settings.IsWanted))
        {
            var left = settings.Slow ? Timeout.InfiniteTimeSpan : settings.Budget - time.GetElapsedTime(began);
            var result = silent >= MaxSilent ? Skip(one, "The device does not answer any more.")
                : left <= TimeSpan.Zero && !settings.Slow ? Skip(one, $"The {settings.Budget.TotalSeconds:0} s of a check are over; --slow has no such limit.")
                : await RunAsync(one, key, settings, facts, left, cancel);
            silent = result.IsSilence ? silent + 1 : result.Messages.Count > 0 ? 0 : silent;
            yield return result;
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Runs one case.</summary>
    /// <param name="one">The case.</param>
    /// <param name="key">The device.</param>
    /// <param name="settings">How much it may do.</param>
    /// <param name="facts">What is known of the device from cases before.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="cancel">Stops it; the device is put back all the same.</param>
    public async Task<CheckResult> RunAsync(CheckCase one, DeviceKey key, CheckSettings settings, DeviceFacts facts, TimeSpan within, CancellationToken cancel)
    {
        if (server.Trace is null)
        {
            return Skip(one, "This server keeps no protocol trace to look at.");
        }
        if (server.Find(key) is not { } device)
        {
            return Skip(one, $"{key} is not registered.");
        }
        if (await WhyNotAsync(one, device, settings, facts, cancel) is { } why)
        {
            return Skip(one, why);
        }
        var began = time.GetTimestamp();
        using var end = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancel);
        using var talk = new Conversation(server.Trace, device, time);
        using var otherTalk = settings.Other is { Trace: { } trace } second && second.Find(key) is { } there ? new Conversation(trace, there, time) : null;
        var other = otherTalk is null ? null : new CheckRun(settings.Other!, key, settings, otherTalk, handshakes, time, either.Token);
        var run = new CheckRun(server, key, settings, talk, handshakes, time, either.Token, other);
        var (outcome, reason, isSilence) = await EndAsync(one, run, end.Token);
        settings.Ask?.Invoke(null);
        var messages = run.Messages;
        var left = await RestoreAsync(run);
        left = other is null ? left : [.. left, .. await RestoreAsync(other)];
        facts.Forget();
        reason = string.Join(' ', left.Select(l => $"Attention: {l}.").Prepend(reason).Where(r => r.Length > 0));
        return new CheckResult(one, outcome, reason, [.. messages.Select(Line)], time.GetElapsedTime(began)) { IsSilence = isSilence };
    }

    private static async Task<(CheckOutcome, string, bool IsSilence)> EndAsync(CheckCase one, CheckRun run, CancellationToken end)
    {
        try
        {
            await one.Procedure(run);
            return run.Messages.Count > 0
                ? (CheckOutcome.Passed, "", false)
                : throw CheckException.Failed("messages", "none: the case has looked at nothing");
        }
        catch (CheckException ended)
        {
            return (ended.Outcome, ended.Outcome == CheckOutcome.Failed ? $"{ended.Message} ({one.Clause})" : ended.Message, ended.IsSilence);
        }
        catch (CoapException failure)
        {
            return (CheckOutcome.Failed, $"{CheckException.Silent(failure.Message).Message} ({one.Clause})", true);
        }
        catch (ArgumentException unsayable)
        {
            return (CheckOutcome.Skipped, $"This server cannot ask for it: {unsayable.Message}", false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return (CheckOutcome.Skipped, "The time of the check ended while the case ran; --slow has no such limit.", false);
        }
        catch (OperationCanceledException)
        {
            return (CheckOutcome.Skipped, "The check was stopped while the case ran.", false);
        }
        catch (Exception strange)   // an answer of a sort that the case did not think of: the device is put back all the same
        {
            return (CheckOutcome.Failed, $"The case could not go on: {strange.Message} ({one.Clause})", false);
        }
    }

    private async Task<IReadOnlyList<string>> RestoreAsync(CheckRun run)
    {
        using var late = new CancellationTokenSource(_restoring, time);
        try
        {
            return await run.RestoreAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            return ["not everything could be restored: the device did not answer in time"];
        }
    }

    private static async Task<string?> WhyNotAsync(CheckCase one, DeviceSession device, CheckSettings settings, DeviceFacts facts, CancellationToken cancel)
    {
        if (one.IsDestructive && !settings.Destructive)
        {
            return "The device would be away or another one for a while: only among the destructive cases (--destructive).";
        }
        if (one.IsSlow && !settings.Slow)
        {
            return "It waits long: only among the slow cases (--slow).";
        }
        if (device.Registration.Version < one.Since)
        {
            return $"It is of LwM2M {one.Since}; the device registered with {device.Registration.Version}.";
        }
        foreach (var need in one.Needs.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var path = Lwm2mPath.Parse(need);
            if (!await facts.HasAsync(device, path, settings.Patience, cancel))
            {
                return $"The device has no {Named(device.Catalog, path)}, which it need not have.";
            }
        }
        return null;
    }

    private static string Named(CatalogView catalog, Lwm2mPath path)
    {
        var name = path.Depth >= 3 ? catalog.FindResource(path)?.Name : catalog.FindObject(path.ObjectId)?.Name;
        return name is null ? path.ToString() : $"{path} ({name})";
    }

    private static CheckResult Skip(CheckCase one, string why) => new(one, CheckOutcome.Skipped, why, [], TimeSpan.Zero);

    private static string Line(CheckMessage message) =>
        string.Create(CultureInfo.InvariantCulture, $"{message.At:HH:mm:ss.fff} {(message.IsFromDevice ? "device" : "server")} {message}");
}
