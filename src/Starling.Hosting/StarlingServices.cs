using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Starling.Client;
using Starling.Coap;
using Starling.Server;
using Starling.Transports;

namespace Starling.Hosting;

/// <summary>Starling in a .NET host.</summary>
public static class StarlingServices
{
    /// <summary>
    /// Adds an LwM2M server: an injectable <see cref="Lwm2mServer"/> that starts and stops with the host. A registered <see cref="IDeviceStore"/>
    /// keeps its devices, an <see cref="IOperationStore"/> its queue, an
    /// <see cref="IProfileStore"/> what profile ids stand for; registered <see cref="DeviceCredentials"/> say who may speak, an <see cref="ISessionStore"/> keeps sessions of DTLS; a registered <see cref="TimeProvider"/> is its clock.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the settings; null leaves them as they are.</param>
    public static IServiceCollection AddStarlingServer(this IServiceCollection services, Action<ServerHostSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var settings = services.AddOptions<ServerHostSettings>();
        if (configure is not null)
        {
            settings.Configure(configure);
        }
        services.TryAddSingleton(MakeServer);
        services.TryAddSingleton<ServerService>();
        services.AddHostedService(s => s.GetRequiredService<ServerService>());
        return services;
    }

    /// <summary>Adds an LwM2M client: an injectable <see cref="Lwm2mClient"/> that registers when the host starts and de-registers when it stops.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Gives the settings: <see cref="ClientHostSettings.Client"/> must be set.</param>
    public static IServiceCollection AddStarlingClient(this IServiceCollection services, Action<ClientHostSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddStarlingClient((_, settings) => configure(settings));
    }

    /// <summary>Adds an LwM2M client whose objects are made from services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Gives the settings: <see cref="ClientHostSettings.Client"/> must be set.</param>
    public static IServiceCollection AddStarlingClient(this IServiceCollection services, Action<IServiceProvider, ClientHostSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<ClientHostSettings>().Configure<IServiceProvider>((settings, provider) => configure(provider, settings))
            .Validate(s => s.Client is not null, "AddStarlingClient: set Client, with the endpoint name and at least one server.")
            .Validate(s => s.Udp is not null || s.Channels.Count > 0, "AddStarlingClient: there is neither UDP nor another channel.");
        services.TryAddSingleton(MakeClient);
        services.AddHostedService<ClientService>();
        return services;
    }

    private static Lwm2mServer MakeServer(IServiceProvider services)
    {
        var settings = services.GetRequiredService<IOptions<ServerHostSettings>>().Value;
        var time = Wiring.Time(services);
        return new Lwm2mServer(
            settings.Server, settings.Catalog, time, services.GetService<IDeviceStore>(),
            settings.Trace ? new ProtocolTrace(time) : null, services.GetService<ILoggerFactory>())
        {
            OtherPaths = settings.OtherPaths?.Invoke(services),
            OperationStore = services.GetService<IOperationStore>(),
            ProfileStore = services.GetService<IProfileStore>(),
            Credentials = services.GetService<DeviceCredentials>(),
        };
    }

    // A socket for what is not secured, and one for each account that is: what goes between two ports is one session, and two servers may have one address.
    // A port that was chosen is there once.
    private static IEnumerable<IDatagramChannel> Sockets(IServiceProvider services, ClientHostSettings settings)
    {
        var accounts = settings.Client!.Servers;
        var secured = accounts.Count(account => Has(account, "coaps"));
        if (settings.Udp is { } udp && (secured == 0 || accounts.Any(account => Has(account, "coap"))))
        {
            yield return Wiring.Socket(services, udp);
        }
        if (settings.Udp is { } below && settings.Dtls is { } dtls)
        {
            for (var i = 0; i < (below.Bind.Port == 0 ? secured : Math.Min(secured, 1)); i++)
            {
                yield return Wiring.Secure(services, Wiring.Socket(services, below), dtls, null, null);
            }
        }
    }

    private static bool Has(ServerAccount account, string scheme) => account.SecondaryUris.Prepend(account.Uri).Any(uri => uri.Scheme == scheme);

    private static Lwm2mClient MakeClient(IServiceProvider services)
    {
        var settings = services.GetRequiredService<IOptions<ClientHostSettings>>().Value;
        List<IMessageChannel> channels = [.. Sockets(services, settings).Select(socket => Wiring.Layer(services, socket, settings.Client!.Coap, null))];
        channels.AddRange(settings.Channels.Select(make => make(services)));
        return new Lwm2mClient(settings.Client!, settings.Objects, channels, Wiring.Time(services), services.GetService<ILoggerFactory>());
    }
}
