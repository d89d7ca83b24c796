using System.Buffers;
using Starling.Cbor;

namespace Starling.Fuzz.Targets;

/// <summary>CBOR items (RFC 8949): what can be read over can be read, and written again in the shortest form it reads over to its end.</summary>
public sealed class CborTarget : FuzzTarget
{
    /// <summary>Items and heads that mean something.</summary>
    internal static byte[][] Words { get; } =
    [
        [0x9f], [0xbf], [0x5f], [0x7f], [0xff], [0x80], [0xa0], [0x1b], [0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xc0], [0xc1], [0xd8, 0x18],
        [0xf4], [0xf5], [0xf6], [0xf7], [0xf8, 0x20], [0xf9, 0x7e, 0x00], [0xfa, 0x41, 0x45, 0x70, 0xa4], [0xfb], [0x9b, 0x7f], [0x7a, 0x7f, 0xff, 0xff, 0xff], [0x62, 0xc3, 0xbc],
    ];

    public override string Name => "cbor";

    public override int MaxLength => 1024;

    public override IEnumerable<byte[]> Seeds =>
    [
        .. new[]
        {
            "a26161016162820203", "9f018202039f0405ffff", "7f657374726561646d696e67ff", "5f42010243030405ff", "bf61610161629f0203ffff", "c249010000000000000000",
            "fb7e37e43c8800759c", "d74401020304", "3bffffffffffffffff", "f8ff", "c1fb41d452d9ec200000",
        }.Select(Convert.FromHexString),
    ];

    public override IReadOnlyList<byte[]> Dictionary => Words;

    public override int Run(ReadOnlySpan<byte> input)
    {
        var reader = new CborReader(input);
        if (!reader.TrySkip())
        {
            OracleException.Require(reader.Error != CborError.None, "Refused without an error.");
            OracleException.Require(reader.Position >= 0 && reader.Position <= input.Length, "Stopped outside.");
            return (int)reader.Error;
        }
        var item = input[..reader.Position];
        var first = Rewrite(item);
        // A count of 256 items takes a byte more than a break does.
        OracleException.Require(first.Length <= item.Length + (item.Length / 128), "The shortest form is longer.");
        OracleException.RequireSame(first, Rewrite(first), "The shortest form");
        return 0x100 | ((int)new CborReader(item).Peek() << 4) | (item.Length == input.Length ? 1 : 0);
    }

    private static byte[] Rewrite(ReadOnlySpan<byte> item)
    {
        var reader = new CborReader(item);
        var output = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(output);
        Copy(ref reader, ref writer);
        writer.Flush();
        OracleException.Require(reader.Error == CborError.None && reader.IsAtEnd, $"Skipped, but does not read: {reader.Error} at {reader.Position}.");
        return output.WrittenSpan.ToArray();
    }

    // The depth is the reader's limit, tags aside.
    private static void Copy(ref CborReader reader, ref CborWriter writer)
    {
        while (reader.Peek() == CborKind.Tag && reader.TryReadTag(out var tag))
        {
            writer.WriteTag(tag);
        }
        switch (reader.Peek())
        {
            case CborKind.Unsigned or CborKind.Negative when reader.TryReadInteger(out var whole):
                writer.WriteInteger(whole);
                break;
            case CborKind.Float when reader.TryReadDouble(out var number):
                writer.WriteDouble(number);
                break;
            case CborKind.Text when reader.TryReadText(out var utf8):
                writer.WriteText(utf8);
                break;
            case CborKind.Bytes when reader.TryReadBytes(out var bytes):
                writer.WriteBytes(bytes);
                break;
            case CborKind.Array when reader.TryReadArray(out var items):
                CopyItems(ref reader, ref writer, items, 1);
                break;
            case CborKind.Map when reader.TryReadMap(out var pairs):
                CopyItems(ref reader, ref writer, pairs, 2);
                break;
            default:
                OracleException.Require(reader.TryReadSimple(out var simple), $"Skipped, but does not read: {reader.Error} at {reader.Position}.");
                writer.WriteSimple(simple);
                break;
        }
    }

    private static void CopyItems(ref CborReader reader, ref CborWriter writer, int remaining, int width)
    {
        var count = remaining >= 0 ? remaining : Count(reader, width);
        if (width == 1)
        {
            writer.WriteArray(count);
        }
        else
        {
            writer.WriteMap(count);
        }
        while (reader.HasNext(ref remaining))
        {
            for (var i = 0; i < width; i++)
            {
                Copy(ref reader, ref writer);
            }
        }
    }

    // A copy of the reader runs ahead.
    private static int Count(CborReader ahead, int width)
    {
        var (count, remaining) = (0, -1);
        for (; ahead.HasNext(ref remaining); count++)
        {
            for (var i = 0; i < width && ahead.TrySkip(); i++)
            {
            }
        }
        return count;
    }
}
