namespace Starling.Fuzz;

/// <summary>
/// One parser under attack. A new target is one sealed class with a parameterless constructor in <c>Targets/</c>: it is found by itself. Its corpus is
/// <c>fuzz/corpus/&lt;name&gt;/</c>, one file an input.
/// </summary>
public abstract class FuzzTarget
{
    /// <summary>Lower case with hyphens: <c>coap-message</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Inputs to begin with besides the corpus; valid ones find the most.</summary>
    public virtual IEnumerable<byte[]> Seeds => [];

    /// <summary>Byte strings that mean something to the parser: magic numbers, key words, headers.</summary>
    public virtual IReadOnlyList<byte[]> Dictionary => [];

    /// <summary>No input is made longer than this, in bytes: 4096.</summary>
    public virtual int MaxLength => 4096;

    /// <summary>What one input of this length may allocate, in bytes, parsing and checking together: 256 KiB and 512 a byte.</summary>
    public virtual long AllocationLimit(int length) => (256L << 10) + (512L * length);

    /// <summary>
    /// Parses the input and checks what was accepted: read again what writes it, compare, ask for every property. It throws when something is wrong
    /// (<see cref="OracleException"/>), and the parser under test must not throw at all.
    /// </summary>
    /// <returns>What happened, as a small number: an error code, a kind of message. Inputs that bring a new number are mutated further.</returns>
    public abstract int Run(ReadOnlySpan<byte> input);

    /// <summary>Makes an input by the rules of the format; null where mutation does it all.</summary>
    public virtual byte[]? Generate(Random random) => null;
}
