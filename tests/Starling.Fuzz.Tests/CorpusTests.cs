using Starling.Fuzz;

namespace Starling.Fuzz.Tests;

/// <summary>Every input that was ever worth keeping runs through its target: a crash that came back is found here.</summary>
public sealed class CorpusTests
{
    private static readonly Corpus _corpus = Corpus.Find(AppContext.BaseDirectory);

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Corpus_of_a_target_breaks_nothing(string name)
    {
        var target = Assert.Single(FuzzTargets.Named(name));
        foreach (var (file, bytes) in _corpus.Inputs(target))
        {
            var why = FuzzCheck.Run(target, bytes, out _);
            Assert.True(why is null, $"{name}/{file}: {why}");
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Seeds_and_generated_inputs_of_a_target_break_nothing(string name)
    {
        var target = Assert.Single(FuzzTargets.Named(name));
        var random = new Random(20300101);
        var inputs = target.Seeds.Concat(Enumerable.Range(0, 200).Select(_ => target.Generate(random)).OfType<byte[]>());
        foreach (var input in inputs)
        {
            var why = FuzzCheck.Run(target, input, out _);
            Assert.True(why is null, $"{name} at {Convert.ToHexStringLower(input)}: {why}");
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Target_has_something_to_begin_with(string name)
    {
        var target = Assert.Single(FuzzTargets.Named(name));
        Assert.NotEmpty(_corpus.Inputs(target).Select(i => i.Bytes).Concat(target.Seeds));
    }
}
