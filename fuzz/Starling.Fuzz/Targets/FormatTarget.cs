using System.Buffers;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Fuzz.Targets;

/// <summary>
/// A content format. An input's first byte chooses the path of the operation, the rest is the payload. What is accepted lies at or below that path,
/// is of its resources' types, and reads as the same records when it is written again.
/// </summary>
public abstract class FormatTarget(ContentFormat format) : FuzzTarget
{
    private readonly ContentCodec _codec = ContentCodecs.Find(format)!;
    private readonly bool _isEtch = format == ContentFormat.SenmlEtchJson || format == ContentFormat.SenmlEtchCbor;

    /// <inheritdoc/>
    public override int Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }
        var scope = FormatRecords.ScopeOf(input[0]);
        var records = new RecordSet();
        var error = _codec.Decode(scope, input[1..], records);
        OracleException.Require(error.Offset >= 0 && error.Offset <= input.Length, $"{error} is outside.");
        if (!error.IsNone)
        {
            return (int)error.Kind;
        }
        RequireSound(scope, records);
        var again = scope with { OmitInstance = records.InstanceOmitted && format is { Value: 11542 or 11544 } };
        if (_codec.CanEncode(again, records.AsSpan()))
        {
            RequireSameAgain(again, records);
        }
        return 0x100 | (Math.Min(records.Count, 7) << 4) | (records.InstanceOmitted ? 1 : 0) | (records.Any(r => r.Time is not null) ? 2 : 0);
    }

    /// <inheritdoc/>
    public override byte[]? Generate(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var records = FormatRecords.Make(random, out var first);
        var scope = FormatRecords.ScopeOf(first);
        records = _codec.IsSingleValue ? [.. records.Take(1)] : records;
        if (_isEtch)
        {
            var isFetch = random.Next(2) == 0;
            records = [.. records.Select(r => r with { Value = isFetch ? Lwm2mValue.None : random.Next(3) == 0 ? Lwm2mValue.Null : r.Value })];
        }
        return _codec.CanEncode(scope, records) ? [first, .. Encode(scope, records)] : null;
    }

    /// <summary>Payloads of an operation on a path, as inputs.</summary>
    protected static IEnumerable<byte[]> SeedsAt(string path, params byte[][] payloads) => payloads.Select(payload => (byte[])[FormatRecords.FirstOf(path), .. payload]);

    private void RequireSound(in CodecScope scope, RecordSet records)
    {
        foreach (var record in records)
        {
            OracleException.Require(record.Path.StartsWith(scope.BasePath), $"{record.Path} is not below {scope.BasePath}.");
            var isContainer = record.Value.Kind == ValueKind.Empty;
            var isData = record.Value.Kind >= ValueKind.String;
            var isPath = record.Value.Kind == ValueKind.None && _isEtch;
            OracleException.Require(isData || isContainer || (_isEtch && isPath == (records[0].Value.Kind == ValueKind.None)), $"{record.Value.Kind} in {format}.");
            OracleException.Require(isPath || (isContainer ? record.Path.Depth is > 0 and < 4 : record.Path.Depth >= 3), $"{record.Value.Kind} at {record.Path}.");
            var type = scope.Catalog.FindResource(record.Path)?.Type;
            OracleException.Require(!isData || type is null || type == record.Value.Kind, $"{record.Value.Kind} for {type} at {record.Path}.");
            _ = (record.Value.ToString(), record.Value.GetHashCode());
        }
    }

    private void RequireSameAgain(CodecScope scope, RecordSet records)
    {
        var back = new RecordSet();
        var error = _codec.Decode(scope, Encode(scope, records.AsSpan()), back);
        OracleException.Require(error.IsNone, $"What was written again is refused: {error}.");
        Lwm2mRecord[] expected = [.. InOrder(scope, records)], actual = [.. InOrder(scope, back)];
        if (!expected.SequenceEqual(actual))
        {
            throw new OracleException($"{string.Join("; ", expected)} became {string.Join("; ", actual)}");
        }
    }

    // A container that is said to be empty and has members elsewhere is not: the payload contradicts itself, and the members count.
    private static IEnumerable<Lwm2mRecord> InOrder(CodecScope scope, RecordSet records)
    {
        var empty = records.Where(r => r.Value.Kind == ValueKind.Empty && !records.Any(o => o.Path.StartsWith(r.Path) && (o.Path != r.Path || o.Value.Kind != ValueKind.Empty)));
        return records.Where(r => r.Value.Kind != ValueKind.Empty).Concat(empty.Distinct()).OrderBy(r => r.Path).Select(r => Untyped(scope, r));
    }

    // Where no definition says otherwise, a time that a tag told is written as the number that it is.
    private static Lwm2mRecord Untyped(CodecScope scope, Lwm2mRecord record) =>
        record.Value.Kind == ValueKind.Time && scope.Catalog.FindResource(record.Path) is null ? record with { Value = record.Value.AsInteger() } : record;

    private byte[] Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records)
    {
        var output = new ArrayBufferWriter<byte>();
        _codec.Encode(scope, records, output);
        return output.WrittenSpan.ToArray();
    }
}
