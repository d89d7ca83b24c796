namespace Starling.Platform;

/// <summary>The program's name as its user typed it, for commands that are printed to be copied.</summary>
internal static class CommandName
{
    /// <summary>The environment variable in which the script <c>starling</c> hands it on.</summary>
    public const string Variable = "STARLING_COMMAND";

    /// <summary><c>./starling</c> from a checkout, else <c>starling</c>.</summary>
    public static string Typed { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } typed ? typed : "starling";
}
