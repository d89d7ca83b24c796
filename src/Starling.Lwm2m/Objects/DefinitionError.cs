namespace Starling.Lwm2m;

/// <summary>What is wrong with a file of object definitions, and where.</summary>
/// <param name="Line">The line, from 1; 0 when it is not known.</param>
/// <param name="Column">The column, from 1; 0 when it is not known.</param>
/// <param name="Message">What is wrong, in words.</param>
public readonly record struct DefinitionError(int Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"line {Line}, column {Column}: {Message}" : Message;
}
