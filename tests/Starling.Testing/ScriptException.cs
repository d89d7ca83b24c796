namespace Starling.Testing;

/// <summary>What a script expected did not happen. The message tells what did, as a ladder.</summary>
public sealed class ScriptException(string message) : Exception(message);
