using Starling.Coap;

namespace Starling.Server;

/// <summary>Which of the server's own paths a request is for; found without making a string.</summary>
internal enum RouteKind : byte
{
    Elsewhere,
    WellKnownCore,
    RegistrationDirectory,
    Registration,
    Send,
}

/// <summary>Where a request goes.</summary>
/// <param name="Kind">Which path.</param>
/// <param name="Id">The registration that is named; the default, which no device ever has, for what is no id of ours.</param>
/// <param name="HasQuery">Whether there are parameters.</param>
internal readonly record struct RegistrationRoute(RouteKind Kind, RegistrationId Id, bool HasQuery)
{
    public static RegistrationRoute Of(CoapOptions options)
    {
        var kind = RouteKind.Elsewhere;
        var id = default(RegistrationId);
        var segments = 0;
        var hasQuery = false;
        foreach (var option in options)
        {
            if (option.Number == OptionNumber.UriPath)
            {
                kind = Step(segments++, kind, option.Value, ref id);
            }
            else if (option.Number >= OptionNumber.UriQuery)
            {
                hasQuery = option.Number == OptionNumber.UriQuery;
                break;
            }
        }
        return new RegistrationRoute(kind == RouteKind.WellKnownCore && segments == 1 ? RouteKind.Elsewhere : kind, id, hasQuery);
    }

    private static RouteKind Step(int segment, RouteKind before, ReadOnlySpan<byte> value, ref RegistrationId id)
    {
        switch (segment)
        {
            case 0 when value.SequenceEqual("rd"u8):
                return RouteKind.RegistrationDirectory;
            case 1 when before == RouteKind.RegistrationDirectory:
                _ = RegistrationId.TryParse(value, out id);
                return RouteKind.Registration;
            case 0 when value.SequenceEqual("dp"u8):
                return RouteKind.Send;
            case 0 when value.SequenceEqual(".well-known"u8):
                return RouteKind.WellKnownCore;
            case 1 when before == RouteKind.WellKnownCore && value.SequenceEqual("core"u8):
                return RouteKind.WellKnownCore;
            default:
                return RouteKind.Elsewhere;
        }
    }
}
