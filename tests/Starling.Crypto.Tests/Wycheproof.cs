using System.Text.Json;
using Starling.Testing;

namespace Starling.Crypto.Tests;

/// <summary>The cases of Project Wycheproof, read where they lie.</summary>
internal static class Wycheproof
{
    /// <summary>Where a file lies below the test data.</summary>
    private const string Folder = "vectors/wycheproof/";

    /// <summary>Runs every case of a file, each with its group, and says how many there were.</summary>
    public static int Each(string file, Action<JsonElement, JsonElement> run)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(TestData.PathOf(Folder + file)));
        var count = 0;
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                run(group, test);
                count++;
            }
        }
        Assert.Equal(document.RootElement.GetProperty("numberOfTests").GetInt32(), count);
        return count;
    }

    /// <summary>The bytes that a field says.</summary>
    public static byte[] Bytes(this JsonElement test, string field) => Convert.FromHexString(test.GetProperty(field).GetString()!);

    /// <summary>A number of bits that a group says, in bytes.</summary>
    public static int Size(this JsonElement group, string field) => group.GetProperty(field).GetInt32() / 8;

    /// <summary>valid, invalid or acceptable.</summary>
    public static string Result(this JsonElement test) => test.GetProperty("result").GetString()!;

    /// <summary>What a failed assertion says of the case.</summary>
    public static string Name(this JsonElement test) => $"case {test.GetProperty("tcId").GetInt32()}: {test.GetProperty("comment").GetString()}";
}
