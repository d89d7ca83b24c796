using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Starling.Coap;
using Starling.Transports;

namespace Starling.Hosting;

/// <summary>Puts channels together: a socket below, the message layer on it.</summary>
internal static class Wiring
{
    /// <summary>The clock of the host: the registered one, else the system's.</summary>
    public static TimeProvider Time(IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;

    /// <summary>A socket that has not been opened.</summary>
    public static UdpChannel Socket(IServiceProvider services, UdpSettings settings) =>
        new(settings, services.GetService<UdpThreads>(), services.GetService<IMeterFactory>(), services.GetService<ILogger<UdpChannel>>());

    /// <summary>DTLS over a socket.</summary>
    public static DtlsChannel Secure(IServiceProvider services, UdpChannel socket, DtlsChannelSettings settings, DtlsServer? server, ProtocolTrace? trace) =>
        new(socket, settings, Time(services), server, trace, services.GetService<IMeterFactory>(), services.GetService<ILogger<DtlsChannel>>());

    /// <summary>CoAP's reliability over a channel of datagrams.</summary>
    public static MessageLayer Layer(IServiceProvider services, IDatagramChannel socket, CoapSettings settings, ProtocolTrace? trace)
    {
        var telemetry = services.GetService<IMeterFactory>() is { } meters ? new CoapTelemetry(meters) : new CoapTelemetry();
        return new MessageLayer(socket, settings, Time(services), trace, telemetry);
    }
}
