using Starling.Fuzz;
using Starling.Testing;

namespace Starling.Fuzz.Tests;

public sealed class FuzzRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fuzz").FullName;
    private readonly Corpus _corpus;

    public FuzzRunTests() => _corpus = new Corpus(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Planted_exception_is_found_shortened_and_kept()
    {
        var target = new PlantedTarget(bytes => bytes.AsSpan().IndexOf((byte)0xee) >= 0 ? throw new InvalidDataException() : 0, new byte[32]);
        var crash = Run(target, 5);
        Assert.NotNull(crash);
        Assert.Equal([0xee], crash.Input);
        Assert.Equal([0xee], File.ReadAllBytes(crash.File));
        Assert.Contains("seed 5", File.ReadAllText(crash.File + ".txt"), StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidDataException), crash.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Word_of_the_dictionary_opens_what_chance_does_not()
    {
        var target = new PlantedTarget(bytes => bytes.AsSpan().IndexOf(new byte[] { 0xca, 0xfe, 0xca, 0xfe }) >= 0 ? throw new OracleException("found") : 0, new byte[8]);
        Assert.NotNull(Run(target, 6));
    }

    [Fact]
    public void New_outcome_is_mutated_further()
    {
        // Each step is found from the one before it; all four at once would take 2^32 tries.
        byte[] secret = [0x13, 0x57, 0x9b, 0xdf];
        var target = new PlantedTarget(
            bytes => bytes.AsSpan().CommonPrefixLength(secret) is < 4 and var n ? n : throw new OracleException("found"), new byte[4]);
        Assert.NotNull(Run(target, 7, inputs: 200_000));
    }

    [Fact]
    public void Memory_beyond_the_limit_is_a_crash()
    {
        var target = new PlantedTarget(bytes => bytes.Length > 4 ? new byte[30_000].Length : 0, new byte[2]);
        var crash = Run(target, 8);
        Assert.Contains("allocate", crash?.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Sound_target_ends_with_its_inputs()
    {
        var target = new PlantedTarget(bytes => bytes.Length % 3, new byte[2]);
        var run = new FuzzRun(target, _corpus, 9, new ManualTime());
        Assert.Null(run.Execute(TimeSpan.FromSeconds(1), 1000));
        Assert.Equal((1001, 3), (run.Inputs, run.Outcomes));
        Assert.False(File.Exists(_corpus.CurrentFile(target)));
    }

    [Fact]
    public void Same_seed_makes_the_same_inputs()
    {
        Assert.Equal(InputsOf(3), InputsOf(3));
        Assert.NotEqual(InputsOf(3), InputsOf(4));
    }

    [Fact]
    public void Input_that_killed_a_process_is_kept_at_the_next_start()
    {
        var target = new PlantedTarget(_ => 0, new byte[1]);
        File.WriteAllBytes(_corpus.CurrentFile(target), [3, 0, 0, 0, 0xaa, 0xbb, 0xcc, 0, 0]);
        Assert.Null(Run(target, 1, inputs: 1));
        var kept = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "crashes", "planted")), f => !f.EndsWith(".txt", StringComparison.Ordinal));
        Assert.Equal([0xaa, 0xbb, 0xcc], File.ReadAllBytes(kept));
    }

    [Fact]
    public void No_input_is_longer_than_the_target_takes()
    {
        var longest = 0;
        Run(new PlantedTarget(bytes => (longest = Math.Max(longest, bytes.Length)) > 64 ? throw new OracleException("too long") : 0, new byte[60]), 2);
        Assert.InRange(longest, 61, 64);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2, "nothing-of-that-name")]
    [InlineData(2, "smoke", "--seconds")]
    [InlineData(2, "smoke", "--speed", "9")]
    [InlineData(0, "list")]
    [InlineData(0, "coap-message", "--inputs", "50", "--seed", "3")]
    public void Command_tells_by_its_exit_code(int code, params string[] arguments)
    {
        using var output = new StringWriter();
        Assert.Equal(code, new FuzzCommand(output, _corpus, TimeProvider.System).Run(arguments));
        Assert.Contains(code == 2 ? "fuzz smoke" : "coap-message", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_runs_files_as_they_are()
    {
        var file = Path.Combine(_folder, "input");
        File.WriteAllBytes(file, Convert.FromHexString("70007d34"));
        using var output = new StringWriter();
        Assert.Equal(0, new FuzzCommand(output, _corpus, TimeProvider.System).Run(["replay", "coap-message", file]));
        Assert.Contains("outcome", output.ToString(), StringComparison.Ordinal);
    }

    private FuzzCrash? Run(FuzzTarget target, int seed, long inputs = 50_000) =>
        new FuzzRun(target, _corpus, seed, new ManualTime()).Execute(TimeSpan.FromSeconds(1), inputs);

    private List<string> InputsOf(int seed)
    {
        var seen = new List<string>();
        Run(new PlantedTarget(bytes => bytes.Length + (0 * Note(seen, bytes)), [1, 2, 3]), seed, inputs: 100);
        return seen;
    }

    private static int Note(List<string> seen, byte[] bytes)
    {
        seen.Add(Convert.ToHexStringLower(bytes));
        return 1;
    }
}
