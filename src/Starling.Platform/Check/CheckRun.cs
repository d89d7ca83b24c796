using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;
using Starling.Transports;

namespace Starling.Platform;

/// <summary>
/// One case while it runs on one device: operations, what is expected of the messages, waiting, and the way back to how the device was.
/// What cannot go on throws <see cref="CheckException"/>.
/// </summary>
internal sealed class CheckRun(
    Lwm2mServer server, DeviceKey key, CheckSettings settings, Conversation talk, HandshakeLog handshakes, TimeProvider time, CancellationToken cancel, CheckRun? other = null)
{
    private const int MaxHandshakes = 1000;
    private readonly Stack<(string What, Func<CancellationToken, Task> Back)> _undo = new();
    private int _seen = talk.Start;
    private int _first = talk.Start;

    /// <summary>The device. It may be another session after a new registration.</summary>
    public DeviceSession Device => server.Find(key) ?? throw CheckException.Failed($"{key} is registered", "it is not registered any more");

    /// <summary>The device's key.</summary>
    public DeviceKey Key => key;

    /// <summary>The server, for what it does by itself.</summary>
    public Lwm2mServer Server => server;

    /// <summary>The device's instance of the object Server (1) that is this server's, as far as its registration tells.</summary>
    public string Account => Device.Registration.Links.Paths.FirstOrDefault(p => p.ObjectId == 1 && p.IsInstance) is { Depth: 2 } told ? told.ToString() : "/1/0";

    /// <summary>Whether there is time to wait long.</summary>
    public bool IsSlow => settings.Slow;

    /// <summary>Whether somebody is at the device.</summary>
    public bool HasHands => settings.Hands is not null;

    public CancellationToken Cancel => cancel;

    /// <summary>The same on another server with which the device is registered too.</summary>
    public CheckRun Other => other ?? throw CheckException.Skipped("A second server with which the device is registered is needed.");

    /// <summary>How long the device may take for one answer.</summary>
    public TimeSpan Patience => settings.Patience;

    /// <summary>A package that the device's firmware can be updated with.</summary>
    public byte[] Image => settings.Image ?? throw CheckException.Skipped("A package for the device is needed.");

    /// <summary>Where the device can fetch such a package.</summary>
    public string ImageUri => settings.ImageUri ?? throw CheckException.Skipped("The URI of a package for the device is needed.");

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>What has been said since the case began.</summary>
    public IReadOnlyList<CheckMessage> Messages => [.. talk.Messages.Skip(_first)];

    /// <summary>Sends an operation and gives the answer, whatever it is.</summary>
    /// <param name="request">The operation.</param>
    /// <param name="within">How long it may take; the patience of the check when null.</param>
    public Task<Lwm2mResponse> SendAsync(Lwm2mRequest request, TimeSpan? within = null) => BoundAsync(stop => Device.SendAsync(request, stop), null, within);

    /// <summary>Sends a request that is no operation of the server's own, with one option at most, and gives the answer.</summary>
    public Task<CoapMessage> RequestAsync(CoapCode method, string path, ContentFormat? format = null, byte[]? payload = null)
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, Device.Registration.Links.Root + path);
        if (format is { } told)
        {
            options.Add(OptionNumber.ContentFormat, told.Value);
        }
        var request = new CoapMessage { Code = method, Options = options.Build(), Payload = payload ?? [] };
        return BoundAsync(stop => Device.RequestAsync(request, stop));
    }

    /// <summary>Does something with the device within the time that it may take.</summary>
    public async Task<T> BoundAsync<T>(Func<CancellationToken, ValueTask<T>> act, CancellationToken? instead = null, TimeSpan? within = null)
    {
        var limit = within ?? settings.Patience;
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, instead ?? cancel);
        try
        {
            return await act(either.Token);
        }
        catch (CoapBusyException busy)
        {
            throw CheckException.Skipped($"Nothing was sent: {busy.Message}");
        }
        catch (CoapException failure)
        {
            throw CheckException.Silent(failure.Message);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw CheckException.Silent($"it was waited for {limit.TotalSeconds:0} s");
        }
    }

    /// <summary>The server has sent this, and the device has answered that. Behind what was seen before.</summary>
    public CheckMessage Saw(string request, string answer) => Exchange(isFromDevice: false, request, answer).Answer;

    /// <summary>The device has sent this, and the server has answered that. Behind what was seen before.</summary>
    public CheckMessage SawFromDevice(string request, string answer) => Exchange(isFromDevice: true, request, answer).Request;

    /// <summary>Waits until the device has sent this and the server has answered that.</summary>
    public async Task<CheckMessage> AwaitFromDeviceAsync(string request, string answer, TimeSpan? within = null)
    {
        var wanted = MessagePattern.Parse(request);
        var from = _seen;
        var limit = within ?? settings.Patience;
        var came = await talk.NextAsync(m => m.IsFromDevice && wanted.Difference(m) is null, from, limit, cancel);
        if (came is null)
        {
            throw CheckException.Failed($"{request} from the device within {limit.TotalSeconds:0} s", Nearest(wanted, isFromDevice: true, from));
        }
        await talk.NextAsync(m => !m.IsFromDevice && m.Token == came.Token, came.Index + 1, settings.Patience, cancel);
        return SawFromDevice(request, answer);
    }

    /// <summary>Waits for the next message from a place on that is wanted; null when none comes in time.</summary>
    public Task<CheckMessage?> NextAsync(Func<CheckMessage, bool> isWanted, int from, TimeSpan within) => talk.NextAsync(isWanted, from, within, cancel);

    /// <summary>How many messages there are: the place of the next one.</summary>
    public int Mark() => talk.Count;

    /// <summary>Looks at what was said before the case began, from the last of these messages on; false when it is not known any more.</summary>
    public bool LookBack(Func<CheckMessage, bool> isWanted)
    {
        var before = talk.Messages;
        if (before.LastOrDefault(isWanted) is not { } found || !before.Any(m => m.IsFromDevice != found.IsFromDevice && m.Token == found.Token))
        {
            return false;
        }
        _seen = _first = found.Index;
        return true;
    }

    /// <summary>Looks at the device's last Register; ends the case when it is not known any more.</summary>
    public void LookBackAtRegister()
    {
        if (!LookBack(m => m.IsFromDevice && m.Path == "/rd"))
        {
            throw CheckException.Skipped("The device registered longer ago than the server keeps its messages.");
        }
    }

    /// <summary>What is expected now has to come behind all that came so far.</summary>
    public void Forget() => _seen = talk.Count;

    /// <summary>Lets time pass.</summary>
    public Task WaitAsync(TimeSpan span) => Task.Delay(span, time, cancel);

    /// <summary>Seconds to wait: those of the test specification where there is time, a few where a person waits.</summary>
    public int Seconds(int full, int brief) => settings.Slow ? full : brief;

    /// <summary>Has somebody at the device do something; without anybody the case is skipped, unless there is time to wait for it.</summary>
    public async Task AtDeviceAsync(DeviceAct act)
    {
        var isDone = settings.Hands is { } hands ? await hands(act) : settings.Slow;
        settings.Ask?.Invoke(isDone ? act.Request : null);
        if (!isDone)
        {
            throw CheckException.Skipped($"Somebody at the device has to {act.Request}; with --slow that is waited for.");
        }
    }

    /// <summary>Handshakes from a host that have come to nothing since a time, the newest first.</summary>
    public IReadOnlyList<HandshakeReport> FailedHandshakes(string host, DateTimeOffset since) =>
        [.. handshakes.List(null, failedOnly: true, null, MaxHandshakes).Select(h => h.Report).Where(r => r.At >= since && HostOf(r.Address) == host)];

    /// <summary>An address without its port.</summary>
    public static string HostOf(PeerAddress address) => address.Text[..Math.Max(address.Text.LastIndexOf(':'), 0)];

    /// <summary>How long to wait for what somebody at the device begins.</summary>
    public TimeSpan PatienceAtDevice => settings.Hands is null ? settings.PatienceWithPeople : settings.Patience;

    /// <summary>Puts something back when the case ends, however it ends; the last first.</summary>
    public void Undo(string what, Func<CancellationToken, Task> back) => _undo.Push((what, back));

    /// <summary>Puts everything back. Gives what could not be.</summary>
    public async Task<IReadOnlyList<string>> RestoreAsync(CancellationToken stop)
    {
        List<string> left = [];
        while (_undo.TryPop(out var step))
        {
            try
            {
                await step.Back(stop);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                left.Add($"{step.What} could not be restored ({failure.Message})");
            }
        }
        return left;
    }

    private (CheckMessage Request, CheckMessage Answer) Exchange(bool isFromDevice, string request, string answer)
    {
        var (wanted, answered) = (MessagePattern.Parse(request, isFromDevice ? "" : Device.Registration.Links.Root), MessagePattern.Parse(answer));
        var messages = talk.Messages;
        var asked = messages.Skip(_seen).Where(m => m.IsFromDevice == isFromDevice && wanted.Difference(m) is null).ToList();
        if (asked.Count == 0)
        {
            throw CheckException.Failed($"{request} {(isFromDevice ? "from the device" : "from the server")}", Nearest(wanted, isFromDevice, _seen));
        }
        // Where a body goes by blocks, what counts is the answer to the last one.
        var (last, came) = asked.Select(a => (a, AnswerTo(a, messages))).FirstOrDefault(e => e.Item2 is not null && e.Item2.Code != CoapCode.Continue);
        if (came is null)
        {
            throw CheckException.Failed($"{answer} as the answer to {request}", "no answer");
        }
        if (answered.Difference(came) is { } difference)
        {
            throw CheckException.Failed($"{answer} as the answer to {request}", $"{came} ({difference})");
        }
        _seen = last.Index + 1;
        return (last, came);
    }

    private static CheckMessage? AnswerTo(CheckMessage asked, IReadOnlyList<CheckMessage> messages) =>
        messages.Skip(asked.Index + 1).FirstOrDefault(m => m.IsFromDevice != asked.IsFromDevice && m.Code.IsResponse && m.Token == asked.Token);

    private string Nearest(MessagePattern wanted, bool isFromDevice, int from)
    {
        var near = talk.Messages.Skip(from).LastOrDefault(m => m.IsFromDevice == isFromDevice && wanted.IsAbout(m));
        return near is null ? "nothing like it" : $"{near} ({wanted.Difference(near)})";
    }
}
