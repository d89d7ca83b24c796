namespace Starling.Coap.Tests;

public sealed class TransmissionTests
{
    // RFC 7252 §4.8.2, table 3.
    [Fact]
    public void Derived_times_of_the_defaults_are_those_of_the_standard()
    {
        var transmission = Transmission.Default;
        Assert.Equal(45, transmission.MaxTransmitSpan.TotalSeconds);
        Assert.Equal(93, transmission.MaxTransmitWait.TotalSeconds);
        Assert.Equal(247, transmission.ExchangeLifetime.TotalSeconds);
        Assert.Equal(145, transmission.NonLifetime.TotalSeconds);
    }

    [Fact]
    public void Values_outside_of_their_range_are_refused()
    {
        Action[] wrong =
        [
            () => _ = Transmission.Default with { AckTimeout = TimeSpan.Zero },
            () => _ = Transmission.Default with { AckRandomFactor = 0.9 },
            () => _ = Transmission.Default with { MaxRetransmit = -1 },
            () => _ = Transmission.Default with { MaxRetransmit = 21 },
            () => _ = Transmission.Default with { Nstart = 0 },
            () => _ = Transmission.Default with { MaxLatency = TimeSpan.FromTicks(-1) },
            () => _ = Transmission.Default with { PreferredBlockSize = 8 },
            () => _ = Transmission.Default with { PreferredBlockSize = 500 },
            () => _ = Transmission.Default with { PreferredBlockSize = 2048 },
        ];
        Assert.All(wrong, w => Assert.Throws<ArgumentOutOfRangeException>(w));
    }
}
