using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>The cases of the OMA test specification, each with our client against our server.</summary>
public sealed class ConformanceTests(Suite suite) : IClassFixture<Suite>
{
    public static TheoryData<string> Ids => [.. CheckCatalog.All.Select(c => c.Id)];

    public static TheoryData<string> IdsWithoutSecurity => [.. CheckCatalog.All.Except(SecurityCases.Group.Cases).Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Case_passes(string id) => AssertPassed(await suite.ResultOf(CheckCatalog.All.Single(c => c.Id == id)));

    [Theory]
    [MemberData(nameof(IdsWithoutSecurity))]
    public async Task Case_passes_without_security(string id)
    {
        var setup = Setups.For(id);
        AssertPassed(await Suite.RunAsync(CheckCatalog.All.Single(c => c.Id == id), setup with { Configuration = setup.Configuration.Unsecured() }));
    }

    [Fact]
    public async Task Report_is_the_one_in_git()
    {
        const string variable = "STARLING_WRITE_CONFORMANCE";
        var results = new Dictionary<string, CheckResult>();
        foreach (var one in CheckCatalog.All)
        {
            results[one.Id] = await suite.ResultOf(one);
        }
        var now = Report.Write(results);
        var file = Path.Combine(Root(), "docs", "conformance.md");
        if (Environment.GetEnvironmentVariable(variable) == "1")
        {
            await File.WriteAllTextAsync(file, now);
        }
        var kept = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
        Assert.True(kept == now, $"docs/conformance.md is not what the run gives. If that is meant, run the tests with {variable}=1 and commit the file.\n{Differences(kept, now)}");
    }

    [Fact]
    public void Every_case_is_one_of_the_specification_and_is_there_once()
    {
        Assert.Equal(118, OmaCases.Ids.Count);
        Assert.Equal(OmaCases.Ids.Count, OmaCases.Ids.Distinct().Count());
        Assert.Empty(CheckCatalog.All.Select(c => c.Id).Except(OmaCases.Ids));
        Assert.Equal(CheckCatalog.All.Count, CheckCatalog.All.Select(c => c.Id).Distinct().Count());
    }

    [Fact]
    public void Only_cases_of_what_is_not_there_yet_wait()
    {
        var waiting = OmaCases.Ids.Where(id => CheckCatalog.All.All(c => c.Id != OmaCases.AliasOf(id))).Select(OmaCases.WaitsFor);
        Assert.All(waiting, reason => Assert.Contains(reason, (string[])["bootstrap", "TLS", "OSCORE", "CoAP over TCP", "MQTT", "EST"]));
    }

    private static void AssertPassed(CheckResult result) =>
        Assert.True(result.Outcome == CheckOutcome.Passed, $"{result.Case.Id} {result.Case.Title}: {result.Outcome}. {result.Reason}\n{string.Join('\n', result.Messages)}");

    private static string Differences(string kept, string now) =>
        string.Join('\n', kept.Split('\n').Except(now.Split('\n')).Select(l => "- " + l).Concat(now.Split('\n').Except(kept.Split('\n')).Select(l => "+ " + l)));

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
