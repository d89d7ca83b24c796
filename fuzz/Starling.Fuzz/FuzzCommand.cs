using System.Globalization;
using System.Security.Cryptography;

namespace Starling.Fuzz;

/// <summary>The command line.</summary>
public sealed class FuzzCommand(TextWriter output, Corpus corpus, TimeProvider time)
{
    private const string Usage = """
        fuzz TARGET|all [--seconds N] [--seed S] [--inputs N]   attack one target or each in turn (60 s each, a fresh seed)
        fuzz smoke [--seed S]                                   two seconds a target, seed 1 unless told otherwise
        fuzz replay TARGET FILE...                              run files as they are
        fuzz list                                               the targets

        What breaks a target is kept under fuzz/crashes/TARGET; the exit code is then 1. Once mended, move it to fuzz/corpus/TARGET: the tests
        replay that folder. An input at which the whole process died is kept there at the next start.
        """;

    /// <summary>Does what the arguments say.</summary>
    /// <returns>0 when nothing broke, 1 when something did, 2 when the arguments mean nothing.</returns>
    public int Run(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        switch (arguments)
        {
            case ["list"]:
                foreach (var target in FuzzTargets.All)
                {
                    output.WriteLine(target.Name);
                }
                return 0;
            case ["replay", var name, .. var files] when FuzzTargets.Named(name) is [var target]:
                return Replay(target, files);
            case ["smoke", .. var options] when TryOptions(options, out var chosen):
                return Attack(FuzzTargets.All, chosen with { Seconds = chosen.Seconds ?? 2, Seed = chosen.Seed ?? 1 });
            case [var name, .. var options] when FuzzTargets.Named(name) is { Count: > 0 } targets && TryOptions(options, out var chosen):
                return Attack(targets, chosen);
            default:
                output.WriteLine(Usage);
                return 2;
        }
    }

    private int Attack(IReadOnlyList<FuzzTarget> targets, Options options)
    {
        var broken = 0;
        foreach (var target in targets)
        {
            var seed = options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
            var run = new FuzzRun(target, corpus, seed, time);
            var crash = run.Execute(TimeSpan.FromSeconds(options.Seconds ?? 60), options.Inputs ?? long.MaxValue);
            output.WriteLine($"{target.Name}: seed {seed}, {run.Inputs} inputs, {run.Outcomes} outcomes, {(crash is null ? "nothing broke" : "BROKEN")}");
            if (crash is not null)
            {
                broken++;
                output.WriteLine($"{crash.Why}\n{crash.Input.Length} bytes in {crash.File}: {Convert.ToHexStringLower(crash.Input)}");
            }
        }
        return broken == 0 ? 0 : 1;
    }

    private int Replay(FuzzTarget target, string[] files)
    {
        var broken = 0;
        foreach (var file in files)
        {
            var why = FuzzCheck.Run(target, File.ReadAllBytes(file), out var outcome);
            output.WriteLine($"{file}: {why ?? $"outcome {outcome}"}");
            broken += why is null ? 0 : 1;
        }
        return broken == 0 ? 0 : 1;
    }

    private static bool TryOptions(string[] words, out Options options)
    {
        options = new Options(null, null, null);
        for (var i = 0; i < words.Length; i += 2)
        {
            if (i + 1 == words.Length || !int.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }
            switch (words[i])
            {
                case "--seconds":
                    options = options with { Seconds = value };
                    break;
                case "--seed":
                    options = options with { Seed = value };
                    break;
                case "--inputs":
                    options = options with { Inputs = value };
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    private sealed record Options(int? Seconds, int? Seed, long? Inputs);
}
