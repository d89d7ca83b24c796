namespace Starling.Dtls.Tests;

/// <summary>
/// A carrier that hands messages to the other end as they are, or as a dishonest sender would: what it leaves out, repeats or changes is so in its own
/// transcript too, and its Finished fits what the other end saw.
/// </summary>
internal sealed class ScriptedCarrier : HandshakeCarrier
{
    private readonly List<Sent> _inbox = [];
    private bool _isProtected;

    public override Dialect Dialect => Dialect.Datagrams;

    public ScriptedCarrier Peer { get; set; } = null!;

    public Handshake Handshake { get; set; } = null!;

    /// <summary>What really goes out in place of a message.</summary>
    public Func<Sent, IEnumerable<Sent>> Script { get; set; } = sent => [sent];

    /// <summary>Every message that would have gone out of an honest end.</summary>
    public List<Sent> Meant { get; } = [];

    public override void Send(HandshakeType type, ReadOnlySpan<byte> body, Transcript transcript)
    {
        var meant = new Sent(type, body.ToArray(), _isProtected);
        Meant.Add(meant);
        foreach (var sent in Script(meant))
        {
            transcript.Append(sent.Header);
            transcript.Append(sent.Body);
            Peer._inbox.Add(sent);
        }
    }

    public override void InstallKeys(SessionKeys keys, HandshakeTerms terms)
    {
    }

    public override void ChangeCipherSpec() => _isProtected = true;

    public override void EndFlight(bool isLast)
    {
    }

    /// <summary>Takes what came; false when there was nothing to do.</summary>
    public bool Pump(Func<DtlsQuery, DtlsAnswer> answer)
    {
        if (Handshake.Query is { } query)
        {
            Handshake.Provide(answer(query));
        }
        else if (Handshake.Work is { } work)
        {
            work.Run();
            Handshake.Complete(work);
            work.Dispose();
        }
        else if (_inbox.Count > 0 && Handshake is { IsDone: false, Failure: null })
        {
            var sent = _inbox[0];
            _inbox.RemoveAt(0);
            Handshake.Receive(new HandshakeMessage { Type = sent.Type, Header = sent.Header, Body = sent.Body, IsProtected = sent.IsProtected });
        }
        else
        {
            return false;
        }
        return true;
    }

    /// <summary>One message on the wire.</summary>
    internal sealed record Sent(HandshakeType Type, byte[] Body, bool IsProtected)
    {
        public byte[] Header => [(byte)Type, (byte)(Body.Length >> 16), (byte)(Body.Length >> 8), (byte)Body.Length];
    }
}
