using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Starling.Coap;

namespace CustomTransport;

/// <summary>
/// CoAP in datagrams over Unix domain sockets: an address is a file. All that a transport has to do — carry datagrams, know its peers — and
/// nothing of what the layers above do: message ids, acknowledgements, tokens, blocks.
/// </summary>
internal sealed class UnixChannel(string file) : IDatagramChannel
{
    public const string Scheme = "coap+unix";
    private const int MaxDatagram = 2048, MaxPeers = 1000;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    private readonly ConcurrentDictionary<string, UnixPeer> _peers = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private IDatagramSink? _sink;
    private Task _receiving = Task.CompletedTask;

    public Task StartAsync(IDatagramSink sink, CancellationToken cancel)
    {
        _sink = sink;
        try
        {
            _socket.Bind(new UnixDomainSocketEndPoint(file));
        }
        catch (SocketException taken)
        {
            throw new IOException($"{file} cannot be listened at: {taken.Message}", taken);
        }
        _receiving = ReceiveAsync(sink);
        return Task.CompletedTask;
    }

    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => target.Uri.Scheme == Scheme
        ? ValueTask.FromResult<Peer>(PeerAt(target.Uri.AbsolutePath))
        : throw new NotSupportedException($"This carries {Scheme}, not {target.Uri.Scheme}.");

    // A server asks for the devices that its store has kept, so that it can speak to them before they speak.
    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer)
    {
        peer = address.Transport == UnixPeer.Transport ? PeerAt(address.Text) : null;
        return peer is not null;
    }

    // The system takes the datagram or it does not; waiting is not for a channel.
    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram)
    {
        if (peer is not UnixPeer unix || !_peers.ContainsKey(unix.File))
        {
            return SendOutcome.Dropped;
        }
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, new UnixDomainSocketEndPoint(unix.File));
            return SendOutcome.Sent;
        }
        catch (Exception lost) when (lost is SocketException or ObjectDisposedException)
        {
            return SendOutcome.Dropped;   // nobody listens there, or its queue is full: as with any datagram, the layer above sends again
        }
    }

    public void Close(Peer peer) => Forget(peer, PeerLoss.Closed);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _stop.Dispose();
        File.Delete(file);
    }

    private async Task ReceiveAsync(IDatagramSink sink)
    {
        var buffer = new byte[MaxDatagram];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new UnixDomainSocketEndPoint(file), _stop.Token).ConfigureAwait(false);
                // A sender without a file of its own could not be answered.
                if (received.RemoteEndPoint?.ToString() is { Length: > 0 } from)
                {
                    sink.OnDatagram(PeerAt(from), buffer.AsSpan(0, received.ReceivedBytes));
                }
            }
            catch (SocketException)
            {
                // What is too long, or a neighbour that went away: the next datagram may be good.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private UnixPeer PeerAt(string from)
    {
        if (_peers.Count >= MaxPeers && !_peers.ContainsKey(from) && _peers.Values.FirstOrDefault(p => !p.IsHeld) is { } idle)
        {
            Forget(idle, PeerLoss.Evicted);
        }
        return _peers.GetOrAdd(from, static f => new UnixPeer(f));
    }

    private void Forget(Peer peer, PeerLoss loss)
    {
        if (peer is UnixPeer unix && _peers.TryRemove(KeyValuePair.Create(unix.File, unix)))
        {
            _sink?.OnPeerLost(peer, loss);
        }
    }
}
