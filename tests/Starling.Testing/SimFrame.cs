namespace Starling.Testing;

/// <summary>One datagram that somebody sent, in the order of sending.</summary>
/// <param name="Number">From 1, over all hosts.</param>
/// <param name="At">When it was sent.</param>
/// <param name="From">The sender's address.</param>
/// <param name="To">The address it was sent to.</param>
/// <param name="Bytes">What was sent.</param>
/// <param name="Arrivals">When each copy arrives; none when it was lost, two when it was doubled.</param>
/// <param name="Lost">Why nothing arrives; null when something does.</param>
public sealed record SimFrame(
    int Number, TimeSpan At, string From, string To, ReadOnlyMemory<byte> Bytes, IReadOnlyList<TimeSpan> Arrivals, string? Lost)
{
    /// <summary>The message as a ladder writes it.</summary>
    public string Text => LadderText.Describe(Bytes.Span);
}
