namespace Starling.Dtls.Tests;

/// <summary>Two handshakes without any records, one of them perhaps dishonest.</summary>
internal sealed class HandshakeTheatre
{
    private readonly DtlsPair _keys;

    public HandshakeTheatre(ushort suite, DtlsSessionCache? cache = null, DtlsResumption? resume = null, DtlsPair? keys = null)
    {
        _keys = keys ?? TestKeys.Equip(new DtlsPair(), rawKeys: true);
        Answer = _keys.Answer;
        Settings = new DtlsSettings { Suites = [new CipherSuite(suite)] };
        (Client.Peer, Server.Peer) = (Server, Client);
        (_cache, _resume) = (cache, resume);
    }

    private readonly DtlsSessionCache? _cache;
    private readonly DtlsResumption? _resume;

    public DtlsSettings Settings { get; set; }

    public ScriptedCarrier Client { get; } = new();

    public ScriptedCarrier Server { get; } = new();

    public Func<DtlsQuery, DtlsAnswer> Answer { get; set; }

    public DtlsOwnKeys ClientKeys
    {
        get => field ?? _keys.ClientKeys;
        set;
    }

    /// <summary>The end of that name.</summary>
    public ScriptedCarrier this[bool isClient] => isClient ? Client : Server;

    /// <summary>Plays it to its end.</summary>
    public HandshakeTheatre Play()
    {
        Server.Handshake = Handshake.OfServer(Settings, _keys.ServerKeys, Server, new SessionMemory(_cache, 0));
        Client.Handshake = Handshake.OfClient(Settings, new DtlsTarget(ClientKeys, null, _resume), Client);
        for (var turns = 0; turns < 200 && (Server.Pump(Answer) | Client.Pump(Answer)); turns++)
        {
        }
        return this;
    }
}
