using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The objects Security and Server of the accounts: instance n of both belongs to account n.</summary>
internal static class Accounts
{
    /// <summary>The instances of Server, in the order of the accounts.</summary>
    /// <exception cref="ArgumentException">The accounts do not fit together, or the catalog lacks the object.</exception>
    public static ServerObject[] Objects(ClientSettings settings)
    {
        if (settings.Endpoint.Length == 0 || !settings.Version.IsSupported)
        {
            throw new ArgumentException($"Endpoint '{settings.Endpoint}', LwM2M {settings.Version}: there must be a name, and a version from 1.0 to 1.2.", nameof(settings));
        }
        var accounts = settings.Servers;
        if (accounts.Count == 0 || accounts.DistinctBy(a => a.ShortServerId).Count() != accounts.Count)
        {
            throw new ArgumentException("There must be servers, each with a short server id of its own.", nameof(settings));
        }
        foreach (var account in accounts)
        {
            Check(account);
        }
        var definition = Definition(settings, 1);
        return [.. accounts.Select((account, index) => new ServerObject(definition, index, account))];
    }

    /// <summary>The whole tree: the accounts and the device's own objects.</summary>
    public static ObjectTree Plant(ClientSettings settings, ServerObject[] servers, IEnumerable<ObjectInstance> own)
    {
        var security = Definition(settings, 0);
        var accounts = settings.Servers.Select((account, index) => SecurityObject.Create(security, index, account));
        var tree = new ObjectTree(accounts.Concat(servers.Select(s => s.Instance)));
        foreach (var instance in own)
        {
            if (instance.Definition.Id is 0 or 1)
            {
                throw new ArgumentException($"{instance.Path}: the objects 0 and 1 come from the accounts.", nameof(own));
            }
            tree.Add(instance);
        }
        return tree;
    }

    /// <summary>Who may do what; with one account, everybody everything (LwM2M Core 1.2 §8.2).</summary>
    public static AccessControl Access(ClientSettings settings, ObjectTree tree)
    {
        var access = new AccessControl(tree, settings.Servers.Count > 1 ? Definition(settings, 2) : settings.Catalog.Find(2), settings.UnclaimedRights);
        access.Complete();
        return access;
    }

    /// <summary>The instances of one more account, at the smallest number that is free in both objects.</summary>
    /// <exception cref="ArgumentException">The account cannot be, or its id is there already, or the catalog lacks the object Access Control.</exception>
    public static (ObjectInstance Security, ServerObject Server) Create(ClientSettings settings, ObjectTree tree, ServerAccount account)
    {
        Check(account);
        var present = tree.FindObject(1)?.Instances ?? [];
        if (Array.Exists(present, server => server.Get(0) is { Kind: ValueKind.Integer } id && id.AsInteger() == account.ShortServerId))
        {
            throw new ArgumentException($"There is a server with the id {account.ShortServerId} already.", nameof(account));
        }
        if (present.Length > 0)
        {
            Definition(settings, 2);   // several servers have rights
        }
        var free = 0;
        while (tree.Find(0, free) is not null || tree.Find(1, free) is not null)
        {
            free++;
        }
        return (SecurityObject.Create(Definition(settings, 0), free, account), new ServerObject(Definition(settings, 1), free, account));
    }

    private static void Check(ServerAccount account)
    {
        if (account.ShortServerId is < 1 or > 65534 || account.Lifetime < 0)
        {
            throw new ArgumentException($"Short server id {account.ShortServerId}, lifetime {account.Lifetime}: an id is 1 to 65534, a lifetime not negative.", nameof(account));
        }
    }

    // In the version that the enabler implies, which then needs not be told.
    private static ObjectDefinition Definition(ClientSettings settings, int objectId) =>
        settings.Catalog.Find(objectId, EnablerVersions.Of(objectId, settings.Version) ?? ObjectVersion.V10) ?? throw new ArgumentException($"The catalog does not know object {objectId}.", nameof(settings));
}
