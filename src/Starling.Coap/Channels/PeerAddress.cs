namespace Starling.Coap;

/// <summary>An address in its transport's own writing, for people, logs and stores: <c>udp</c> and <c>127.0.0.1:5683</c>.</summary>
/// <param name="Transport">The transport in lower case: <c>udp</c>.</param>
/// <param name="Text">The address as that transport writes it.</param>
public readonly record struct PeerAddress(string Transport, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Transport}:{Text}";
}
