using System.Reflection;

namespace Starling.Interop.Tests;

/// <summary>docs/interop.md says of every test here when it last passed.</summary>
public sealed class RecordTests
{
    public static TheoryData<string> Sentences =>
        [.. typeof(RecordTests).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Where(m => m.GetCustomAttribute<PeerFactAttribute>() is not null || m.GetCustomAttribute<PeerTheoryAttribute>() is not null)
            .Select(m => m.Name.Replace('_', ' ')).Distinct()];

    [Theory]
    [MemberData(nameof(Sentences))]
    public void Test_is_in_the_record(string sentence) =>
        Assert.True(File.ReadAllText(Peers.Document("interop.md")).Contains($"| {sentence} |", StringComparison.Ordinal), "Run tests/Starling.Interop.Tests/record.");
}
