using System.Globalization;
using System.Numerics;
using System.Text;

namespace Starling.Cbor.Tests;

/// <summary>Items in diagnostic notation (RFC 8949 §8), and items written again: the test's own use of every method of reader and writer.</summary>
internal static class Diagnostic
{
    /// <summary>The one item that the bytes hold; null when they hold something else.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes, out CborError error)
    {
        var reader = new CborReader(bytes);
        var text = new StringBuilder();
        var done = TryAppend(ref reader, text) && reader.IsAtEnd;
        error = reader.Error;
        return done ? text.ToString() : null;
    }

    /// <summary>The same items in the shortest form.</summary>
    public static byte[] Rewrite(ReadOnlySpan<byte> bytes)
    {
        var reader = new CborReader(bytes);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new CborWriter(output);
        Copy(ref reader, ref writer);
        writer.Flush();
        Assert.Equal(CborError.None, reader.Error);
        return output.WrittenSpan.ToArray();
    }

    private static bool TryAppend(ref CborReader reader, StringBuilder text)
    {
        switch (reader.Peek())
        {
            case CborKind.Unsigned or CborKind.Negative:
                var isWhole = reader.TryReadInteger(out var whole);
                text.Append(whole.ToString(CultureInfo.InvariantCulture));
                return isWhole;
            case CborKind.Float:
                var isFloat = reader.TryReadDouble(out var number);
                text.Append(number.ToString("R", CultureInfo.InvariantCulture)).Append(number == Math.Truncate(number) && Math.Abs(number) < 1e15 ? ".0" : "");
                return isFloat;
            case CborKind.Boolean:
                var isBoolean = reader.TryReadBoolean(out var truth);
                text.Append(truth ? "true" : "false");
                return isBoolean;
            case CborKind.Null:
                text.Append("null");
                return reader.TryReadNull();
            case CborKind.Undefined:
                text.Append("undefined");
                return reader.TryReadSimple(out _);
            case CborKind.Simple:
                var isSimple = reader.TryReadSimple(out var simple);
                text.Append(CultureInfo.InvariantCulture, $"simple({simple})");
                return isSimple;
            case CborKind.Text:
                var isText = reader.TryReadText(out var utf8);
                text.Append('"').Append(Encoding.UTF8.GetString(utf8)).Append('"');
                return isText;
            case CborKind.Bytes:
                var isBytes = reader.TryReadBytes(out var bytes);
                text.Append("h'").Append(Convert.ToHexStringLower(bytes)).Append('\'');
                return isBytes;
            case CborKind.Tag:
                return TryAppendTag(ref reader, text);
            case CborKind.Array:
                return TryAppendArray(ref reader, text);
            case CborKind.Map:
                return TryAppendMap(ref reader, text);
            default:
                return reader.TryReadNull();
        }
    }

    private static bool TryAppendTag(ref CborReader reader, StringBuilder text)
    {
        if (!reader.TryReadTag(out var tag))
        {
            return false;
        }
        if (tag is 2 or 3 && reader.Peek() == CborKind.Bytes)
        {
            var isBytes = reader.TryReadBytes(out var bytes);
            var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
            text.Append((tag == 2 ? number : -1 - number).ToString(CultureInfo.InvariantCulture));
            return isBytes;
        }
        text.Append(CultureInfo.InvariantCulture, $"{tag}(");
        var done = TryAppend(ref reader, text);
        text.Append(')');
        return done;
    }

    private static bool TryAppendArray(ref CborReader reader, StringBuilder text)
    {
        if (!reader.TryReadArray(out var remaining))
        {
            return false;
        }
        text.Append('[');
        var separator = "";
        while (reader.HasNext(ref remaining))
        {
            text.Append(separator);
            separator = ", ";
            if (!TryAppend(ref reader, text))
            {
                return false;
            }
        }
        text.Append(']');
        return reader.Error == CborError.None;
    }

    private static bool TryAppendMap(ref CborReader reader, StringBuilder text)
    {
        if (!reader.TryReadMap(out var remaining))
        {
            return false;
        }
        text.Append('{');
        var separator = "";
        while (reader.HasNext(ref remaining))
        {
            text.Append(separator);
            separator = ", ";
            if (!TryAppend(ref reader, text))
            {
                return false;
            }
            text.Append(": ");
            if (!TryAppend(ref reader, text))
            {
                return false;
            }
        }
        text.Append('}');
        return reader.Error == CborError.None;
    }

    private static void Copy(ref CborReader reader, ref CborWriter writer)
    {
        switch (reader.Peek())
        {
            case CborKind.Unsigned or CborKind.Negative:
                reader.TryReadInteger(out var whole);
                writer.WriteInteger(whole);
                break;
            case CborKind.Float:
                reader.TryReadDouble(out var number);
                writer.WriteDouble(number);
                break;
            case CborKind.Boolean:
                reader.TryReadBoolean(out var truth);
                writer.WriteBoolean(truth);
                break;
            case CborKind.Null:
                reader.TryReadNull();
                writer.WriteNull();
                break;
            case CborKind.Undefined or CborKind.Simple:
                reader.TryReadSimple(out var simple);
                writer.WriteSimple(simple);
                break;
            case CborKind.Text:
                reader.TryReadText(out var utf8);
                writer.WriteText(utf8);
                break;
            case CborKind.Bytes:
                reader.TryReadBytes(out var bytes);
                writer.WriteBytes(bytes);
                break;
            case CborKind.Tag:
                reader.TryReadTag(out var tag);
                writer.WriteTag(tag);
                Copy(ref reader, ref writer);
                break;
            default:
                CopyContainer(ref reader, ref writer);
                break;
        }
    }

    private static void CopyContainer(ref CborReader reader, ref CborWriter writer)
    {
        var isMap = reader.Peek() == CborKind.Map;
        var remaining = 0;
        var entered = isMap ? reader.TryReadMap(out remaining) : reader.TryReadArray(out remaining);
        Assert.True(entered);
        var count = remaining >= 0 ? remaining : Count(reader, isMap);
        if (isMap)
        {
            writer.WriteMap(count);
        }
        else
        {
            writer.WriteArray(count);
        }
        while (reader.HasNext(ref remaining))
        {
            Copy(ref reader, ref writer);
            if (isMap)
            {
                Copy(ref reader, ref writer);
            }
        }
    }

    // A copy of the reader runs ahead.
    private static int Count(CborReader ahead, bool isMap)
    {
        var (count, remaining) = (0, -1);
        for (; ahead.HasNext(ref remaining); count++)
        {
            Assert.True(ahead.TrySkip() && (!isMap || ahead.TrySkip()));
        }
        return count;
    }
}
