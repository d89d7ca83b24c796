using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>Ends a verb: what went wrong, what to do next, and the exit code.</summary>
internal sealed class VerbException(int exitCode, string message, string? hint = null) : Exception(message)
{
    /// <summary>One of <see cref="Platform.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do next; null when there is nothing to say.</summary>
    public string? Hint { get; } = hint;

    /// <summary>The server's problem+json; null when it is not the server that said no.</summary>
    public JsonObject? Problem { get; init; }
}
