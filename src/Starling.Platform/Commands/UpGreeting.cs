using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Starling.Hosting;
using Starling.Server;

namespace Starling.Platform;

/// <summary>What <c>starling up</c> says when it is up: where everything is, and how a device gets in.</summary>
internal sealed class UpGreeting(WebApplication app, PlatformSettings settings, Keeping keeping)
{
    private readonly ServerService _server = app.Services.GetRequiredService<ServerService>();
    private readonly string _http = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private bool SecuredOnly => settings.Admission.Unsecured == UnsecuredDevices.Refused;

    private string Coap => UriOf(_server.UdpAddress!, "coap");

    // The verbs look there by themselves.
    private string Url => _http == ServerVerb.DefaultUrl ? "" : $" --url {_http}";

    /// <summary>Says it.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"""
            Starling is up.
              Look        {_http}
              REST API    {_http}/openapi
              LwM2M       {Coap}  {Plain()}
              secured     {Secured()}
              Kept        {keeping.Told}

            {Connect()}
            """);
        if (settings.Demo > 0)
        {
            WriteDemo(output);
        }
        output.WriteLine();
        output.WriteLine("Ctrl-C ends it.");
        output.Flush();
    }

    private string Plain() => SecuredOnly
        ? "(CoAP over UDP: nobody registers here, who tries is answered 4.03)"
        : $"(CoAP over UDP, without security){Everywhere(_server.UdpAddress!, "coap")}";

    private string Secured() => _server.DtlsAddress is not { } listening
        ? "no: --coaps none"
        : $"{UriOf(listening, "coaps")}  (DTLS 1.2){Everywhere(listening, "coaps")}{PublicKey()}";

    private string PublicKey() => settings.CoapsKeys is { } keys
        ? $"\n  public key  {keys.PublicFile ?? (keys.HasCertificate ? "of the certificate" : "until it ends")}, SHA-256 {keys.Fingerprint}"
        : "";

    private string Connect() => SecuredOnly
        ? $"""
            Connect a device, with the key that the first line shows:
              {CommandName.Typed} credentials add --endpoint my-device{Url}
              {CommandName.Typed} device --server {UriOf(_server.DtlsAddress!, "coaps")} --endpoint my-device --psk-key KEY
            """
        : $"""
            Connect a device:
              {CommandName.Typed} device --server {Coap} --endpoint my-device
            """;

    private void WriteDemo(TextWriter output)
    {
        output.WriteLine($"""

            {Counted.Of(settings.Demo, "simulated device registers", "simulated devices register")} as demo-1{(settings.Demo > 1 ? " ..." : "")}:
              {CommandName.Typed} read demo-1 /3/0/0{Url}
              {CommandName.Typed} observe demo-1 /3303/0/5700{Url}
            """);
        if (settings.Demo > 2)
        {
            output.WriteLine($"  {CommandName.Typed} write demo-3 /3311/0/5850 true{Url}");
        }
    }

    private static string UriOf(IPEndPoint listening, string scheme) => DemoDevices.UriOf(listening, scheme).ToString().TrimEnd('/');

    private static string Everywhere(IPEndPoint listening, string scheme) => listening.Address.Equals(IPAddress.Any) || listening.Address.Equals(IPAddress.IPv6Any)
        ? $"\n              from other machines: {scheme}://{Dns.GetHostName()}:{listening.Port}, or this machine's address"
        : "";
}
