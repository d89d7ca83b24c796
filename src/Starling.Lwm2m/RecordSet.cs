using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Starling.Lwm2m;

/// <summary>A flat list of records in the order in which they came. It is filled once by its maker and only read afterwards.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a set of records, whatever interfaces it offers.")]
public sealed class RecordSet : IReadOnlyList<Lwm2mRecord>
{
    private readonly List<Lwm2mRecord> _records = [];

    /// <summary>Makes an empty set.</summary>
    public RecordSet() { }

    /// <summary>Makes a set of these records.</summary>
    public RecordSet(IEnumerable<Lwm2mRecord> records) => _records.AddRange(records);

    /// <summary>A set without records.</summary>
    public static RecordSet None { get; } = new();

    /// <summary>
    /// Set by a codec: the operation's path was an object and the payload named no instance of it. Its records, if it has any, lie below
    /// instance 0 as a stand-in. A Create then leaves the number to the device (LwM2M Core 1.2 §6.3.6); on a Read it is an object without
    /// instances, or an answer that leaves out the only one.
    /// </summary>
    public bool InstanceOmitted { get; set; }

    /// <inheritdoc/>
    public int Count => _records.Count;

    /// <inheritdoc/>
    public Lwm2mRecord this[int index] => _records[index];

    /// <summary>Adds a record at the end.</summary>
    public void Add(in Lwm2mRecord record) => _records.Add(record);

    /// <summary>Adds a value at a path.</summary>
    public void Add(Lwm2mPath path, Lwm2mValue value) => _records.Add(new Lwm2mRecord(path, value));

    /// <summary>Removes every record.</summary>
    public void Clear() => _records.Clear();

    /// <summary>The records as a span, until the next change.</summary>
    public ReadOnlySpan<Lwm2mRecord> AsSpan() => CollectionsMarshal.AsSpan(_records);

    /// <summary>The first value at exactly this path; null when there is none.</summary>
    public Lwm2mValue? Find(Lwm2mPath path)
    {
        foreach (ref readonly var record in AsSpan())
        {
            if (record.Path == path)
            {
                return record.Value;
            }
        }
        return null;
    }

    /// <inheritdoc/>
    public IEnumerator<Lwm2mRecord> GetEnumerator() => _records.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
