namespace Starling.Dtls;

/// <summary>The peer's first protected records when they come before their keys: a Finished beside the key exchange that is still being worked on.</summary>
/// <param name="limit">How many are kept.</param>
internal sealed class HeldRecords(int limit)
{
    private const int MaxBytes = 512;   // a Finished under any suite with the longest connection id

    private readonly Queue<(byte[] Record, PathId Path)> _records = new();

    /// <summary>Keeps a copy; false when there is no room: it comes again.</summary>
    public bool TryKeep(ReadOnlySpan<byte> record, PathId path)
    {
        var hasRoom = _records.Count < limit && record.Length <= MaxBytes;
        if (hasRoom)
        {
            _records.Enqueue((record.ToArray(), path));
        }
        return hasRoom;
    }

    /// <summary>Gives back the oldest.</summary>
    public bool TryTake(out (byte[] Record, PathId Path) held) => _records.TryDequeue(out held);
}
