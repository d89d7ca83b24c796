using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>What a device has, as its registration and Discover tell: asked once an instance, until a case has changed something.</summary>
internal sealed class DeviceFacts(TimeProvider time)
{
    private readonly Dictionary<Lwm2mPath, HashSet<Lwm2mPath>?> _resources = [];

    /// <summary>Whether the device has an object, an instance or a resource.</summary>
    public async Task<bool> HasAsync(DeviceSession device, Lwm2mPath path, TimeSpan within, CancellationToken cancel)
    {
        var links = device.Registration.Links.Paths;
        if (path.IsObject)
        {
            return links.Any(p => p.ObjectId == path.ObjectId);
        }
        var instance = path.Take(2);
        if (!links.Contains(instance))
        {
            return false;
        }
        if (path.IsInstance)
        {
            return true;
        }
        if (!_resources.TryGetValue(instance, out var resources))
        {
            _resources[instance] = resources = await DiscoverAsync(device, instance, within, cancel);
        }
        return resources?.Contains(path.Take(3)) ?? true;   // a device that does not tell is asked
    }

    /// <summary>Something may have changed.</summary>
    public void Forget() => _resources.Clear();

    private async Task<HashSet<Lwm2mPath>?> DiscoverAsync(DeviceSession device, Lwm2mPath instance, TimeSpan within, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var answer = await device.SendAsync(new Lwm2mRequest.Discover(instance), either.Token);
            if (!answer.Code.IsSuccess)
            {
                return null;
            }
            var root = device.Registration.Links.Root;
            return [.. answer.Links.Select(link => link.TryGetPath(root, out var path) ? path : default).Where(p => p.Depth >= 3).Select(p => p.Take(3))];
        }
        catch (Exception silent) when (silent is CoapException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
