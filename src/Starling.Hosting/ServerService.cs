using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Starling.Coap;
using Starling.Server;
using Starling.Transports;

namespace Starling.Hosting;

/// <summary>Starts the server with the host and stops it with the host. Injectable, to learn where the server listens.</summary>
public sealed class ServerService : IHostedService
{
    private readonly Lwm2mServer _server;
    private readonly ServerHostSettings _settings;
    private readonly IServiceProvider _services;
    private UdpChannel? _udp;
    private UdpChannel? _secured;

    /// <summary>Made by the container.</summary>
    /// <param name="server">The server to run.</param>
    /// <param name="settings">Its channels.</param>
    /// <param name="services">What the channels may need.</param>
    public ServerService(Lwm2mServer server, IOptions<ServerHostSettings> settings, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _server = server;
        _settings = settings.Value;
        _services = services;
    }

    /// <summary>Where CoAP over UDP listens, with the port that the system chose; null without UDP and before the start.</summary>
    public IPEndPoint? UdpAddress => _udp?.LocalEndPoint;

    /// <summary>Where CoAP over DTLS listens, with the port that the system chose; null without it and before the start.</summary>
    public IPEndPoint? DtlsAddress => _secured?.LocalEndPoint;

    /// <summary>The channel of secured sessions; null without one and before the start.</summary>
    public DtlsChannel? Dtls { get; private set; }

    /// <summary>Raised when a handshake of the server's has ended, one way or the other: it must be quick and may not throw.</summary>
    public event Action<HandshakeReport>? HandshakeEnded;

    /// <inheritdoc/>
    /// <exception cref="IOException">A port is in use, or an address is not ours.</exception>
    /// <exception cref="InvalidOperationException">There is DTLS, and nobody who knows the credentials.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var channels = new List<IMessageChannel>();
        var udp = _settings.Udp is { } settings ? Wiring.Socket(_services, settings) : null;
        if (udp is not null)
        {
            channels.Add(Wiring.Layer(_services, udp, _settings.Server.Coap, _server.Trace));
        }
        var (secured, dtls) = Secured();
        if (dtls is not null)
        {
            await RestoreAsync(dtls, cancellationToken).ConfigureAwait(false);
            channels.Add(Wiring.Layer(_services, dtls, _settings.Server.Coap, _server.Trace));
        }
        channels.AddRange(_settings.Channels.Select(make => make(_services)));
        await _server.StartAsync(channels, cancellationToken).ConfigureAwait(false);
        (_udp, _secured, Dtls) = (udp, secured, dtls);
        var log = (_services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<ServerService>();
        if (udp is not null)
        {
            Log.Listening(log, udp.LocalEndPoint);
        }
        if (secured is not null)
        {
            Log.ListeningSecured(log, secured.LocalEndPoint);
        }
    }

    // The credentials first: a store that a wrong key does not open says so there, and the sessions under the right one are still what they were. Then those
    // sessions are let go of again whose credentials ended while nobody ran.
    private async Task RestoreAsync(DtlsChannel channel, CancellationToken cancel)
    {
        if (_server.Credentials is { } known)
        {
            await known.RestoreAsync(cancel).ConfigureAwait(false);
        }
        await channel.RestoreAsync(cancel).ConfigureAwait(false);
        channel.CloseAll(identity => _server.Credentials?.StillCounts(identity) == false);
    }

    private (UdpChannel? Socket, DtlsChannel? Channel) Secured()
    {
        if (_settings.Dtls is not { } settings)
        {
            return (null, null);
        }
        var credentials = _services.GetService<IPeerCredentials>() ?? _server.Credentials
            ?? throw new InvalidOperationException("AddStarlingServer: Dtls is set; register DeviceCredentials, or an IPeerCredentials of your own, that say who may come in.");
        var socket = Wiring.Socket(_services, settings.Udp);
        var server = new DtlsServer(settings.Keys, credentials) { Store = _services.GetService<ISessionStore>(), Resumable = settings.Resumable };
        var channel = Wiring.Secure(_services, socket, settings.Channel, server, _server.Trace);
        channel.HandshakeEnded += report => HandshakeEnded?.Invoke(report);
        if (_server.Credentials is { } known)
        {
            known.Ended += ended => channel.CloseAll(ended.MayVouchFor);
        }
        return (socket, channel);
    }

    /// <summary>Closes the channels: what comes later is not answered, and waiting operations fail.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.DisposeAsync().AsTask();
}
