using System.Collections.Concurrent;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>
/// What profile ids stand for (LwM2M Core 1.2 §6.2.1): learned from a registration that tells one id and the list itself. The standard defines no way to
/// compute a list's id, so an id is a name and nothing is checked of it.
/// </summary>
internal sealed class ProfileTable(Lwm2mServer server)
{
    private readonly ConcurrentDictionary<string, LinkList> _known = new(StringComparer.Ordinal);
    private long _bytes;   // of their lists, about

    public int Count => _known.Count;

    /// <summary>
    /// All that the ids and the list stand for together. An id by itself that is not known is learned from the list beside it; any other one that is not
    /// known leaves the list undetermined, and is named in <paramref name="unknown"/>.
    /// </summary>
    public bool TryResolve(IReadOnlyList<string> ids, LinkList? told, out LinkList links, out string unknown)
    {
        links = told ?? LinkList.None;
        unknown = "";
        var isTold = links.Paths.Count > 0;
        var found = new List<LinkList>(ids.Count + 1);
        foreach (var id in ids)
        {
            if (_known.TryGetValue(id, out var known))
            {
                found.Add(known);
            }
            else if (ids.Count == 1 && isTold)
            {
                Learn(id, links);
                return true;
            }
            else
            {
                unknown = id;
                return false;
            }
        }
        if (isTold)
        {
            found.Insert(0, links);   // its root and its formats are the newest word
        }
        links = found is [var only] ? only : Join(found);
        return true;
    }

    public async Task RestoreAsync(CancellationToken cancel)
    {
        if (server.ProfileStore is not { } store)
        {
            return;
        }
        await foreach (var profile in store.LoadAllAsync(cancel).ConfigureAwait(false))
        {
            if (HasRoom(profile.Links))
            {
                TryAdd(profile.Id, profile.Links);
            }
        }
    }

    private void Learn(string id, LinkList links)
    {
        if (!HasRoom(links))
        {
            server.Tally.RefusedProfiles.Increment();
        }
        else if (TryAdd(id, links) && server.ProfileStore is { } store)
        {
            _ = SaveAsync(store, new StoredProfile(id, links));
        }
    }

    private bool HasRoom(LinkList links) =>
        _known.Count < server.Settings.MaxProfiles && Volatile.Read(ref _bytes) + SizeOf(links) <= server.Settings.MaxProfileBytes;

    private bool TryAdd(string id, LinkList links)
    {
        var isNew = _known.TryAdd(id, links);
        Interlocked.Add(ref _bytes, isNew ? SizeOf(links) : 0);
        return isNew;
    }

    private static long SizeOf(LinkList links) => sizeof(char) * links.Text.Length;

    // The device does not wait for it: one that is lost is asked for once more.
    private async Task SaveAsync(IProfileStore store, StoredProfile profile)
    {
        try
        {
            await store.SaveAsync(profile, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            server.Log.NotStored(e);
        }
    }

    private static LinkList Join(List<LinkList> lists)
    {
        var versions = new Dictionary<int, ObjectVersion>();
        foreach (var (objectId, version) in lists.SelectMany(l => l.Versions))
        {
            versions.TryAdd(objectId, version);
        }
        var root = lists.Select(l => l.Root).FirstOrDefault(r => r.Length > 0) ?? "";
        var formats = lists.Select(l => l.Formats).FirstOrDefault(f => f.Count > 0);
        return LinkList.Create(lists.SelectMany(l => l.Paths), versions, root, formats);
    }
}
