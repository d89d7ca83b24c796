using Starling.Coap;

namespace Starling.Client;

/// <summary>Why an attempt to register did not succeed.</summary>
/// <param name="Why">The same for people.</param>
/// <param name="IsFinal">Whether another attempt with the same credentials makes no sense.</param>
internal sealed record Setback(string Why, bool IsFinal = false)
{
    /// <summary>What follows from a session that did not come about (LwM2M Transport 1.2, table 5.2.10-1).</summary>
    public static Setback Of(Exception failure) =>
        new(failure.Message, failure is HandshakeFailedException { Alert: { } alert, AlertIsOurs: false } && IsFatal(alert));

    // What is wrong with a certificate or an identity does not get better by itself, says the table; every other alert may.
    private static bool IsFatal(byte alert) => alert is (>= 42 and <= 46) or 48 or 49 or (>= 112 and <= 115);
}
