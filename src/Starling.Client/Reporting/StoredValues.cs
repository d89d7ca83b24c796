using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>What was to be told of one path and is not known to have arrived: values with their times, the oldest first.</summary>
internal sealed class StoredValues
{
    private Queue<(DateTimeOffset At, RecordSet Values)>? _entries;   // null while there is nothing, as nearly always
    private long _taken;

    /// <summary>How many there are.</summary>
    public int Count => _entries?.Count ?? 0;

    /// <summary>The place behind the newest; places never come again.</summary>
    public long End => _taken + Count;

    /// <summary>Keeps one more, and as many as are allowed.</summary>
    /// <returns>How many were dropped.</returns>
    public int Add(DateTimeOffset at, RecordSet values, int limit)
    {
        (_entries ??= []).Enqueue((at, values));
        var before = Count;
        RemoveBefore(End - limit);
        return before - Count;
    }

    /// <summary>What lies before a place has arrived, or is too much.</summary>
    public void RemoveBefore(long place)
    {
        for (; _taken < place && Count > 0; _taken++)
        {
            _entries!.Dequeue();
        }
    }

    /// <summary>The values in their order, each with its time.</summary>
    public IEnumerable<Lwm2mRecord> Records() =>
        (_entries ?? []).SelectMany(e => e.Values.Where(r => r.Value.Kind != ValueKind.Empty).Select(r => r with { Time = e.At }));
}
