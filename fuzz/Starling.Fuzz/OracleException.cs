using System.Diagnostics.CodeAnalysis;

namespace Starling.Fuzz;

/// <summary>What was accepted is not what it should be.</summary>
public sealed class OracleException(string message) : Exception(message)
{
    /// <summary>Throws unless the condition holds.</summary>
    public static void Require([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
        {
            throw new OracleException(message);
        }
    }

    /// <summary>Throws unless the bytes are the same.</summary>
    public static void RequireSame(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string what)
    {
        if (!expected.SequenceEqual(actual))
        {
            throw new OracleException($"{what}: {Convert.ToHexStringLower(expected)} became {Convert.ToHexStringLower(actual)}");
        }
    }
}
