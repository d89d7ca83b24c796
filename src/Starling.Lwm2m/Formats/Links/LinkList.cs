using System.Diagnostics.CodeAnalysis;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>The objects and instances that a device registers, as told by its link list (LwM2M Core 1.2 §6.2.1). Immutable; shared by devices that told the same.</summary>
public sealed class LinkList
{
    /// <summary>No objects.</summary>
    public static LinkList None { get; } = new([], new Dictionary<int, ObjectVersion>(), "", "");

    /// <summary>Makes a list of parts that belong together; <see cref="Create"/> writes the text itself.</summary>
    public LinkList(IReadOnlyList<Lwm2mPath> paths, IReadOnlyDictionary<int, ObjectVersion> versions, string root, string text)
    {
        Paths = paths;
        Versions = versions;
        Root = root;
        Text = text;
    }

    /// <summary>Objects and object instances in ascending order, each once; never one of the objects 0, 21 and 23.</summary>
    public IReadOnlyList<Lwm2mPath> Paths { get; }

    /// <summary>The versions that were told, by object.</summary>
    public IReadOnlyDictionary<int, ObjectVersion> Versions { get; }

    /// <summary>The alternate path in front of every path, as in <c>/lwm2m</c>; empty for none.</summary>
    public string Root { get; }

    /// <summary>The formats that the root link tells (<c>ct</c>); empty when it tells none.</summary>
    public IReadOnlyList<ContentFormat> Formats
    {
        get => Spoken.Announced;
        init => Spoken = value.Count == 0 ? PeerFormats.Unknown : new PeerFormats(value);
    }

    /// <summary>The same as what an operation is encoded for (<see cref="OperationScope.Formats"/>).</summary>
    public PeerFormats Spoken { get; private init; } = PeerFormats.Unknown;

    /// <summary>The list as it came.</summary>
    public string Text { get; }

    /// <summary>
    /// Reads a registration's payload. A list with a root link (<c>rt="oma.lwm2m"</c>) may name paths with or without the root in front.
    /// Links that are no object or instance, versions that are none, and the objects 0, 21 and 23 are left aside.
    /// </summary>
    /// <param name="utf8">The payload.</param>
    /// <param name="list">The list.</param>
    /// <param name="limits">How much is taken; null for <see cref="LinkLimits.Standard"/>.</param>
    /// <returns>False when it is no link format, beyond the limits, or its root has a segment that is a number or empty.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out LinkList? list, LinkLimits? limits = null) =>
        new LinkListReader(utf8, limits ?? LinkLimits.Standard).TryRead(out list);

    /// <summary>
    /// The list that a client registers: instances, objects that have none, and objects with a version. The version stands on the object's link,
    /// where every server finds it.
    /// </summary>
    /// <param name="paths">Objects and instances in any order; an object that has an instance needs not be there. 0, 21 and 23 are left out.</param>
    /// <param name="versions">The versions to tell.</param>
    /// <param name="root">The alternate path, as in <c>/lwm2m</c>; empty for none.</param>
    /// <param name="formats">The formats to tell on the root link; none for those that the version implies.</param>
    public static LinkList Create(
        IEnumerable<Lwm2mPath> paths, IReadOnlyDictionary<int, ObjectVersion>? versions = null, string root = "", IReadOnlyList<ContentFormat>? formats = null)
    {
        Lwm2mPath[] told = [.. paths.Where(p => p.ObjectId is not (0 or 21 or 23)).Distinct().Order()];
        var links = new List<CoreLink>();
        if (root.Length > 0 || formats is { Count: > 0 })
        {
            links.Add(RootLink(root, formats));
        }
        foreach (var group in told.GroupBy(p => p.ObjectId))
        {
            AddObject(links, root, group.Key, [.. group.Where(p => p.IsInstance)], versions);
        }
        return new LinkList(told, versions ?? None.Versions, root, LinkFormat.Write(links)) { Formats = formats ?? [] };
    }

    private static CoreLink RootLink(string root, IReadOnlyList<ContentFormat>? formats)
    {
        var attributes = new List<KeyValuePair<string, string?>> { new("rt", "oma.lwm2m") };
        if (formats is { Count: > 0 })
        {
            attributes.Add(new("ct", string.Join(' ', formats.Select(f => f.Value))));
        }
        return new CoreLink(root.Length > 0 ? root : "/", attributes);
    }

    private static void AddObject(List<CoreLink> links, string root, int objectId, Lwm2mPath[] instances, IReadOnlyDictionary<int, ObjectVersion>? versions)
    {
        var target = root + new Lwm2mPath(objectId);
        if (versions is not null && versions.TryGetValue(objectId, out var version))
        {
            links.Add(new CoreLink(target, [new("ver", version.ToString())]));
        }
        else if (instances.Length == 0)
        {
            links.Add(new CoreLink(target));
        }
        links.AddRange(instances.Select(path => new CoreLink(root + path)));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
