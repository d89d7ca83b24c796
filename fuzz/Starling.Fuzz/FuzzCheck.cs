namespace Starling.Fuzz;

/// <summary>Runs a target on one input and says what is wrong with how it went.</summary>
public static class FuzzCheck
{
    /// <summary>Runs the target.</summary>
    /// <param name="target">What to run.</param>
    /// <param name="input">The input.</param>
    /// <param name="outcome">What the target returned.</param>
    /// <returns>Why this is a crash; null when all is well.</returns>
    public static string? Run(FuzzTarget target, byte[] input, out int outcome)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(input);
        outcome = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            outcome = target.Run(input);
        }
#pragma warning disable CA1031 // Any exception at all is what is looked for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error.ToString();
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var limit = target.AllocationLimit(input.Length);
        return allocated <= limit ? null : $"{input.Length} bytes of input made it allocate {allocated} bytes; the limit is {limit}.";
    }

    /// <summary>A shorter input that still fails in the same way: chunks are left out as long as that is so.</summary>
    public static byte[] Minimize(FuzzTarget target, byte[] input)
    {
        var kind = Kind(Run(target, input, out _));
        for (var chunk = Math.Max(1, input.Length / 2); chunk > 0; chunk /= 2)
        {
            for (var at = 0; at < input.Length;)
            {
                byte[] shorter = [.. input.AsSpan(0, at), .. input.AsSpan(Math.Min(input.Length, at + chunk))];
                if (Kind(Run(target, shorter, out _)) == kind)
                {
                    input = shorter;
                }
                else
                {
                    at += chunk;
                }
            }
        }
        return input;
    }

    // The type of the exception; messages carry bytes of the input.
    private static string? Kind(string? failure) => failure?.Split([':', ' ', '\n'], 2)[0] is { } word && char.IsDigit(word[0]) ? "allocation" : failure?.Split(':', 2)[0];
}
