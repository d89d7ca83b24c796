namespace Starling.Dtls;

/// <summary>The peer's first protected records when they come before their keys: a Finished beside the key exchange that is still being worked on.</summary>
internal sealed class HeldRecords
{
    private const int MaxRecords = 4;
    private const int MaxBytes = 512;   // a Finished under any suite with the longest connection id

    private readonly Queue<(byte[] Record, PathId Path)> _records = new();

    /// <summary>Keeps a copy; what has no room is dropped and comes again.</summary>
    public void Keep(ReadOnlySpan<byte> record, PathId path)
    {
        if (_records.Count < MaxRecords && record.Length <= MaxBytes)
        {
            _records.Enqueue((record.ToArray(), path));
        }
    }

    /// <summary>Gives back the oldest.</summary>
    public bool TryTake(out (byte[] Record, PathId Path) held) => _records.TryDequeue(out held);
}
