namespace Starling.Lwm2m;

/// <summary>The objects and instances that a device registers, as told by its link list (LwM2M Core 1.2 §6.2.1). Immutable; shared by devices that told the same.</summary>
public sealed class LinkList
{
    /// <summary>No objects.</summary>
    public static LinkList None { get; } = new([], new Dictionary<int, ObjectVersion>(), "", "");

    /// <summary>Makes a list.</summary>
    public LinkList(IReadOnlyList<Lwm2mPath> paths, IReadOnlyDictionary<int, ObjectVersion> versions, string root, string text)
    {
        Paths = paths;
        Versions = versions;
        Root = root;
        Text = text;
    }

    /// <summary>Objects and object instances in ascending order, each once.</summary>
    public IReadOnlyList<Lwm2mPath> Paths { get; }

    /// <summary>The versions that were told, by object.</summary>
    public IReadOnlyDictionary<int, ObjectVersion> Versions { get; }

    /// <summary>The alternate path in front of every path, as in <c>/lwm2m</c>; empty for none.</summary>
    public string Root { get; }

    /// <summary>The list as it came.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
