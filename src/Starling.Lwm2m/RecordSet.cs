using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Starling.Lwm2m;

/// <summary>A flat list of records in the order in which they came. It is filled once by its maker and only read afterwards.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a set of records, whatever interfaces it offers.")]
public sealed class RecordSet : IReadOnlyList<Lwm2mRecord>
{
    private const int FirstRoom = 8;
    private const int MostExpected = 64;
    private const int MostTextRoom = 4096;

    // Most notifications are one record: it lies in the set itself, and an array comes with the second.
    private Lwm2mRecord _first;
    private Lwm2mRecord[]? _records;
    private int _count;
    private byte _expected = FirstRoom;
    private byte[]? _texts;   // of several records, so that each needs no room of its own
    private int _textsLength;
    private int _textRoom;
    private bool _isFixed;

    /// <summary>Makes an empty set.</summary>
    public RecordSet() { }

    /// <summary>Makes a set of these records.</summary>
    public RecordSet(IEnumerable<Lwm2mRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        foreach (var record in records)
        {
            Add(record);
        }
    }

    /// <summary>A set without records.</summary>
    public static RecordSet None { get; } = new() { _isFixed = true };

    /// <summary>
    /// Set by a codec: the operation's path was an object and the payload named no instance of it. Its records, if it has any, lie below
    /// instance 0 as a stand-in. A Create then leaves the number to the device (LwM2M Core 1.2 §6.3.6); on a Read it is an object without
    /// instances, or an answer that leaves out the only one.
    /// </summary>
    public bool InstanceOmitted { get; internal set; }

    /// <inheritdoc/>
    public int Count => _count;

    /// <inheritdoc/>
    public Lwm2mRecord this[int index] => AsSpan()[index];

    /// <summary>About how many bytes of memory it takes, for those who keep many.</summary>
    public long Size
    {
        get
        {
            long size = Unsafe.SizeOf<Lwm2mRecord>() * _count;
            foreach (ref readonly var record in AsSpan())
            {
                size += record.Value.Length;
            }
            return size;
        }
    }

    /// <summary>Makes room for about so many records at once, when the second comes. It is the sender's word, so not for more than a few.</summary>
    internal void Expect(int count) => _expected = (byte)Math.Clamp(count, FirstRoom, MostExpected);

    /// <summary>Texts of about so many bytes will come, at most: the size of the payload.</summary>
    internal void ExpectTexts(int bytes) => _textRoom = Math.Min(bytes, MostTextRoom);

    /// <summary>A text of valid UTF-8 as a value for this set; it becomes a string when somebody asks for it.</summary>
    internal Lwm2mValue Text(ReadOnlySpan<byte> utf8)
    {
        if (_texts is null || _texts.Length - _textsLength < utf8.Length)
        {
            _texts = new byte[Math.Max(_textRoom, utf8.Length)];
            _textsLength = 0;
        }
        var start = _textsLength;
        utf8.CopyTo(_texts.AsSpan(start));
        _textsLength += utf8.Length;
        return Lwm2mValue.Utf8(_texts, start, utf8.Length);
    }

    /// <summary>Adds a record at the end.</summary>
    public void Add(in Lwm2mRecord record)
    {
        if (_isFixed)
        {
            throw new InvalidOperationException("RecordSet.None is shared and stays empty.");
        }
        if (_count == 0)
        {
            _first = record;
        }
        if (_count > 0 || _records is not null)
        {
            AddToArray(record);
        }
        _count++;
    }

    /// <summary>Adds a value at a path.</summary>
    public void Add(Lwm2mPath path, Lwm2mValue value) => Add(new Lwm2mRecord(path, value));

    /// <summary>Removes every record.</summary>
    public void Clear()
    {
        _first = default;
        _records.AsSpan(0, _records is null ? 0 : _count).Clear();
        _count = 0;
        InstanceOmitted = false;
    }

    /// <summary>The records as a span, until the next change.</summary>
    public ReadOnlySpan<Lwm2mRecord> AsSpan() => _records is null ? MemoryMarshal.CreateReadOnlySpan(ref _first, _count) : _records.AsSpan(0, _count);

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
    public IEnumerator<Lwm2mRecord> GetEnumerator()
    {
        for (var i = 0; i < _count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void AddToArray(in Lwm2mRecord record)
    {
        if (_records is null)
        {
            _records = new Lwm2mRecord[_expected];
            _records[0] = _first;
        }
        else if (_count == _records.Length)
        {
            Array.Resize(ref _records, _count * 2);
        }
        _records[_count] = record;
    }
}
