using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Starling.Dtls;

using UdpClient near = new(new IPEndPoint(IPAddress.Loopback, 0)), far = new(new IPEndPoint(IPAddress.Loopback, 0));
near.Connect((IPEndPoint)far.Client.LocalEndPoint!);
far.Connect((IPEndPoint)near.Client.LocalEndPoint!);
var (here, there, key) = (new End(near.Client), new End(far.Client), RandomNumberGenerator.GetBytes(16));
var own = new DtlsOwnKeys { PreSharedKey = new("somebody"u8.ToArray(), key) };
using var client = DtlsConnection.Connect(new DtlsSettings { Suites = DtlsSettings.ClientSuites }, new DtlsTarget(own), default, End.Now, here);
var acceptor = new DtlsAcceptor(new DtlsSettings(), new DtlsOwnKeys { AcceptsPreSharedKeys = true }, new CookieKeys(RandomNumberGenerator.Create()));
DtlsConnection? server = null;
string? answer;
do   // in turn: a datagram there, a datagram back
{
    client.Send("Hello, is anybody there?"u8, here);   // says that it cannot, until there is a session
    if (server is null)   // a cookie first, to see that the address is the client's
    {
        server = acceptor.Answer(there.Receive(), default, "the client's address"u8, End.Now, there).Connection;
    }
    else if (there.Take(server) is { } text)
    {
        server.Send(Encoding.UTF8.GetBytes(text), there);
    }
    if (server?.Query is DtlsQuery.PreSharedKey asked)
    {
        Console.WriteLine($"{Encoding.UTF8.GetString(asked.Identity.Span)} knocks");
        server.Provide(new DtlsAnswer.Key(key), End.Now, there);
    }
}
while ((answer = here.Take(client)) is null);
Console.WriteLine($"{client.Progress.Version}, {client.Progress.Suite}\n{answer}");
server!.Dispose();

internal sealed class End(Socket socket) : IDtlsOutput
{
    private readonly byte[] _datagram = new byte[2048];

    public static long Now => (long)TimeProvider.System.GetElapsedTime(0).TotalMilliseconds;

    public void Emit(ReadOnlySpan<byte> datagram, PathId path) => socket.Send(datagram);

    public Span<byte> Receive() => _datagram.AsSpan(0, socket.Receive(_datagram));

    public string? Take(DtlsConnection session)
    {
        string? text = null;
        for (var rest = Receive(); rest.Length > 0;)   // a datagram has one record or more
        {
            var used = session.Receive(rest, default, Now, this, out var got);
            text = got.Has(DtlsChanges.Application) ? Encoding.UTF8.GetString(rest.Slice(got.Offset, got.Length)) : text;
            rest = rest[used..];
        }
        return text;
    }
}
