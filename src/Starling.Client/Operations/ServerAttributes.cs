using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The notification attributes that one server has attached: every server has its own (LwM2M Core 1.2 §7.3.2). They stay until they are unset
/// or what they are attached to goes.
/// </summary>
internal sealed class ServerAttributes(ServerObject? server = null, int limit = 256)
{
    private readonly Lock _lock = new();
    private Dictionary<Lwm2mPath, NotificationAttributes>? _attached;   // null while there is nothing, as in most devices

    /// <summary>What is attached to exactly this path.</summary>
    public NotificationAttributes At(Lwm2mPath path)
    {
        lock (_lock)
        {
            return _attached?.GetValueOrDefault(path) ?? NotificationAttributes.None;
        }
    }

    /// <summary>How many Write-Attributes were refused because the server had attached to as many paths as it may.</summary>
    public long Refused { get; private set; }

    /// <summary>What counts where nothing is attached: the periods of the server's account.</summary>
    public NotificationAttributes Defaults => server?.Defaults ?? NotificationAttributes.None;

    /// <summary>What counts at a path: what is attached there, and for what is not, at the levels above it, and the defaults.</summary>
    public NotificationAttributes Effective(Lwm2mPath path)
    {
        var effective = NotificationAttributes.None;
        lock (_lock)
        {
            for (var depth = _attached is null ? 0 : path.Depth; depth > 0; depth--)
            {
                if (_attached!.TryGetValue(path.Take(depth), out var attributes))
                {
                    effective = effective.InheritFrom(attributes);
                }
            }
        }
        return effective.InheritFrom(Defaults);
    }

    /// <summary>Write-Attributes (§6.3.4): all of the request or nothing.</summary>
    public Lwm2mResponse Write(in ServerView view, Lwm2mRequest.WriteAttributes request)
    {
        var path = request.Path;
        if (!Target.TryFind(view, path, AccessRights.Read, out var target, out var refusal))
        {
            return refusal;
        }
        if (path.Depth >= 3 && !target.Entry.CanRead)
        {
            return Refusal.NotAllowed($"{path.Take(3)} is not readable");
        }
        if (path.Depth == 4 && target.Entry.Resource.ReadInstances()?.ContainsKey(path.ResourceInstanceId) != true)
        {
            return Refusal.NotFound(path);
        }
        if (request.Attributes.Misplaced(path, path.Depth >= 3 ? target.Entry.Definition : null) is { } misplaced)
        {
            return Refusal.BadRequest(misplaced);
        }
        lock (_lock)
        {
            var after = (_attached?.GetValueOrDefault(path) ?? NotificationAttributes.None).Apply(request.Attributes);
            if (after.Conflict() is { } conflict)
            {
                return Refusal.BadRequest(conflict);
            }
            if (_attached?.Count >= limit && !_attached.ContainsKey(path) && !after.IsEmpty)
            {
                Refused++;
                return Refusal.Full($"there are attributes on {limit} paths already");
            }
            Attach(path, after);
        }
        return new Lwm2mResponse(CoapCode.Changed);
    }

    /// <summary>An instance is gone, and what is attached below it with it.</summary>
    public void Forget(Lwm2mPath gone)
    {
        lock (_lock)
        {
            foreach (var path in _attached is null ? [] : _attached.Keys.Where(p => p.StartsWith(gone)).ToArray())
            {
                _attached!.Remove(path);
            }
        }
    }

    private void Attach(Lwm2mPath path, NotificationAttributes attributes)
    {
        if (attributes.IsEmpty)
        {
            _attached?.Remove(path);
        }
        else
        {
            (_attached ??= [])[path] = attributes;
        }
    }
}
