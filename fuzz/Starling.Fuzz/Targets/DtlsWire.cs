using Starling.Dtls;
using Starling.Testing;

namespace Starling.Fuzz.Targets;

/// <summary>
/// A client and a server with a wire on which an input meddles. Four bytes of input are one deed on one datagram: which datagram, where, what, how.
/// </summary>
internal sealed class DtlsWire
{
    private const int MaxDatagrams = 60;
    private readonly byte[] _deeds;
    private readonly Queue<(bool ToServer, byte[] Datagram)> _wire = new();
    private readonly DtlsAcceptor _acceptor;
    private readonly byte[] _serverKey;
    private readonly Port _toClient;
    private readonly Port _toServer;
    private int _count;
    private long _now;

    public DtlsWire(ReadOnlySpan<byte> deeds, bool hasSameKey)
    {
        _deeds = deeds.ToArray();
        _serverKey = new byte[hasSameKey ? 16 : 8];
        (_toClient, _toServer) = (new Port(this, false), new Port(this, true));
        var chance = new SeededChance(1);
        var settings = new DtlsSettings { ConnectionIdLength = 4, Random = chance };
        _acceptor = new DtlsAcceptor(settings, new DtlsOwnKeys { AcceptsPreSharedKeys = true }, new CookieKeys(chance));
        var own = new DtlsOwnKeys { PreSharedKey = new DtlsOwnKeys.ClientKey("device"u8.ToArray(), new byte[16]) };
        Client = DtlsConnection.Connect(settings with { Suites = DtlsSettings.ClientSuites }, new DtlsTarget(own), default, 0, _toServer);
    }

    public DtlsConnection Client { get; }

    public DtlsConnection? Server { get; private set; }

    /// <summary>What came out as application data.</summary>
    public List<byte[]> Delivered { get; } = [];

    /// <summary>Delivers, answers and lets time pass until nothing happens any more.</summary>
    public void Play()
    {
        for (var idle = 0; idle < 40 && _count < MaxDatagrams;)
        {
            if (_wire.TryDequeue(out var next))
            {
                Deliver(next.ToServer, next.Datagram);
                continue;
            }
            idle++;
            _now += 1000;
            Client.Expire(_now, _toServer);
            Server?.Expire(_now, _toClient);
        }
    }

    /// <summary>Sends application data either way.</summary>
    public void Talk(byte[] data)
    {
        Client.Send(data, _toServer);
        Server?.Send(data, _toClient);
        Play();
    }

    /// <summary>Hands a datagram to one side as it is.</summary>
    public void Deliver(bool toServer, byte[] datagram)
    {
        if (toServer && Server is null or { Status: DtlsStatus.Closed })
        {
            Server = _acceptor.Answer(datagram, default, [1, 2], _now, _toClient).Connection ?? Server;
        }
        else
        {
            Receive(toServer ? Server! : Client, datagram, toServer ? _toClient : _toServer);
        }
        if (Server?.Query is not null)
        {
            Server.Provide(new DtlsAnswer.Key(_serverKey), _now, _toClient);
        }
    }

    private void Receive(DtlsConnection connection, byte[] datagram, Port output)
    {
        for (var rest = datagram.AsSpan(); !rest.IsEmpty;)
        {
            var consumed = connection.Receive(rest, default, _now, output, out var received);
            OracleException.Require(consumed > 0 && consumed <= rest.Length, $"{consumed} of {rest.Length} bytes consumed.");
            if (received.Has(DtlsChanges.Application))
            {
                Delivered.Add(rest.Slice(received.Offset, received.Length).ToArray());
            }
            rest = rest[consumed..];
        }
    }

    private void Put(bool toServer, byte[] datagram)
    {
        var number = _count++;
        for (var at = 0; at + 4 <= _deeds.Length; at += 4)
        {
            if (_deeds[at] % 24 == number && datagram.Length > 0)
            {
                datagram = Do(_deeds[at + 3], datagram, _deeds[at + 1], _deeds[at + 2], toServer);
            }
        }
        if (datagram.Length > 0)
        {
            _wire.Enqueue((toServer, datagram));
        }
    }

    private byte[] Do(byte deed, byte[] datagram, byte where, byte what, bool toServer)
    {
        var at = where % datagram.Length;
        switch (deed % 8)
        {
            case 0:
                return [];
            case 1:
                _wire.Enqueue((toServer, [.. datagram]));
                return datagram;
            case 2:
                return datagram[..at];
            case 3:
                return [.. datagram[..at], .. datagram];
            case 4:
                datagram[at] = what;
                return datagram;
            case 5:
                datagram[at] += what;
                return datagram;
            case 6:
                return [.. datagram[at..], .. datagram[..at]];
            default:
                return [.. datagram, .. new byte[what]];
        }
    }

    private sealed class Port(DtlsWire wire, bool toServer) : IDtlsOutput
    {
        public void Emit(ReadOnlySpan<byte> datagram, PathId path) => wire.Put(toServer, datagram.ToArray());
    }
}
