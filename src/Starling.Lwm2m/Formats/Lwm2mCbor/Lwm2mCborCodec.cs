using System.Buffers;
using Starling.Cbor;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Resources as a tree of maps from numbers to values (content format 11544; LwM2M Core 1.2 §7.4.7).</summary>
/// <code>
/// payload = { *key: value }
/// key     = number | [ 1*number ]        the next numbers of the path, from the object on, whatever the operation's path is
/// value   = { *key: value } | item       item: see CborValue; null only for a resource that has no value
/// The number 65535 as the instance, in a Create, leaves its number to the device (1.2.1).
/// {} is a container without members: the grammar has it nowhere, peers send it. It is read everywhere and written for a whole payload only.
/// </code>
internal sealed class Lwm2mCborCodec : ContentCodec
{
    /// <summary>Stands for the instance whose number is left open.</summary>
    internal const int OpenInstance = Lwm2mPath.MaxId + 1;

    public override ContentFormat Format => ContentFormat.Lwm2mCbor;

    public override bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records)
    {
        if (scope.OmitInstance && !scope.BasePath.IsObject)
        {
            return false;
        }
        if (records is [{ Value.Kind: ValueKind.Empty } only])
        {
            var isWhole = only.Path == scope.BasePath || (scope.OmitInstance && only.Path == scope.BasePath.Append(0));
            return isWhole && scope.BasePath.Depth is > 0 and < 4 && only.Time is null;
        }
        foreach (ref readonly var record in records)
        {
            if (record.Value.Kind < ValueKind.String || record.Path.Depth < 3 || record.Time is not null || !record.Path.StartsWith(scope.BasePath)
                || (scope.OmitInstance && record.Path.InstanceId != 0))
            {
                return false;
            }
        }
        return SeparatePaths.Check(records) == CodecErrorKind.None;
    }

    public override void Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records, IBufferWriter<byte> output)
    {
        ThrowUnlessEncodable(scope, records);
        if (records is [{ Value.Kind: ValueKind.Empty }])
        {
            records = [];
        }
        else if (!SeparatePaths.AreAscending(records))
        {
            records = records.ToArray().OrderBy(r => r.Path).ToArray();
        }
        var writer = new CborWriter(output);
        WriteMap(ref writer, records, 0, scope.OmitInstance);
        writer.Flush();
    }

    public override CodecError Decode(in CodecScope scope, ReadOnlySpan<byte> input, RecordSet output) =>
        new Lwm2mCborDecoder(scope, input, output).Decode();

    // A map for each place where paths part, and all numbers between two of them in one key: no other grouping is shorter (decision 0070).
    private static void WriteMap(ref CborWriter writer, ReadOnlySpan<Lwm2mRecord> records, int depth, bool omitInstance)
    {
        writer.WriteMap(CountBranches(records, depth));
        while (!records.IsEmpty)
        {
            var branch = records[..LengthOfBranch(records, depth)];
            var end = SharedDepth(branch[0].Path, branch[^1].Path);
            if (end > depth + 1)
            {
                writer.WriteArray(end - depth);
            }
            for (var level = depth; level < end; level++)
            {
                writer.WriteInteger(level == 1 && omitInstance ? OpenInstance : branch[0].Path[level]);
            }
            if (branch.Length > 1)
            {
                WriteMap(ref writer, branch, end, omitInstance);
            }
            else
            {
                CborValue.Write(ref writer, branch[0].Value);
            }
            records = records[branch.Length..];
        }
    }

    private static int CountBranches(ReadOnlySpan<Lwm2mRecord> records, int depth)
    {
        var count = 0;
        for (var i = 0; i < records.Length; i++)
        {
            count += i == 0 || records[i].Path[depth] != records[i - 1].Path[depth] ? 1 : 0;
        }
        return count;
    }

    private static int LengthOfBranch(ReadOnlySpan<Lwm2mRecord> records, int depth)
    {
        var length = 1;
        while (length < records.Length && records[length].Path[depth] == records[0].Path[depth])
        {
            length++;
        }
        return length;
    }

    private static int SharedDepth(Lwm2mPath first, Lwm2mPath last)
    {
        var depth = first.Depth;
        while (!last.StartsWith(first.Take(depth)))
        {
            depth--;
        }
        return depth;
    }
}
