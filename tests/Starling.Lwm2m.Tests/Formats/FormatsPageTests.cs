using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>The bytes that docs/develop/formats.md shows are what the codecs write.</summary>
public sealed class FormatsPageTests
{
    private static readonly Lwm2mRecord[] _records = [Codec.Record("/3/0/6/0", 1), Codec.Record("/3/0/6/1", 5), Codec.Record("/3/0/9", 100)];
    private static readonly Lwm2mRecord[] _paths = [Codec.Record("/3/0/6", Lwm2mValue.None), Codec.Record("/3/0/9", Lwm2mValue.None)];
    private static readonly Lwm2mRecord[] _changes = [Codec.Record("/3/0/9", 100), Codec.Record("/3/0/6/1", Lwm2mValue.Null)];

    [Theory]
    [InlineData(11542)]
    [InlineData(11544)]
    [InlineData(112)]
    [InlineData(110)]
    [InlineData(11543)]
    public void Read_of_an_instance_is_as_the_page_shows(int number) => Check(number, "", Codec.Scope("/3/0"), _records);

    [Theory]
    [InlineData(322)]
    [InlineData(320)]
    public void Paths_and_changes_are_as_the_page_shows(int number)
    {
        Check(number, "paths: ", Codec.Scope("/"), _paths);
        Check(number, "changes: ", Codec.Scope("/"), _changes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void Single_value_is_as_the_page_shows(int number) => Check(number, "", Codec.Scope("/3/0/9"), [_records[2]]);

    private static void Check(int number, string what, in CodecScope scope, Lwm2mRecord[] records)
    {
        var format = new ContentFormat((ushort)number);
        var bytes = Codec.Encode(format, scope, records);
        var shown = number is 0 or 110 or 320 or 11543 ? Encoding.UTF8.GetString(bytes) : Convert.ToHexStringLower(bytes);
        var row = $"| {bytes.Length} | {what}`{shown}` |";
        Assert.True(Page().Any(line => line.StartsWith($"| {number}, ", StringComparison.Ordinal) && line.EndsWith(row, StringComparison.Ordinal)), $"no row | {number}, … {row}");
        Assert.Equal(records, Codec.Decode(format, scope, bytes));
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
