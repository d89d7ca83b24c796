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

    /// <summary>
    /// Whether the format can say these records: all lie at or below the scope's base path, a single-value format takes one, a format without
    /// times none that has one. Only the SenML-ETCH formats take <see cref="ValueKind.None"/>, for paths that are to be fetched, or
    /// <see cref="ValueKind.Null"/>, which deletes.
    /// </summary>
    public abstract bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records);

    /// <summary>Writes records.</summary>
    /// <exception cref="ArgumentException">The format cannot say these records: see <see cref="CanEncode"/>.</exception>
    public abstract void Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records, IBufferWriter<byte> output);

    /// <summary>
    /// Reads records and adds them to <paramref name="output"/>. Values come in the type that the scope's catalog gives their resource; where it
    /// gives none, in the nearest kind that the format knows. On an error what was added so far is of no use.
    /// </summary>
    public abstract CodecError Decode(in CodecScope scope, ReadOnlySpan<byte> input, RecordSet output);

    /// <summary>For <see cref="CanEncode"/> of a single-value format: the one record, at the base path, a resource or a resource instance, without a time.</summary>
    private protected static bool IsOneValue(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records) =>
        records.Length == 1 && records[0].Path == scope.BasePath && scope.BasePath.Depth >= 3 && records[0].Time is null;

    private protected void ThrowUnlessEncodable(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records)
    {
        if (!CanEncode(scope, records))
        {
            throw new ArgumentException($"{Format} cannot say these {records.Length} records below {scope.BasePath}.", nameof(records));
        }
    }
}
