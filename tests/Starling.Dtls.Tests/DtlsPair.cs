using System.Security.Cryptography;

namespace Starling.Dtls.Tests;

/// <summary>A client and a server with a wire between them on time that stands still until nothing is left to deliver. Chance is a seed.</summary>
internal sealed class DtlsPair
{
    public const int MaxSteps = 20_000;
    private readonly Random _random;
    private readonly List<(bool ToServer, byte[] Datagram, PathId Path)> _wire = [];

    public DtlsPair(int seed = 1)
    {
        _random = new Random(seed);
        Cookies = new CookieKeys(Chance);
        ToClient = new Port(this, toServer: false);
        ToServer = new Port(this, toServer: true);
    }

    public RandomNumberGenerator Chance { get; } = RandomNumberGenerator.Create();

    public DtlsSettings ClientSettings { get; set; } = new() { Suites = DtlsSettings.ClientSuites };

    public DtlsSettings ServerSettings { get; set; } = new();

    public DtlsOwnKeys ClientKeys { get; set; } = Psk("device", new byte[16]);

    public DtlsOwnKeys ServerKeys { get; set; } = new() { AcceptsPreSharedKeys = true };

    public CookieKeys Cookies { get; set; }

    public DtlsSessionCache? Cache { get; set; }

    public DtlsResumption? Resume { get; set; }

    public string? ServerName { get; set; }

    /// <summary>What whoever knows the keys says to either side.</summary>
    public Func<DtlsQuery, DtlsAnswer> Answer { get; set; } = _ => new DtlsAnswer.Key(new byte[16]);

    /// <summary>How many of a hundred datagrams are lost, come twice, or come late.</summary>
    public int Loss { get; set; }

    public int Duplication { get; set; }

    public int Reordering { get; set; }

    /// <summary>Sees, changes or drops (null) every datagram.</summary>
    public Func<bool, byte[], byte[]?> Tamper { get; set; } = (_, datagram) => datagram;

    public long Now { get; set; }

    /// <summary>Whether work is done before it is handed back.</summary>
    public bool RunsWork { get; set; } = true;

    public PathId ClientPath { get; set; } = new(1);

    public IDtlsOutput ToClient { get; }

    public IDtlsOutput ToServer { get; }

    public DtlsConnection Client { get; set; } = null!;

    public DtlsConnection? Server { get; set; }

    /// <summary>All that went to the server and to the client.</summary>
    public List<(bool ToServer, byte[] Datagram)> Log { get; } = [];

    public List<byte[]> ReceivedByServer { get; } = [];

    public List<byte[]> ReceivedByClient { get; } = [];

    public List<DtlsChanges> ChangesAtServer { get; } = [];

    public bool IsEstablished => Client.Status == DtlsStatus.Established && Server?.Status == DtlsStatus.Established;

    public static DtlsOwnKeys Psk(string identity, byte[] key) =>
        new() { PreSharedKey = new DtlsOwnKeys.ClientKey(System.Text.Encoding.UTF8.GetBytes(identity), key) };

    /// <summary>A handshake until both are settled; then what is left on the wire.</summary>
    public DtlsPair Connect()
    {
        Client = DtlsConnection.Connect(ClientSettings, new DtlsTarget(ClientKeys, ServerName, Resume), new PathId(2), Now, ToServer);
        return Settle();
    }

    /// <summary>Delivers and lets time pass until nobody waits for anything.</summary>
    public DtlsPair Settle(int steps = int.MaxValue)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            if (step >= steps)
            {
                return this;
            }
            Serve(Client, ToServer);
            if (Server is not null)
            {
                Serve(Server, ToClient);
            }
            if (!DeliverOne() && (step + 1 >= steps || !PassTime()))
            {
                return this;
            }
        }
        throw new InvalidOperationException("They never settle.");
    }

    /// <summary>Puts a datagram on the wire as it is.</summary>
    public void Inject(bool toServer, byte[] datagram, PathId? path = null) =>
        _wire.Add((toServer, datagram, path ?? (toServer ? ClientPath : new PathId(2))));

    public SendResult ClientSends(params byte[] bytes) => Client.Send(bytes, ToServer);

    public SendResult ServerSends(params byte[] bytes) => Server!.Send(bytes, ToClient);

    private void Serve(DtlsConnection connection, IDtlsOutput output)
    {
        while (connection.Status is DtlsStatus.NeedsCredential or DtlsStatus.NeedsWork)
        {
            if (connection.Query is { } query)
            {
                connection.Provide(Answer(query), Now, output);
                continue;
            }
            var work = connection.TakeWork()!;
            if (RunsWork)
            {
                work.Run();
            }
            connection.Complete(work, Now, output);
        }
    }

    private bool DeliverOne()
    {
        if (_wire.Count == 0)
        {
            return false;
        }
        var at = _random.Next(100) < Reordering ? _random.Next(_wire.Count) : 0;
        var (toServer, datagram, path) = _wire[at];
        _wire.RemoveAt(at);
        if (toServer)
        {
            TakeAtServer((byte[])datagram.Clone(), path);
        }
        else
        {
            Take(Client, (byte[])datagram.Clone(), path, ToServer, ReceivedByClient);
        }
        return true;
    }

    private void TakeAtServer(byte[] datagram, PathId path)
    {
        if (Server is null or { Status: DtlsStatus.Closed })
        {
            Server = new DtlsAcceptor(ServerSettings, ServerKeys, Cookies, Cache).Answer(datagram, path, [1, 2, 3, 4], Now, ToClient).Connection ?? Server;
            return;
        }
        ChangesAtServer.Add(Take(Server, datagram, path, ToClient, ReceivedByServer));
    }

    private DtlsChanges Take(DtlsConnection connection, byte[] datagram, PathId path, IDtlsOutput output, List<byte[]> data)
    {
        var changes = DtlsChanges.None;
        for (var at = 0; at < datagram.Length;)
        {
            var rest = datagram.AsSpan(at);
            at += connection.Receive(rest, path, Now, output, out var received);
            changes |= received.Changes;
            if (received.Has(DtlsChanges.Application))
            {
                data.Add(rest.Slice(received.Offset, received.Length).ToArray());
            }
        }
        return changes;
    }

    private bool PassTime()
    {
        var next = Math.Min(Client.Deadline, Server?.Deadline ?? long.MaxValue);
        if (next == long.MaxValue)
        {
            return false;
        }
        Now = Math.Max(Now, next);
        Client.Expire(Now, ToServer);
        Server?.Expire(Now, ToClient);
        return true;
    }

    private sealed class Port(DtlsPair pair, bool toServer) : IDtlsOutput
    {
        public void Emit(ReadOnlySpan<byte> datagram, PathId path)
        {
            var bytes = datagram.ToArray();
            pair.Log.Add((toServer, bytes));
            if (pair.Tamper(toServer, bytes) is not { } sent || pair._random.Next(100) < pair.Loss)
            {
                return;
            }
            var from = toServer ? pair.ClientPath : new PathId(2);
            pair._wire.Add((toServer, sent, from));
            if (pair._random.Next(100) < pair.Duplication)
            {
                pair._wire.Add((toServer, sent, from));
            }
        }
    }
}
