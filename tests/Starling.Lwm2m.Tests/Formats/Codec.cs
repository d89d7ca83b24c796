using System.Buffers;
using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>Short ways to encode, decode and compare.</summary>
internal static class Codec
{
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static CodecScope Scope(string path, string root = "", bool omitInstance = false) =>
        new(Lwm2mPath.Parse(path), FormatCatalog.View, root, Now, omitInstance);

    public static CodecScope Untyped(string path) => new(Lwm2mPath.Parse(path), CatalogView.Empty, "", Now);

    public static Lwm2mRecord Record(string path, Lwm2mValue value, DateTimeOffset? time = null) => new(Lwm2mPath.Parse(path), value, time);

    public static byte[] Encode(ContentFormat format, in CodecScope scope, params Lwm2mRecord[] records)
    {
        var codec = ContentCodecs.Find(format)!;
        if (!codec.CanEncode(scope, records))
        {
            Assert.Fail($"{format} cannot say {Show(records)} below {scope.BasePath}");
        }
        var output = new ArrayBufferWriter<byte>();
        codec.Encode(scope, records, output);
        return output.WrittenSpan.ToArray();
    }

    public static string EncodeHex(ContentFormat format, in CodecScope scope, params Lwm2mRecord[] records) =>
        Convert.ToHexStringLower(Encode(format, scope, records));

    public static string EncodeText(ContentFormat format, in CodecScope scope, params Lwm2mRecord[] records) =>
        Encoding.UTF8.GetString(Encode(format, scope, records));

    public static RecordSet Decode(ContentFormat format, in CodecScope scope, ReadOnlySpan<byte> input)
    {
        var error = TryDecode(format, scope, input, out var records);
        if (!error.IsNone)
        {
            Assert.Fail($"{format} refuses {Convert.ToHexStringLower(input)}: {error}");
        }
        return records;
    }

    public static RecordSet DecodeHex(ContentFormat format, in CodecScope scope, string hex) =>
        Decode(format, scope, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    public static RecordSet DecodeText(ContentFormat format, in CodecScope scope, string text) => Decode(format, scope, Encoding.UTF8.GetBytes(text));

    public static CodecError TryDecode(ContentFormat format, in CodecScope scope, ReadOnlySpan<byte> input, out RecordSet records)
    {
        records = new RecordSet();
        return ContentCodecs.Find(format)!.Decode(scope, input, records);
    }

    public static CodecErrorKind ErrorOfHex(ContentFormat format, in CodecScope scope, string hex) =>
        TryDecode(format, scope, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _).Kind;

    public static CodecErrorKind ErrorOfText(ContentFormat format, in CodecScope scope, string text) =>
        TryDecode(format, scope, Encoding.UTF8.GetBytes(text), out _).Kind;

    public static string Show(IEnumerable<Lwm2mRecord> records) =>
        string.Join("; ", records.Select(r => $"{r.Path} {r.Value.Kind} {r.Value}{(r.Time is { } time ? $" @{time:O}" : "")}"));
}
