using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// What becomes of access rights when a server's account goes (LwM2M Transport 1.2 §5.2.5): what it alone had rights to goes with it, its entries in the object
/// Access Control (2) go, and what it owned is handed to the server that may change most of it.
/// </summary>
internal static class Unbootstrapping
{
    private const int Acl = 2, Owner = 3, Everyone = 0, Nobody = 65535;

    /// <param name="tree">The device's objects, with the account still there.</param>
    /// <param name="server">The short server id of the account that goes.</param>
    /// <param name="others">The ids of the accounts that stay.</param>
    public static void Withdraw(ObjectTree tree, int server, IReadOnlyList<int> others)
    {
        foreach (var control in tree.FindObject(2)?.Instances ?? [])
        {
            var entries = control.Find(Acl)?.ReadInstances() ?? [];
            var isOwner = Number(control, Owner) == server;
            if (entries.Count == 0 ? isOwner : entries.Keys is [var only] && only == server)
            {
                Remove(tree, control);
            }
            else if (isOwner || entries.ContainsKey(server))
            {
                HandOver(control, entries, server, isOwner, others);
            }
        }
    }

    // The rights go with the last one who had them; the device itself stays.
    private static void Remove(ObjectTree tree, ObjectInstance control)
    {
        tree.Remove(control);
        if (tree.Find(Number(control, 0), Number(control, 1)) is { Definition.IsMandatory: false } target)
        {
            tree.Remove(target);
        }
    }

    private static void HandOver(ObjectInstance control, SortedList<int, Lwm2mValue> entries, int server, bool isOwner, IReadOnlyList<int> others)
    {
        if (control[Acl] is MultipleResource stored && entries.ContainsKey(server))
        {
            stored.Current = entries.Where(entry => entry.Key != server).ToDictionary();
        }
        if (isOwner)
        {
            control.Set(Owner, others.Count == 0 ? Nobody : others.OrderByDescending(other => Weight(entries, other)).ThenBy(other => other).First());
        }
    }

    /// <summary>How many of Write and Delete a server has: by its own entry, or by that of everyone.</summary>
    private static int Weight(SortedList<int, Lwm2mValue> entries, int server)
    {
        var bits = entries.TryGetValue(server, out var own) || entries.TryGetValue(Everyone, out own) ? (AccessRights)own.AsInteger() : AccessRights.None;
        return ((bits & AccessRights.Write) != 0 ? 1 : 0) + ((bits & AccessRights.Delete) != 0 ? 1 : 0);
    }

    private static int Number(ObjectInstance control, int resourceId) => control.Get(resourceId) is { Kind: ValueKind.Integer } number ? (int)number.AsInteger() : Nobody;
}
