namespace Starling.Dtls;

/// <summary>The numbers of our records in the clear (epoch 0). They live as long as something may have to be sent again.</summary>
internal sealed class PlainSequence(ulong first)
{
    private ulong _next = first;

    /// <summary>The next number.</summary>
    public ulong Take() => _next++ & RecordHeader.MaxSequence;
}
