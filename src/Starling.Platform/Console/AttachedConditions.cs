using System.Collections.Concurrent;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// The notification attributes that are attached to the paths of devices, as far as this server knows: from what Discover told and from what it wrote.
/// Bounded in devices and in paths of each; what is beyond a bound is not known.
/// </summary>
internal sealed class AttachedConditions(TimeProvider time)
{
    private const int MaxDevices = 20_000;
    private const int MaxPaths = 256;
    private readonly ConcurrentDictionary<DeviceKey, Dictionary<Lwm2mPath, KnownConditions>> _devices = new();

    /// <summary>What is attached to a path; null where it is not known.</summary>
    public KnownConditions? Find(DeviceKey key, Lwm2mPath path)
    {
        if (!_devices.TryGetValue(key, out var paths))
        {
            return null;
        }
        lock (paths)
        {
            return paths.GetValueOrDefault(path);
        }
    }

    /// <summary>Learns from an operation that the device has said yes to.</summary>
    public void Take(DeviceSession device, Lwm2mRequest request, Lwm2mResponse response)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(response);
        switch (request)
        {
            case Lwm2mRequest.WriteAttributes written:
                Wrote(device.Key, written.Path, written.Attributes);
                break;
            case Lwm2mRequest.Discover discovered:
                Discovered(device, discovered.Path, response.Links);
                break;
            case Lwm2mRequest.Delete deleted:
                Forget(device.Key, deleted.Path);
                break;
        }
    }

    /// <summary>Attributes were written to a path.</summary>
    public void Wrote(DeviceKey key, Lwm2mPath path, NotificationAttributes written)
    {
        ArgumentNullException.ThrowIfNull(written);
        var before = Find(key, path);
        Set(key, path, new KnownConditions((before?.Attributes ?? NotificationAttributes.None).Apply(written), time.GetUtcNow(), before?.IsComplete ?? false));
    }

    /// <summary>Forgets what is below a path.</summary>
    public void Forget(DeviceKey key, Lwm2mPath path)
    {
        if (path.IsRoot)
        {
            _devices.TryRemove(key, out _);
        }
        else if (_devices.TryGetValue(key, out var paths))
        {
            lock (paths)
            {
                foreach (var gone in paths.Keys.Where(p => p.StartsWith(path)).ToArray())
                {
                    paths.Remove(gone);
                }
            }
        }
    }

    /// <summary>Forgets all other devices.</summary>
    public void KeepOnly(Func<DeviceKey, bool> isThere)
    {
        ArgumentNullException.ThrowIfNull(isThere);
        foreach (var key in _devices.Keys.Where(k => !isThere(k)))
        {
            _devices.TryRemove(key, out _);
        }
    }

    private void Discovered(DeviceSession device, Lwm2mPath path, IReadOnlyList<CoreLink> links)
    {
        var root = device.Registration.Links.Root;
        foreach (var link in links)
        {
            // The target shows what it inherits as well (LwM2M Core 1.2 §6.3.2): it counts there, and nothing tells the two apart.
            if (link.TryGetPath(root, out var at) && at.StartsWith(path))
            {
                Set(device.Key, at, new KnownConditions(Read(link), time.GetUtcNow(), IsComplete: true));
            }
        }
    }

    // A device may say what makes no sense: that attribute is left out, the others count.
    private static NotificationAttributes Read(CoreLink link)
    {
        var all = NotificationAttributes.None;
        foreach (var (name, value) in link.Attributes)
        {
            if (value is { Length: > 0 } && AttributesBody.Names.Contains(name) && AttributeQuery.TryParse($"{name}={value}", out var one, out _))
            {
                all = one.InheritFrom(all);
            }
        }
        return all;
    }

    private void Set(DeviceKey key, Lwm2mPath path, KnownConditions known)
    {
        if (!_devices.TryGetValue(key, out var paths))
        {
            if (_devices.Count >= MaxDevices)
            {
                return;
            }
            paths = _devices.GetOrAdd(key, _ => []);
        }
        lock (paths)
        {
            if (paths.Count < MaxPaths || paths.ContainsKey(path))
            {
                paths[path] = known;
            }
        }
    }
}
