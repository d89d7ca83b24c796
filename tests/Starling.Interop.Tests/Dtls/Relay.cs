using System.Net;
using System.Net.Sockets;

namespace Starling.Interop.Tests;

/// <summary>A forwarder between one client and a server on 127.0.0.1 that loses, repeats and reorders datagrams, and can change the client's address as a NAT does.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private static readonly IPEndPoint _anyone = new(IPAddress.Loopback, 0);
    private readonly Socket _near = Bound();
    private readonly Way _up, _down;
    private readonly IPEndPoint _server;
    private readonly List<Task> _loops = [];
    private Socket _far = Bound();
    private volatile IPEndPoint? _client;

    public Relay(int server, RelayConditions conditions)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server);
        _up = new Way(conditions, conditions.Seed);
        _down = new Way(conditions, conditions.Seed + 1);
        _loops.Add(UpAsync());
        _loops.Add(DownAsync(_far));
    }

    /// <summary>What clients connect to.</summary>
    public int Port => ((IPEndPoint)_near.LocalEndPoint!).Port;

    /// <summary>How many datagrams were lost, repeated or held back.</summary>
    public int Disturbed => _up.Disturbed + _down.Disturbed;

    /// <summary>Sees each datagram before its fate is known: whether it is the client's, and its bytes.</summary>
    public Action<bool, ReadOnlyMemory<byte>>? Watch { get; set; }

    /// <summary>From now on nothing happens to datagrams.</summary>
    public void CalmDown()
    {
        _up.Calm = true;
        _down.Calm = true;
    }

    /// <summary>From now on the server sees the client at another port. What it sends to the old one is lost.</summary>
    public void Move()
    {
        var old = _far;
        _far = Bound();
        _loops.Add(DownAsync(_far));
        old.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _near.Dispose();
        _far.Dispose();
        await Task.WhenAll(_loops);
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(_anyone);
        return socket;
    }

    private Task UpAsync() => ForwardAsync(_near, (datagram, from) =>
    {
        _client = from;
        Watch?.Invoke(true, datagram);
        _up.Send(datagram, bytes => _far.SendTo(bytes, _server));
    });

    private Task DownAsync(Socket far) => ForwardAsync(far, (datagram, _) =>
    {
        Watch?.Invoke(false, datagram);
        _down.Send(datagram, bytes => _near.SendTo(bytes, _client!));
    });

    private static async Task ForwardAsync(Socket from, Action<byte[], IPEndPoint> forward)
    {
        var buffer = new byte[65536];
        while (true)
        {
            try
            {
                var got = await from.ReceiveFromAsync(buffer, _anyone);
                forward(buffer[..got.ReceivedBytes], (IPEndPoint)got.RemoteEndPoint);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
            {
                // Who was sent to is gone; somebody else may come.
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    /// <summary>One direction.</summary>
    private sealed class Way(RelayConditions conditions, int seed)
    {
        private readonly Random _random = new(seed);
        private int _losses;
        private byte[]? _held;

        public bool Calm { get; set; }
        public int Disturbed { get; private set; }

        public void Send(byte[] datagram, Action<byte[]> send)
        {
            var (drop, repeat, swap) = (Happens(conditions.Drop), Happens(conditions.Repeat), Happens(conditions.Swap));
            if (drop && MayLose())
            {
                return;
            }
            if (swap && _held is null && MayLose())
            {
                _held = datagram;
                return;
            }
            send(datagram);
            if (repeat && !Calm)
            {
                Disturbed++;
                send(datagram);
            }
            if (_held is { } late)
            {
                _held = null;
                send(late);
            }
        }

        private bool Happens(double part) => _random.NextDouble() < part;

        private bool MayLose()
        {
            if (Calm || _losses == conditions.MaxLosses)
            {
                return false;
            }
            _losses++;
            Disturbed++;
            return true;
        }
    }
}
