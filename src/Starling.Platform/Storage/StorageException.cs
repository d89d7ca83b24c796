namespace Starling.Platform;

/// <summary>What is kept cannot be used: what is wrong, and what to do next.</summary>
internal sealed class StorageException(string message, string? hint = null, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>What to do next; null when there is nothing to say.</summary>
    public string? Hint { get; } = hint;
}
