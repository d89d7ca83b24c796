using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Starling.Dtls;

var key = RandomNumberGenerator.GetBytes(16);
using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
_ = Task.Run(() => Serve(server, key));

var output = new To(client, (IPEndPoint)server.Client.LocalEndPoint!);
var own = new DtlsOwnKeys { PreSharedKey = new DtlsOwnKeys.ClientKey("somebody"u8.ToArray(), key) };
using var session = DtlsConnection.Connect(new DtlsSettings { Suites = DtlsSettings.ClientSuites }, new DtlsTarget(own), default, Now(), output);
while (session.Status != DtlsStatus.Established)
{
    Take(session, Receive(client, out _), output, _ => { });
}
Console.WriteLine($"{session.Progress.Version}, {session.Progress.Suite}");
session.Send("Hello, is anybody there?"u8, output);
Take(session, Receive(client, out _), output, answer => Console.WriteLine(Encoding.UTF8.GetString(answer)));

// One client at a time: a server has a session for each address, or for each connection id.
static void Serve(UdpClient socket, byte[] key)
{
    var acceptor = new DtlsAcceptor(new DtlsSettings(), new DtlsOwnKeys { AcceptsPreSharedKeys = true }, new CookieKeys(RandomNumberGenerator.Create()));
    DtlsConnection? session = null;
    while (true)
    {
        var datagram = Receive(socket, out var from);
        var output = new To(socket, from);
        if (session is null)
        {
            session = acceptor.Answer(datagram, default, Encoding.UTF8.GetBytes(from.ToString()), Now(), output).Connection;
            continue;
        }
        Take(session, datagram, output, text => session.Send(text, output));
        if (session.Query is DtlsQuery.PreSharedKey asked)
        {
            Console.WriteLine($"{Encoding.UTF8.GetString(asked.Identity.Span)} knocks");
            session.Provide(new DtlsAnswer.Key(key), Now(), output);
        }
    }
}

static long Now() => (long)TimeProvider.System.GetElapsedTime(0).TotalMilliseconds;

static byte[] Receive(UdpClient socket, out IPEndPoint from)
{
    from = new IPEndPoint(IPAddress.Any, 0);
    return socket.Receive(ref from);
}

// A datagram has one record or more.
static void Take(DtlsConnection session, byte[] datagram, To output, Action<byte[]> take)
{
    for (var at = 0; at < datagram.Length;)
    {
        var rest = datagram.AsSpan(at);
        at += session.Receive(rest, default, Now(), output, out var received);
        if (received.Has(DtlsChanges.Application))
        {
            take(rest.Slice(received.Offset, received.Length).ToArray());
        }
    }
}

internal sealed class To(UdpClient socket, IPEndPoint peer) : IDtlsOutput
{
    public void Emit(ReadOnlySpan<byte> datagram, PathId path) => socket.Send(datagram, peer);
}
