namespace Starling.Platform;

/// <summary>A file of a PKI cannot be made or used: what is the matter, and what to do about it.</summary>
internal sealed class PkiException(string message, string hint) : Exception(message)
{
    /// <summary>What to do next.</summary>
    public string Hint { get; } = hint;
}
