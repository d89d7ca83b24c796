using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>The cases of the OMA test specification, each with our client against our server.</summary>
public sealed class ConformanceTests(Suite suite) : IClassFixture<Suite>
{
    public static TheoryData<string> Ids => [.. CheckCatalog.All.Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Case_passes(string id)
    {
        var result = await suite.ResultOf(CheckCatalog.All.Single(c => c.Id == id));
        Assert.True(result.Outcome == CheckOutcome.Passed, $"{id} {result.Case.Title}: {result.Outcome}. {result.Reason}\n{string.Join('\n', result.Messages)}");
    }
}
