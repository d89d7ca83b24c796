using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>The bytes that docs/develop/formats.md shows are what the codecs write.</summary>
public sealed class FormatsPageTests
{
    private static readonly Lwm2mRecord[] _records = [Codec.Record("/3/0/6/0", 1), Codec.Record("/3/0/6/1", 5), Codec.Record("/3/0/9", 100)];

    [Theory]
    [InlineData(11542)]
    [InlineData(11544)]
    [InlineData(112)]
    public void Bytes_of_the_page_are_written(ushort number)
    {
        var hex = Codec.EncodeHex(new ContentFormat(number), Codec.Scope("/3/0"), _records);
        Assert.Contains(Page(), line => line.StartsWith($"| {number}, ", StringComparison.Ordinal) && line.Contains($"| {hex.Length / 2} | `{hex}` |", StringComparison.Ordinal));
        Assert.Equal(_records, Codec.DecodeHex(new ContentFormat(number), Codec.Scope("/3/0"), hex));
    }

    private static string[] Page()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }
        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", "develop", "formats.md"));
    }
}
