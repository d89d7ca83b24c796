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

    /// <inheritdoc/>
    /// <exception cref="IOException">A port is in use, or an address is not ours.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var channels = new List<IMessageChannel>();
        var udp = _settings.Udp is { } settings ? Wiring.Socket(_services, settings) : null;
        if (udp is not null)
        {
            channels.Add(Wiring.Layer(_services, udp, _settings.Server.Coap, _server.Trace));
        }
        channels.AddRange(_settings.Channels.Select(make => make(_services)));
        await _server.StartAsync(channels, cancellationToken).ConfigureAwait(false);
        _udp = udp;
        if (udp is not null)
        {
            Log.Listening((_services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<ServerService>(), udp.LocalEndPoint!);
        }
    }

    /// <summary>Closes the channels: what comes later is not answered, and waiting operations fail.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.DisposeAsync().AsTask();
}
