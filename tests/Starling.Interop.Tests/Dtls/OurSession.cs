using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Starling.Dtls;

namespace Starling.Interop.Tests;

/// <summary>What a session of ours is made with.</summary>
internal sealed record OurSettings(DtlsSettings Settings, DtlsOwnKeys Own, OurPeer.Judge Judge);

/// <summary>Starling.Dtls on a bare socket: one session at a time, all work on the loop that receives.</summary>
internal sealed class OurSession : SecureSession, IDtlsOutput
{
    private readonly Lock _gate = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<IPEndPoint> _paths = [];
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    private readonly Channel<DtlsProgress> _established = Channel.CreateUnbounded<DtlsProgress>();
    private readonly Channel<DtlsProgress> _closed = Channel.CreateUnbounded<DtlsProgress>();
    private readonly OurSettings _with;
    private readonly DtlsAcceptor? _acceptor;
    private readonly Task _loop;
    private DtlsConnection? _connection;
    private DtlsStatus _last;

    private OurSession(int port, int server, OurSettings with, string? name, DtlsResumption? resume)
    {
        _with = with;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        if (server == 0)
        {
            _acceptor = new DtlsAcceptor(with.Settings, with.Own, new CookieKeys(with.Settings.Random), new DtlsSessionCache());
        }
        else
        {
            _connection = DtlsConnection.Connect(with.Settings, new DtlsTarget(with.Own, name, resume), Path(new IPEndPoint(IPAddress.Loopback, server)), Now, this);
        }
        _loop = RunAsync();
    }

    private static long Now => (long)TimeProvider.System.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>How often the other side's address has changed.</summary>
    public int Moves { get; private set; }

    /// <summary>How long a line may be, with its end.</summary>
    public int MaxPlaintext
    {
        get
        {
            lock (_gate)
            {
                return _connection!.MaxPlaintext;
            }
        }
    }

    public override string Said
    {
        get
        {
            lock (_gate)
            {
                return $"{_connection?.Status} {_connection?.Progress}";
            }
        }
    }

    public static OurSession Server(int port, OurSettings with) => new(port, 0, with, null, null);

    public static OurSession Client(int server, OurSettings with, string? name, DtlsResumption? resume) => new(0, server, with, name, resume);

    /// <summary>What the next handshake that goes well agreed on.</summary>
    public Task<DtlsProgress> EstablishedAsync() => _established.Reader.ReadAsync(ForeignProgram.Patience).AsTask();

    /// <summary>How the next session or handshake ended.</summary>
    public Task<DtlsProgress> EndedAsync() => _closed.Reader.ReadAsync(ForeignProgram.Patience).AsTask();

    /// <summary>What a later session may go on from.</summary>
    public DtlsResumption TakeResumption()
    {
        lock (_gate)
        {
            return _connection!.TakeResumption() ?? throw new InvalidOperationException("There is nothing to resume.");
        }
    }

    public override async Task SayAsync(string text)
    {
        if (_last != DtlsStatus.Established)
        {
            _established.Writer.TryWrite(await EstablishedAsync());   // who asks for it later is told as well
        }
        lock (_gate)
        {
            Assert.Equal(SendResult.Sent, _connection!.Send(Encoding.UTF8.GetBytes(text + "\n"), this));
        }
    }

    public override async Task HearAsync(string text)
    {
        while (!(await _heard.Reader.ReadAsync(ForeignProgram.Patience)).Contains(text, StringComparison.Ordinal))
        {
        }
    }

    public override Task CloseAsync()
    {
        lock (_gate)
        {
            _connection!.Close(this);
        }
        return Task.CompletedTask;
    }

    public override Task WaitClosedAsync() => EndedAsync();

    public override async Task<string> WaitFailedAsync() => (await EndedAsync()).Failure ?? "it was closed";

    public override async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _loop;
        lock (_gate)
        {
            _connection?.Dispose();
        }
    }

    public void Emit(ReadOnlySpan<byte> datagram, PathId path) => _socket.SendTo(datagram, SocketFlags.None, _paths[(int)path.Value]);

    private async Task RunAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            try
            {
                using var wake = new CancellationTokenSource(Patience());
                var got = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Loopback, 0), wake.Token);
                lock (_gate)
                {
                    Take(buffer.AsSpan(0, got.ReceivedBytes), (IPEndPoint)got.RemoteEndPoint);
                    Follow();
                }
            }
            catch (OperationCanceledException)
            {
                Expire();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
            {
                // The other side went.
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private TimeSpan Patience()
    {
        lock (_gate)
        {
            return TimeSpan.FromMilliseconds(Math.Clamp((_connection?.Deadline ?? long.MaxValue) - Now, 0, 10_000));
        }
    }

    private void Expire()
    {
        lock (_gate)
        {
            if (_connection?.Deadline <= Now)
            {
                _connection.Expire(Now, this);
                Follow();
            }
        }
    }

    private void Take(Span<byte> datagram, IPEndPoint from)
    {
        var path = Path(from);
        if (_connection is null or { Status: DtlsStatus.Closed })
        {
            Answer(datagram, path);
            return;
        }
        for (var rest = datagram; rest.Length > 0;)
        {
            var used = _connection.Receive(rest, path, Now, this, out var received);
            if (received.Has(DtlsChanges.AnotherHello))
            {
                Answer(datagram, path);
                return;
            }
            if (received.Has(DtlsChanges.Application))
            {
                _heard.Writer.TryWrite(Encoding.UTF8.GetString(rest.Slice(received.Offset, received.Length)));
            }
            Moves += received.Has(DtlsChanges.PeerMoved) ? 1 : 0;
            rest = rest[used..];
            Follow();
        }
    }

    private void Answer(ReadOnlySpan<byte> datagram, PathId path)
    {
        var address = _paths[(int)path.Value];
        var result = _acceptor?.Answer(datagram, path, [.. address.Address.GetAddressBytes(), (byte)(address.Port >> 8), (byte)address.Port], Now, this);
        if (result?.Connection is { } accepted)
        {
            _connection?.Dispose();
            _connection = accepted;
            _last = DtlsStatus.Handshaking;
        }
    }

    // Gives what is asked for, and tells what became of it.
    private void Follow()
    {
        while (_connection?.Status is DtlsStatus.NeedsCredential or DtlsStatus.NeedsWork)
        {
            if (_connection.Query is { } query)
            {
                _connection.Provide(_with.Judge.Answer(query), Now, this);
            }
            else
            {
                var work = _connection.TakeWork()!;
                work.Run();
                _connection.Complete(work, Now, this);
            }
        }
        var status = _connection?.Status ?? _last;
        if (status != _last)
        {
            _last = status;
            var writer = status == DtlsStatus.Established ? _established : status == DtlsStatus.Closed ? _closed : null;
            writer?.Writer.TryWrite(_connection!.Progress);
        }
    }

    private PathId Path(IPEndPoint address)
    {
        if (!_paths.Contains(address))
        {
            _paths.Add(address);
        }
        return new PathId(_paths.IndexOf(address));
    }
}
