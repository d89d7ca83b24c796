using System.Globalization;
using System.Text.Json;
using Starling.Testing;

namespace Starling.Cbor.Tests;

/// <summary>Every example of RFC 8949 appendix A, as published by others.</summary>
public sealed class CborVectorTests
{
    private const string File = "vectors/cbor-appendix-a.json";

    [TestDataFact(File)]
    public void Appendix_A_reads_as_published()
    {
        var read = 0;
        foreach (var (hex, vector) in Vectors())
        {
            var expected = vector.TryGetProperty("diagnostic", out var diagnostic) ? Plain(diagnostic.GetString()!) : Text(vector.GetProperty("decoded"));
            Assert.Equal((hex, expected), (hex, Diagnostic.Of(Convert.FromHexString(hex), out _)));
            read++;
        }
        Assert.True(read > 75, $"only {read} examples");
    }

    [TestDataFact(File)]
    public void Appendix_A_is_written_as_published()
    {
        foreach (var (hex, vector) in Vectors())
        {
            if (vector.GetProperty("roundtrip").GetBoolean())
            {
                Assert.Equal(hex, Convert.ToHexStringLower(Diagnostic.Rewrite(Convert.FromHexString(hex))));
            }
        }
    }

    [TestDataFact(File)]
    public void Appendix_A_skips_whole_and_truncates_cleanly()
    {
        foreach (var (hex, _) in Vectors())
        {
            var bytes = Convert.FromHexString(hex);
            var whole = new CborReader(bytes);
            Assert.True(whole.TrySkip() && whole.IsAtEnd, hex);
            for (var length = 0; length < bytes.Length; length++)
            {
                var cut = new CborReader(bytes.AsSpan(0, length));
                Assert.False(cut.TrySkip(), $"{hex} cut to {length}");
                Assert.Equal(CborError.Truncated, cut.Error);
            }
        }
    }

    private static IEnumerable<(string Hex, JsonElement Vector)> Vectors()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(TestData.PathOf(File)));
        foreach (var vector in document.RootElement.EnumerateArray())
        {
            var hex = vector.GetProperty("hex").GetString()!;
            // From RFC 7049: RFC 8949 §3.3 made simple values below 32 in two bytes not well-formed.
            if (hex != "f818")
            {
                yield return (hex, vector.Clone());
            }
        }
    }

    // The published notation shows where a string was cut into chunks; the reader joins them.
    private static string Plain(string diagnostic) => diagnostic switch
    {
        "(_ h'0102', h'030405')" => "h'0102030405'",
        _ => diagnostic,
    };

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => $"\"{value.GetString()}\"",
        JsonValueKind.Array => "[" + string.Join(", ", value.EnumerateArray().Select(Text)) + "]",
        JsonValueKind.Object => "{" + string.Join(", ", value.EnumerateObject().Select(p => $"\"{p.Name}\": {Text(p.Value)}")) + "}",
        JsonValueKind.Number => Number(value.GetRawText()),
        JsonValueKind.Null => "null",
        _ => value.GetRawText(),
    };

    private static string Number(string raw)
    {
        if (!raw.AsSpan().ContainsAny("."))
        {
            return raw.Contains('e', StringComparison.Ordinal) ? double.Parse(raw, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture) : raw;
        }
        var number = double.Parse(raw, CultureInfo.InvariantCulture);
        return number.ToString("R", CultureInfo.InvariantCulture) + (number == Math.Truncate(number) && Math.Abs(number) < 1e15 ? ".0" : "");
    }
}
