using System.Runtime.CompilerServices;

namespace Starling.Coap;

/// <summary>How a peer is talked to (RFC 7252 §4.8). Immutable: a peer whose parameters change gets another one.</summary>
public sealed record Transmission
{
    /// <summary>The parameters that RFC 7252 §4.8 gives.</summary>
    public static Transmission Default { get; } = new();

    /// <summary>ACK_TIMEOUT: 2 s; more than nothing.</summary>
    public TimeSpan AckTimeout { get; init => field = Within(value, value > TimeSpan.Zero); } = TimeSpan.FromSeconds(2);

    /// <summary>ACK_RANDOM_FACTOR: 1.5; 1 to 100.</summary>
    public double AckRandomFactor { get; init => field = Within(value, value is >= 1 and <= 100); } = 1.5;

    /// <summary>MAX_RETRANSMIT: 4; 0 to 20.</summary>
    public int MaxRetransmit { get; init => field = Within(value, value is >= 0 and <= 20); } = 4;

    /// <summary>NSTART: how many of our exchanges with this peer may be open at once: 1; at least 1.</summary>
    public int Nstart { get; init => field = Within(value, value >= 1); } = 1;

    /// <summary>MAX_LATENCY: 100 s.</summary>
    public TimeSpan MaxLatency { get; init => field = Within(value, value >= TimeSpan.Zero); } = TimeSpan.FromSeconds(100);

    /// <summary>The largest payload that is sent in one piece and the block size that is offered first, in bytes: 512. A power of two from 16 to 1024.</summary>
    public int PreferredBlockSize { get; init => field = Within(value, value is >= 16 and <= 1024 && System.Numerics.BitOperations.IsPow2(value)); } = 512;

    /// <summary>MAX_TRANSMIT_SPAN (RFC 7252 §4.8.2): 45 s with the defaults.</summary>
    public TimeSpan MaxTransmitSpan => AckTimeout * ((1 << MaxRetransmit) - 1) * AckRandomFactor;

    /// <summary>MAX_TRANSMIT_WAIT: 93 s with the defaults.</summary>
    public TimeSpan MaxTransmitWait => AckTimeout * ((1 << (MaxRetransmit + 1)) - 1) * AckRandomFactor;

    /// <summary>EXCHANGE_LIFETIME: 247 s with the defaults.</summary>
    public TimeSpan ExchangeLifetime => MaxTransmitSpan + (2 * MaxLatency) + AckTimeout;

    /// <summary>NON_LIFETIME: 145 s with the defaults.</summary>
    public TimeSpan NonLifetime => MaxTransmitSpan + MaxLatency;

    private static T Within<T>(T value, bool holds, [CallerMemberName] string name = "") =>
        holds ? value : throw new ArgumentOutOfRangeException(name, value, "Outside of its range.");
}
