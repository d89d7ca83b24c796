using Starling.Coap;
using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// What a device and the server say to each other while a case runs, taken from the protocol trace: every message once. A device that comes back
/// from another address is known by the endpoint name in its Register.
/// </summary>
internal sealed class Conversation : IDisposable
{
    private const int MaxMessages = 2000;
    private readonly Lock _lock = new();
    private readonly ProtocolTrace _trace;
    private readonly DeviceKey _device;
    private readonly TimeProvider _time;
    private readonly HashSet<Peer> _peers = new(ReferenceEqualityComparer.Instance);
    private readonly List<CheckMessage> _messages = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Conversation(ProtocolTrace trace, DeviceSession device, TimeProvider time)
    {
        (_trace, _device, _time) = (trace, device.Key, time);
        if (device.Peer is { } peer)
        {
            _peers.Add(peer);
            foreach (var entry in trace.For(peer))
            {
                Add(entry);
            }
        }
        Start = _messages.Count;
        trace.Recorded += OnRecorded;
    }

    /// <summary>How many of the messages had been said before the case began, as far as the trace still has them.</summary>
    public int Start { get; }

    /// <summary>The messages so far; those beyond 2000 are not kept.</summary>
    public IReadOnlyList<CheckMessage> Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count;
            }
        }
    }

    /// <summary>Waits for the first message from a place on that is wanted; null when none came in time.</summary>
    public async Task<CheckMessage?> NextAsync(Func<CheckMessage, bool> isWanted, int from, TimeSpan within, CancellationToken cancel)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            Task more;
            lock (_lock)
            {
                for (; from < _messages.Count; from++)
                {
                    if (isWanted(_messages[from]))
                    {
                        return _messages[from];
                    }
                }
                more = _more.Task;
            }
            var left = within - _time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || !await CameAsync(more, left, cancel))
            {
                return null;
            }
        }
    }

    public void Dispose() => _trace.Recorded -= OnRecorded;

    private async Task<bool> CameAsync(Task more, TimeSpan within, CancellationToken cancel)
    {
        try
        {
            await more.WaitAsync(within, _time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // On the receiving or sending thread: strangers are only looked at when they register.
    private void OnRecorded(Peer peer, TraceEntry entry)
    {
        if (entry.Bytes.Length < CoapDatagram.HeaderSize || !IsOurs(peer, entry))
        {
            return;
        }
        TaskCompletionSource told;
        lock (_lock)
        {
            Add(entry);
            told = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        told.TrySetResult();
    }

    private void Add(TraceEntry entry)
    {
        if (entry.Kind == TraceKind.First && _messages.Count < MaxMessages && CoapDatagram.Parse(entry.Bytes.Span, out var datagram) == ParseError.None)
        {
            _messages.Add(new CheckMessage(_messages.Count, entry.At, entry.Direction == TraceDirection.Received, datagram.Type, datagram.ToMessage()));
        }
    }

    private bool IsOurs(Peer peer, TraceEntry entry)
    {
        lock (_lock)
        {
            if (_peers.Contains(peer))
            {
                return true;
            }
            if (entry.Direction == TraceDirection.Received && IsRegister(entry.Bytes.Span))
            {
                _peers.Add(peer);
                return true;
            }
            return false;
        }
    }

    private bool IsRegister(ReadOnlySpan<byte> bytes)
    {
        if (bytes[1] != CoapCode.Post.Value || CoapDatagram.Parse(bytes, out var datagram) != ParseError.None)
        {
            return false;
        }
        var options = datagram.ToMessage().Options;
        return options.UriPath.Trim('/') == "rd" && options.GetStrings(OptionNumber.UriQuery).Contains($"ep={_device.Endpoint}");
    }
}
