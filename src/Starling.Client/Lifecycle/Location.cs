using Starling.Coap;

namespace Starling.Client;

/// <summary>Where the server keeps the registration: the segments of Location-Path, used exactly as they came (LwM2M Core 1.2 §6.2.1).</summary>
internal sealed record Location(IReadOnlyList<string> Segments)
{
    /// <summary>The location of a 2.01; null when it tells none.</summary>
    public static Location? Of(CoapMessage response) =>
        response.Options.GetStrings(OptionNumber.LocationPath) is { Count: > 0 } segments ? new Location(segments) : null;

    /// <summary>The same request, sent there.</summary>
    public CoapMessage Address(CoapMessage request)
    {
        var options = new CoapOptionsBuilder();
        var placed = false;
        foreach (var option in request.Options)
        {
            if (!placed && option.Number >= OptionNumber.UriPath)
            {
                Add(ref options);
                placed = true;
            }
            if (option.Number != OptionNumber.UriPath)
            {
                options.Add(option.Number, option.Value);
            }
        }
        if (!placed)
        {
            Add(ref options);
        }
        return request.With(options.Build(), request.Payload);
    }

    /// <summary>For people: <c>rd/abc</c>.</summary>
    public override string ToString() => string.Join('/', Segments);

    private void Add(ref CoapOptionsBuilder options)
    {
        foreach (var segment in Segments)
        {
            options.Add(OptionNumber.UriPath, segment);
        }
    }
}
