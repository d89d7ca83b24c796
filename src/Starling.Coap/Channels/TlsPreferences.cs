using System.Collections.Immutable;

namespace Starling.Coap;

/// <summary>How a session to one target is to be secured, where it is not as the channel's settings say.</summary>
public sealed record TlsPreferences
{
    /// <summary>Exactly these suites are offered (/0/x/16), by their IANA numbers; the channel's own when empty.</summary>
    public ImmutableArray<ushort> CipherSuites { get; init; } = [];

    /// <summary>The name that is asked for (SNI, /0/x/14); the URI's host when it is a name and this is null.</summary>
    public string? ServerName { get; init; }
}
