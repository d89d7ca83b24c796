using Microsoft.AspNetCore.Http.Extensions;
using Starling.Hosting;
using Starling.Server;

namespace Starling.Platform;

/// <summary>What pages say of this server.</summary>
internal sealed class ConsoleFacts(Lwm2mServer server, ServerService service, IHttpContextAccessor visitor)
{
    /// <summary>How many devices are registered.</summary>
    public int Registered => server.Count;

    /// <summary>Where a device on this machine finds the server.</summary>
    public string Coap => DemoDevices.UriOf(service.UdpAddress!).ToString().TrimEnd('/');

    /// <summary>Where CoAP over UDP listens.</summary>
    public string Udp => service.UdpAddress!.ToString();

    /// <summary>Where a device on this machine finds the server by DTLS; null for nowhere.</summary>
    public string? Coaps => service.DtlsAddress is { } address ? DemoDevices.UriOf(address, "coaps").ToString().TrimEnd('/') : null;

    /// <summary>Whether devices without security are refused.</summary>
    public bool SecuredOnly => server.Settings.Admission.Unsecured == UnsecuredDevices.Refused;

    /// <summary>The program as its user typed it.</summary>
    public static string Command => CommandName.Typed;

    /// <summary>How the visitor reached this server.</summary>
    public string Http => visitor.HttpContext is { } context ? UriHelper.BuildAbsolute(context.Request.Scheme, context.Request.Host).TrimEnd('/') : "";

    /// <summary>How many objects are known.</summary>
    public int Objects => server.Catalog.All.Select(o => o.Id).Distinct().Count();
}
