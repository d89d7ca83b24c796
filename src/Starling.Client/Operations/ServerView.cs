using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The tree as one server may use it; without access control, all of it.</summary>
internal readonly record struct ServerView(ObjectTree Tree, AccessControl? Access = null, int ShortServerId = 0)
{
    /// <summary>Whether the server has a right on an instance, or on an object as a whole.</summary>
    public bool Allows(Lwm2mPath path, AccessRights right) => Access is null || (Access.RightsOf(ShortServerId, path) & right) == right;

    /// <summary>Whether the server has any right on an instance.</summary>
    public bool AllowsAny(Lwm2mPath path) => Access is null || Access.RightsOf(ShortServerId, path) != AccessRights.None;

    /// <summary>A tree that no server looks at.</summary>
    public static implicit operator ServerView(ObjectTree tree) => new(tree);
}
