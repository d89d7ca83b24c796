using System.Globalization;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Takes object definitions while the server runs, and keeps their files where <c>--data</c> says.</summary>
internal sealed class ModelStore(Lwm2mServer server, PlatformSettings settings)
{
    private const int MaxUploaded = 1000;
    private readonly Lock _lock = new();
    private int _uploaded;

    /// <summary>The known objects.</summary>
    public ObjectCatalog Catalog => server.Catalog;

    /// <summary>Adds the objects of a file, or says line by line what is wrong in it.</summary>
    public ActionReport Add(byte[] xml)
    {
        if (!DefinitionXml.TryRead(xml, out var definitions, out var errors))
        {
            return new ActionReport(false, "The file is not taken.", errors.Count == 1 ? "One thing is wrong in it:" : $"{errors.Count} things are wrong in it:")
            {
                Lines = [.. errors.Select(e => SafeText.Line(e.ToString(), 300))],
            };
        }
        lock (_lock)
        {
            if (_uploaded + definitions.Count > MaxUploaded)
            {
                return new ActionReport(false, "The file is not taken.", $"{MaxUploaded} objects have been added already since the server started. Put more into the folder of --data.");
            }
            _uploaded += definitions.Count;
            server.Catalog = server.Catalog.With(definitions);
        }
        var names = definitions.Select(d => $"{SafeText.Line(d.Name, 80)} /{d.Id} version {d.Version}, {d.Resources.Count} resource{(d.Resources.Count == 1 ? "" : "s")}").ToArray();
        return new ActionReport(true, definitions.Count == 1 ? "The object is known now." : $"{definitions.Count} objects are known now.", Keep(xml, definitions)) { Lines = names };
    }

    private string Keep(byte[] xml, IReadOnlyList<ObjectDefinition> definitions)
    {
        if (settings.ObjectFolder is not { } folder)
        {
            return "It is forgotten when the server stops: start it with --data DIR to keep it.";
        }
        // The name is made of numbers only: nothing of the upload's own name gets near the file system.
        var name = string.Create(CultureInfo.InvariantCulture, $"{definitions[0].Id}-{definitions[0].Version}.xml");
        try
        {
            Directory.CreateDirectory(folder);
            // Whole or not at all: half a definition, which a full disk would leave, is one with which the server does not start again.
            var whole = Path.Combine(folder, name);
            File.WriteAllBytes(whole + ".new", xml);
            File.Move(whole + ".new", whole, overwrite: true);
            return $"It is kept as {name}.";
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            return $"It could not be kept: {unusable.Message}";
        }
    }
}
