using System.Collections.Concurrent;
using System.Text;
using Starling.Coap;
using Starling.Dtls;

namespace Starling.Secured.Tests.Soak;

/// <summary>What a stranger is up to.</summary>
internal enum Conduct
{
    WrongKey,
    UnknownIdentity,
    NoCookie,
    HalfOpen,
    Garbage,
    Good,
}

/// <summary>One address that speaks to the server, which sees it as a peer, and the client behind it. It counts what went to it before its address was proven.</summary>
/// <param name="wire">Where the server is.</param>
/// <param name="number">Its address.</param>
/// <param name="conduct">What it does.</param>
internal sealed class Stranger(SoakWire wire, int number, Conduct conduct) : Peer, IDtlsOutput, IDisposable
{
    private static readonly DtlsSettings _settings = new() { Suites = [CipherSuite.PskAes128Ccm8], ConnectionIdLength = 0 };
    private readonly ConcurrentQueue<byte[]> _inbox = new();
    private DtlsConnection? _client;
    private int _spoken;

    public override PeerAddress Address => new("soak", $"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}:5684");

    public override bool AddressMayBeForged => true;

    /// <summary>Bytes from it, and to it, before it showed that it receives at its address.</summary>
    public int UnprovenIn { get; private set; }

    public int UnprovenOut { get; private set; }

    /// <summary>Whether it still has something to do.</summary>
    public bool IsBusy => !IsSilent && _client is { Status: DtlsStatus.Handshaking };

    public DtlsStatus? Status => _client?.Status;

    private bool IsProven => _spoken > 1;   // the second hello has the cookie

    private bool IsSilent => conduct is Conduct.NoCookie or Conduct.Garbage || (conduct == Conduct.HalfOpen && IsProven);

    public void Begin(Random chance)
    {
        if (conduct == Conduct.Garbage)
        {
            Emit(Garbage(chance), default);
            return;
        }
        var name = Encoding.UTF8.GetBytes(conduct == Conduct.UnknownIdentity ? $"nobody-{number}" : $"known-{number}");
        byte[] key = conduct == Conduct.WrongKey ? new byte[16] : SessionRig.Key;
        _client = DtlsConnection.Connect(_settings, new DtlsTarget(new DtlsOwnKeys { PreSharedKey = new DtlsOwnKeys.ClientKey(name, key) }), default, 0, this);
    }

    /// <summary>Takes what came and answers as far as it does that.</summary>
    public void Go()
    {
        while (IsBusy && _inbox.TryDequeue(out var datagram))
        {
            for (var rest = datagram.AsSpan(); !rest.IsEmpty;)
            {
                rest = rest[_client!.Receive(rest, default, 0, this, out _)..];
            }
        }
    }

    public void Say(ReadOnlySpan<byte> text) => _client!.Send(text, this);

    public void Emit(ReadOnlySpan<byte> datagram, PathId path)
    {
        _spoken++;
        UnprovenIn += IsProven ? 0 : datagram.Length;
        wire.Deliver(this, datagram);
    }

    /// <summary>From the server.</summary>
    public void Receives(ReadOnlySpan<byte> datagram)
    {
        UnprovenOut += IsProven ? 0 : datagram.Length;
        if (!IsSilent)
        {
            _inbox.Enqueue(datagram.ToArray());
        }
    }

    public void Dispose() => _client?.Dispose();

    public override string ToString() => $"{Address} {conduct}, datagrams out {_spoken}, waiting in {_inbox.Count}, {_client?.Progress}";

    // A record's header before it, so that some of it gets further than the first byte: handshake, data, connection id, alert, anything.
    private static byte[] Garbage(Random chance)
    {
        var bytes = new byte[chance.Next(1, 200)];
        chance.NextBytes(bytes);
        bytes[0] = (byte)(chance.Next(4) switch { 0 => 22, 1 => 23, 2 => 25, _ => bytes[0] });
        if (bytes.Length > 13 && chance.Next(2) == 0)
        {
            new byte[] { 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, (byte)(bytes.Length - 13) }.CopyTo(bytes, 1);
        }
        return bytes;
    }
}
