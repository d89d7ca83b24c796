using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>The server has queued the operation: there is no answer of the device yet, and that is no failure.</summary>
internal sealed class QueuedException(JsonObject operation) : Exception("The operation is queued.")
{
    /// <summary>The operation as the API shows it.</summary>
    public JsonObject Operation { get; } = operation;
}
