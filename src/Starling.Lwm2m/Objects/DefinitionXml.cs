using System.Xml;

namespace Starling.Lwm2m;

/// <summary>
/// Reads object definitions as OMA publishes them (LwM2M Core 1.2 appendix D; the schema LWM2M.xsd). A file may come from anywhere:
/// there are no DTDs, no entities and no look-ups, sizes are limited, and whatever is wrong becomes an error with its line, never an exception.
/// </summary>
/// <remarks>
/// Of what the registry's files have more or less than the schema: a missing RangeEnumeration is none, a missing version 1.0; what is executed has
/// neither type nor instances, whatever is written; a readable resource may lack a type. Names of values may be in any case.
/// </remarks>
public static class DefinitionXml
{
    private const int MaxMessage = 300;

    /// <summary>Reads a file.</summary>
    /// <param name="xml">The file in any encoding that XML declares.</param>
    /// <param name="definitions">Its objects; empty when there is an error.</param>
    /// <param name="errors">What is wrong with it; empty when nothing is.</param>
    /// <param name="limits">How much is taken; null for <see cref="DefinitionLimits.Standard"/>.</param>
    /// <returns>Whether every object of the file is good; a file without objects is not.</returns>
    public static bool TryRead(
        byte[] xml, out IReadOnlyList<ObjectDefinition> definitions, out IReadOnlyList<DefinitionError> errors, DefinitionLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(xml);
        using var stream = new MemoryStream(xml, writable: false);
        return TryRead(stream, out definitions, out errors, limits);
    }

    /// <summary>Reads a file from a stream. An <see cref="IOException"/> of the stream is the caller's.</summary>
    /// <param name="xml">The file in any encoding that XML declares.</param>
    /// <param name="definitions">Its objects; empty when there is an error.</param>
    /// <param name="errors">What is wrong with it; empty when nothing is.</param>
    /// <param name="limits">How much is taken; null for <see cref="DefinitionLimits.Standard"/>.</param>
    /// <returns>Whether every object of the file is good; a file without objects is not.</returns>
    public static bool TryRead(
        Stream xml, out IReadOnlyList<ObjectDefinition> definitions, out IReadOnlyList<DefinitionError> errors, DefinitionLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(xml);
        limits ??= DefinitionLimits.Standard;
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = limits.MaxCharacters,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        DefinitionReader? reader = null;
        DefinitionError? fatal = null;
        try
        {
            using var parser = XmlReader.Create(xml, settings);
            reader = new DefinitionReader(parser, limits);
            reader.ReadFile();
        }
        catch (XmlException failure)
        {
            // The reader's own words repeat names of the file, however long they are.
            var message = failure.Message is { Length: > MaxMessage } text ? text[..MaxMessage] + "…" : failure.Message;
            fatal = new DefinitionError(failure.LineNumber, failure.LinePosition, message);
        }
        IReadOnlyList<DefinitionError> told = reader?.Errors ?? [];
        errors = fatal is { } last ? [.. told, last] : told;
        definitions = errors.Count == 0 ? reader!.Definitions : [];
        return errors.Count == 0;
    }
}
