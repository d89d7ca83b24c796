using System.Net;
using Starling.Coap;
using Starling.Dtls;
using Starling.Transports;

namespace Starling.Load;

/// <summary>What the options say of the socket, and of the sessions on it: with <c>--dtls --psk HEX</c> every identity has the same key.</summary>
internal sealed class LoadChannel : IPeerCredentials
{
    private readonly byte[] _key;

    private LoadChannel(LoadOptions options)
    {
        _key = Convert.FromHexString(options.Text("psk", ""));
        Socket = new UdpChannel(new UdpSettings
        {
            Bind = IPEndPoint.Parse(options.Text("bind", "127.0.0.1:5683")),
            ReceiveThreads = options.Number("threads", 1),
            Portable = options.Flag("portable"),
        });
        Top = Socket;
        if (options.Flag("dtls"))
        {
            var settings = new DtlsChannelSettings { Dtls = new DtlsSettings { ConnectionIdLength = (byte)options.Number("cid", 6) } };
            Top = Dtls = new DtlsChannel(Socket, settings, TimeProvider.System, new DtlsServer(new DtlsOwnKeys { AcceptsPreSharedKeys = true }, this));
        }
    }

    /// <summary>The socket.</summary>
    public UdpChannel Socket { get; }

    /// <summary>The sessions; null without.</summary>
    public DtlsChannel? Dtls { get; }

    /// <summary>What CoAP stands on.</summary>
    public IDatagramChannel Top { get; }

    public static LoadChannel Of(LoadOptions options) => new(options);

    public ValueTask<PeerVerdict> JudgeAsync(PeerClaim claim, CancellationToken cancel) => ValueTask.FromResult<PeerVerdict>(
        claim is PeerClaim.PreSharedKey { Identity: var identity }
            ? new PeerVerdict.Accepted(new PeerIdentity.PreSharedKey(System.Text.Encoding.UTF8.GetString(identity.Span)), _key)
            : new PeerVerdict.Refused(PeerRefusal.Unknown, "Only pre-shared keys are taken here."));
}
