using System.Buffers;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>
/// Turns records into the bytes of one content format and back. Codecs have no state.
/// What <see cref="Decode"/> reads may be hostile: it never throws, and what it allocates is bounded by the size of the input.
/// </summary>
public abstract class ContentCodec
{
    /// <summary>How many records a payload may have.</summary>
    public const int MaxRecords = 65_536;

    /// <summary>How deep a payload may nest.</summary>
    public const int MaxDepth = 16;

    /// <summary>The format's number.</summary>
    public abstract ContentFormat Format { get; }

    /// <summary>Whether the format carries one value of one resource or resource instance and nothing else.</summary>
    public virtual bool IsSingleValue => false;

    /// <summary>Whether the format can say these records: a single-value format takes one, a format without times none that has one.</summary>
    public abstract bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records);

    /// <summary>Writes records.</summary>
    /// <exception cref="ArgumentException">The format cannot say these records: see <see cref="CanEncode"/>.</exception>
    public abstract void Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records, IBufferWriter<byte> output);

    /// <summary>Reads records and adds them to <paramref name="output"/>. Values come in the type that the scope's catalog gives their resource; where it gives none, in the nearest kind that the format knows.</summary>
    public abstract CodecError Decode(in CodecScope scope, ReadOnlySpan<byte> input, RecordSet output);
}
