using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>One path of an observation: what was told of it, and what could not be.</summary>
internal sealed class ObservedPath(Lwm2mPath path)
{
    private volatile bool _isDirty;

    public Lwm2mPath Path { get; } = path;

    /// <summary>Something below or above the path has changed since the last look. Set on any thread.</summary>
    public bool IsDirty
    {
        get => _isDirty;
        set => _isDirty = value;
    }

    /// <summary>What was told last, and whether there is news.</summary>
    public NotifyCondition Condition { get; } = new(path);

    /// <summary>What the server does not know yet of the past.</summary>
    public StoredValues Stored { get; set; } = new();

    /// <summary>Up to where the notification that is under way tells it.</summary>
    public long StoredSent { get; set; }

    /// <summary>Whether a change at a path is one of what is observed.</summary>
    public bool Concerns(Lwm2mPath changed) => changed.StartsWith(Path) || Path.StartsWith(changed);
}
