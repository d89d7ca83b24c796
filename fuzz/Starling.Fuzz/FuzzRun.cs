namespace Starling.Fuzz;

/// <summary>One target, one seed, until time or number of inputs is used up or something breaks.</summary>
public sealed class FuzzRun(FuzzTarget target, Corpus corpus, int seed, TimeProvider time)
{
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(10);
    private readonly Random _random = new(seed);
    private readonly List<byte[]> _pool = [];
    private readonly HashSet<int> _outcomes = [];
    private long _inputsAtLastLook = -1;
    private volatile bool _isMinimizing;   // which may take longer, and ends the run

    /// <summary>How many inputs were run.</summary>
    public long Inputs { get; private set; }

    /// <summary>How many different outcomes there were.</summary>
    public int Outcomes => _outcomes.Count;

    /// <summary>Runs what killed an earlier process, then seeds and corpus as they are, then mutations of them.</summary>
    /// <param name="duration">For how long.</param>
    /// <param name="maxInputs">How many mutations at most.</param>
    /// <returns>The input that broke the target, as short as it could be made; null when none did.</returns>
    public FuzzCrash? Execute(TimeSpan duration, long maxInputs = long.MaxValue)
    {
        var file = corpus.CurrentFile(target);
        if (CurrentInput.LeftBehind(file) is { } killer)
        {
            corpus.Keep(target, killer, "An earlier process died while it ran this.\n");
        }
        using var current = new CurrentInput(file);
        using var watch = time.CreateTimer(_ => EndIfHung(), null, _hang, _hang);
        return RunKnown(current) ?? RunMutations(current, duration, maxInputs);
    }

    private FuzzCrash? RunKnown(CurrentInput current)
    {
        foreach (var input in target.Seeds.Concat(corpus.Inputs(target).Select(i => i.Bytes)))
        {
            _pool.Add(input);
            if (Try(input, current) is { } crash)
            {
                return crash;
            }
        }
        return null;
    }

    private FuzzCrash? RunMutations(CurrentInput current, TimeSpan duration, long maxInputs)
    {
        var started = time.GetTimestamp();
        var mutator = new Mutator(_random, target.MaxLength, target.Dictionary);
        for (long i = 0; i < maxInputs && time.GetElapsedTime(started) < duration; i++)
        {
            if (Try(Next(mutator), current) is { } crash)
            {
                return crash;
            }
        }
        return null;
    }

    private byte[] Next(Mutator mutator)
    {
        if (_random.Next(4) == 0 && target.Generate(_random) is { } generated)
        {
            return _random.Next(2) == 0 ? generated : mutator.Mutate(generated, Pick());
        }
        return mutator.Mutate(Pick(), Pick());
    }

    private byte[] Pick() => _pool.Count == 0 ? [] : _pool[_random.Next(_pool.Count)];

    private FuzzCrash? Try(byte[] input, CurrentInput current)
    {
        Inputs++;
        current.Set(input);
        if (FuzzCheck.Run(target, input, out var outcome) is { } why)
        {
            _isMinimizing = true;
            var shortest = FuzzCheck.Minimize(target, input);
            var file = corpus.Keep(target, shortest, $"seed {seed}, input {Inputs}\n{why}\n");
            return new FuzzCrash(target.Name, shortest, why, file);
        }
        if (_outcomes.Add(outcome))
        {
            _pool.Add(input);
        }
        return null;
    }

    // No input takes ten seconds: one that does never ends, and its bytes are in the file.
    private void EndIfHung()
    {
        if (_inputsAtLastLook == Inputs && !_isMinimizing)
        {
            Environment.FailFast($"{target.Name} has not come back from input {Inputs} of seed {seed}; it is in {corpus.CurrentFile(target)}");
        }
        _inputsAtLastLook = Inputs;
    }
}

/// <summary>An input that broke a target.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Input">The input, shortened.</param>
/// <param name="Why">What went wrong.</param>
/// <param name="File">Where it is kept.</param>
public sealed record FuzzCrash(string Target, byte[] Input, string Why, string File);
