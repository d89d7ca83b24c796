namespace Starling.Transports;

/// <summary>
/// Receiving threads that many channels share, so that a process can hold thousands of clients, each with a port of its own, without a thread for each.
/// On the portable path every channel has its own thread, whatever it is given.
/// </summary>
/// <remarks>
/// What the channels' sinks do on these threads keeps the other channels waiting; and no channel may take larger datagrams than
/// the settings given here.
/// </remarks>
public sealed class UdpThreads : IAsyncDisposable
{
    private readonly LinuxLoop[] _loops;
    private int _next;

    /// <summary>Makes <see cref="UdpSettings.ReceiveThreads"/> threads with buffers of <see cref="UdpSettings.Batch"/> datagrams. They start when a channel does.</summary>
    public UdpThreads(UdpSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        MaxDatagram = settings.MaxDatagram;
        _loops = LinuxPath.IsSupported && !settings.Portable ? new LinuxLoop[settings.ReceiveThreads] : [];
        for (var i = 0; i < _loops.Length; i++)
        {
            _loops[i] = new LinuxLoop(settings);
        }
    }

    internal int MaxDatagram { get; }

    /// <summary>Ends the threads. Channels that still use them receive nothing more: dispose those first.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var loop in _loops)
        {
            await loop.StopAsync().ConfigureAwait(false);
        }
    }

    internal LinuxLoop Next() => _loops[(uint)Interlocked.Increment(ref _next) % (uint)_loops.Length];
}
