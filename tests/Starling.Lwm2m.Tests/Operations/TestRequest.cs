using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>Builds requests as other implementations would send them: option by option.</summary>
internal static class TestRequest
{
    public static CoapMessage Make(
        CoapCode code, string path, string? query = null, int? format = null, int? accept = null, uint? observe = null, byte[]? payload = null)
    {
        var options = new CoapOptionsBuilder();
        if (observe is { } number)
        {
            options.Add(OptionNumber.Observe, number);
        }
        options.AddPath(OptionNumber.UriPath, path);
        if (format is { } f)
        {
            options.Add(OptionNumber.ContentFormat, (uint)f);
        }
        foreach (var part in query?.Split('&') ?? [])
        {
            options.Add(OptionNumber.UriQuery, part);
        }
        if (accept is { } a)
        {
            options.Add(OptionNumber.Accept, (uint)a);
        }
        return new CoapMessage { Code = code, Options = options.Build(), Payload = payload };
    }

    public static CoapMessage Register(string query, string links = "</1/0>,</3/0>") =>
        Make(CoapCode.Post, "/rd", query, 40, payload: Encoding.UTF8.GetBytes(links));

    public static string Diagnostic(CoapMessage? refusal) => Encoding.UTF8.GetString(refusal!.Payload.Span);
}
