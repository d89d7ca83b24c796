using System.Net;
using System.Text;
using Starling.Hosting;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The page at <c>/</c>: what runs, how to connect a device, where the API is.</summary>
internal sealed class HomePage(Lwm2mServer server, ServerService service, PlatformSettings settings)
{
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#223}code,pre{background:#f2f4f7}pre{padding:.8rem;overflow-x:auto}";

    public void Map(WebApplication app) => app.Handle("GET", "/", Show);

    private IResult Show(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        var coap = WebUtility.HtmlEncode(DemoDevices.UriOf(service.UdpAddress!).ToString().TrimEnd('/'));
        var here = WebUtility.HtmlEncode($"{context.Request.Scheme}://{context.Request.Host}");
        var command = WebUtility.HtmlEncode(CommandName.Typed);
        var page = $"""
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Starling</title><style>{Style}</style>
            <h1>Starling</h1>
            <p>An LwM2M server runs here. Devices registered now: <strong>{server.Count}</strong>.</p>
            <table><tr><td>CoAP over UDP&nbsp;</td><td><code>{WebUtility.HtmlEncode(service.UdpAddress!.ToString())}</code></td></tr>
            <tr><td>REST API</td><td><a href="/api/v1/devices"><code>{here}/api/v1/</code></a></td></tr>
            <tr><td>Known objects</td><td>{settings.Catalog.All.Select(o => o.Id).Distinct().Count()}</td></tr></table>
            <h2>Connect a device</h2>
            <p>Any LwM2M 1.0, 1.1 or 1.2 client without security, at <code>{coap}</code>. One is in the box:</p>
            <pre>{command} device --server {coap} --endpoint my-device</pre>
            <h2>Talk to it</h2>
            <pre>curl {here}/api/v1/devices
            curl {here}/api/v1/devices/my-device/3/0/0
            curl -N {here}/api/v1/events
            {command} read my-device /3/0 --url {here}</pre>
            </html>
            """;
        return Results.Text(page, "text/html", Encoding.UTF8);
    }
}
