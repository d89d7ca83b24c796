using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// Who may do what (LwM2M Core 1.2 §8): the instances of the object Access Control (2), evaluated. It is off while there is one server account.
/// Safe on any thread.
/// </summary>
/// <param name="tree">The device's objects.</param>
/// <param name="definition">The object Access Control; null where it is not known: then nobody may do anything beside others.</param>
/// <param name="unclaimed">What every server may do with what no instance of Access Control speaks of: one is made that says so.</param>
internal sealed class AccessControl(ObjectTree tree, ObjectDefinition? definition, AccessRights unclaimed)
{
    private const int ObjectId = 2;
    private const int Nobody = 65535;        // as an owner: bootstrap alone; as an instance: the object itself
    private const int EveryServer = 0;       // the entry for servers that have none of their own
    private readonly Lock _lock = new();
    private volatile Dictionary<(int Object, int Instance), ObjectInstance>? _index;   // null: to be made anew

    /// <summary>Whether there are several servers to tell apart.</summary>
    public bool IsOn => tree.FindObject(1) is { Instances.Length: > 1 };

    /// <summary>What a server may do with an instance, or with an object: there Create alone counts.</summary>
    public AccessRights RightsOf(int server, Lwm2mPath path)
    {
        if (!IsOn)
        {
            return AccessRights.All;
        }
        if (path.ObjectId == ObjectId)
        {
            return RightsOnControl(server, path);
        }
        return !Index().TryGetValue((path.ObjectId, path.Depth < 2 ? Nobody : path.InstanceId), out var control) ? AccessRights.None
            : path.Depth < 2 ? Entry(control, server) & AccessRights.Create
            : Entry(control, server) & AccessRights.Instance;
    }

    /// <summary>Makes an instance of Access Control for each instance, and each object that servers may create, that none speaks of.</summary>
    public void Complete()
    {
        if (!IsOn || definition is null)
        {
            return;
        }
        lock (_lock)
        {
            foreach (var each in tree.Objects)
            {
                if (each.Id == ObjectId || Target.IsSecret(each.Id))
                {
                    continue;
                }
                if (each.Creation is not null && (unclaimed & AccessRights.Create) != 0)
                {
                    Claim(new Lwm2mPath(each.Id), Nobody, EveryServer, AccessRights.Create);
                }
                foreach (var instance in each.Instances)
                {
                    // A server's own account is its own.
                    var account = each.Id == 1 && instance.Get(0) is { Kind: ValueKind.Integer } id ? (int)id.AsInteger() : EveryServer;
                    Claim(
                        instance.Path, account == EveryServer ? Nobody : account, account,
                        account == EveryServer ? unclaimed & AccessRights.Instance : AccessRights.Instance);
                }
            }
        }
    }

    /// <summary>A server creates an instance: it becomes the owner (§8.2.1).</summary>
    public void Own(Lwm2mPath instance, int server)
    {
        if (IsOn && definition is not null)
        {
            lock (_lock)
            {
                Claim(instance, server, server, AccessRights.None);
            }
        }
    }

    /// <summary>The tree has changed; where an instance has gone, what spoke of it goes too.</summary>
    public void OnStructureChanged(Lwm2mPath path)
    {
        if (path.ObjectId == ObjectId)
        {
            _index = null;
        }
        else if (path.IsInstance && tree.Find(path.ObjectId, path.InstanceId) is null)
        {
            lock (_lock)
            {
                if (Index().TryGetValue((path.ObjectId, path.InstanceId), out var control))
                {
                    tree.Remove(control);
                }
            }
        }
        else
        {
            Complete();
        }
    }

    /// <summary>Reading what others are allowed is open to all; changing it is the owner's.</summary>
    private AccessRights RightsOnControl(int server, Lwm2mPath path) =>
        path.Depth < 2 ? AccessRights.None
        : tree.Find(ObjectId, path.InstanceId) is { } control && Owner(control) == server ? AccessRights.Read | AccessRights.Write | AccessRights.Delete
        : AccessRights.Read;

    /// <summary>The server's own entry, else all for the owner, else the entry for everyone, else nothing (§8.2.2).</summary>
    private static AccessRights Entry(ObjectInstance control, int server)
    {
        var entries = control.Find(2)?.ReadInstances();
        return Rights(entries, server) ?? (Owner(control) == server ? AccessRights.Instance : Rights(entries, EveryServer) ?? AccessRights.None);
    }

    private static AccessRights? Rights(SortedList<int, Lwm2mValue>? entries, int server) =>
        entries is not null && entries.TryGetValue(server, out var bits) && bits.Kind == ValueKind.Integer ? (AccessRights)bits.AsInteger() & AccessRights.All : null;

    private static int Owner(ObjectInstance control) => Number(control, 3) ?? Nobody;

    private static int? Number(ObjectInstance control, int resourceId) => control.Get(resourceId) is { Kind: ValueKind.Integer } number ? (int)number.AsInteger() : null;

    private Dictionary<(int Object, int Instance), ObjectInstance> Index()
    {
        if (_index is { } known)
        {
            return known;
        }
        var index = new Dictionary<(int Object, int Instance), ObjectInstance>();
        foreach (var control in tree.FindObject(ObjectId)?.Instances ?? [])
        {
            index.TryAdd((Number(control, 0) ?? -1, Number(control, 1) ?? -1), control);   // of two that speak of the same, the first counts
        }
        return _index = index;
    }

    private void Claim(Lwm2mPath path, int owner, int server, AccessRights rights)
    {
        var target = (path.ObjectId, path.Depth < 2 ? Nobody : path.InstanceId);
        if (Index().ContainsKey(target))
        {
            return;
        }
        var id = tree.FindObject(ObjectId)?.FreeId() ?? 0;
        tree.Add(new ObjectInstance(definition, id)
        {
            [0] = target.ObjectId,
            [1] = target.Item2,
            [2] = new MultipleResource(rights == AccessRights.None ? null : [KeyValuePair.Create(server, (Lwm2mValue)(int)rights)]),
            [3] = owner,
        });
        _index = null;
    }
}
