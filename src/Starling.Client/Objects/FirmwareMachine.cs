using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The states of an update of firmware, and the resources 0 to 13 that show and drive them (LwM2M Core 1.2 appendix E.6):
/// <code>
///   Idle ──Package, URI──► Downloading ──complete──► Downloaded ──Update──► Updating
///    ▲  ▲                      │                        │   ▲                  │ │
///    │  └── error, cancel ─────┴── cancel, empty write ─┘   └──── failure ─────┘ │
///    └──────────────────────────── success, wrong digest ──────────────────────┘
/// </code>
/// </summary>
internal sealed class FirmwareMachine
{
    private static readonly TimeSpan _answerFirst = TimeSpan.FromMilliseconds(100);   // the answer to Update leaves before the device restarts
    private static readonly TimeSpan _longest = TimeSpan.FromDays(24);
    private readonly Lock _lock = new();
    private readonly ObjectInstance _instance;
    private readonly PackageStorage _storage;
    private readonly PackageReceiver _receiver;
    private readonly TimeProvider _time;
    private string _uri = "";
    private PackageIdentity? _identity;
    private ITimer? _deferral;   // while the update is put off

    public FirmwareMachine(ObjectInstance instance, PackageStorage storage, PackageSources sources, TimeProvider time, FirmwareResult result)
    {
        (_instance, _storage, _time) = (instance, storage, time);
        _receiver = new PackageReceiver(storage, sources) { Arrived = OnArrived, Failed = OnFailed };
        instance[0] = Resource.WriteBody(Open, Put);
        instance[1] = Resource.ReadWrite(() => _uri, value => Pull(value.AsString()));
        instance[2] = Resource.Execute((arguments, _) => Update(arguments));
        instance[3] = (int)FirmwareState.Idle;
        instance[5] = (int)result;
        instance[6] = Resource.Value(Lwm2mValue.None);
        instance[7] = Resource.Value(Lwm2mValue.None);
        instance[8] = Resource.ReadMultiple(() => Numbered(sources.Protocols));
        instance[9] = Resource.Read(() => sources.IsEmpty ? 1 : 2);
        PutIfDefined(10, Resource.Execute((_, _) => Cancel()));
        PutIfDefined(11, 1);
        PutIfDefined(12, Resource.Value(Lwm2mValue.None));
        PutIfDefined(13, Resource.Value(Lwm2mValue.None));
    }

    public FirmwareState State => (FirmwareState)_instance.Get(3).AsInteger();

    public FirmwareResult Result => (FirmwareResult)_instance.Get(5).AsInteger();

    /// <summary>Whether to install now, by the severity; false puts it off. Not asked when nothing may be put off.</summary>
    public Func<int, bool>? Accept { get; set; }

    /// <summary>Told what has been installed, before servers hear of the success.</summary>
    public Action<PackageIdentity>? Installed { get; set; }

    /// <summary>Whether an image is installed as soon as it is there.</summary>
    public Func<bool> IsAutomatic { get; init; } = static () => false;

    /// <summary>What Update does in the right state; it gets the arguments. Without it, the image is installed or put off.</summary>
    public Action<string?>? Updating { get; init; }

    /// <summary>What a problem is called here.</summary>
    public Func<PackageProblem, FirmwareResult> ResultOf { get; init; } = Named;

    /// <summary>Installs the image, or puts it off where the device may and wants to.</summary>
    public void InstallOrDefer()
    {
        var mayDefer = _instance.Find(13) is null || _instance.Get(13) is not { IsNumeric: true } period || period.AsUnsigned() > 0;
        var severity = _instance.Get(11) is { IsNumeric: true } told ? (int)told.AsInteger() : 1;
        if (mayDefer && Accept?.Invoke(severity) == false)
        {
            Defer();
        }
        else
        {
            Install();
        }
    }

    /// <summary>Installs the image that is there.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Install()
    {
        lock (_lock)
        {
            if (State != FirmwareState.Downloaded)
            {
                return false;
            }
            Enter(FirmwareState.Updating, FirmwareResult.Initial);
        }
        _ = InstallAsync();
        return true;
    }

    /// <summary>Says why an image that is there is not installed.</summary>
    public void Refuse(FirmwareResult result)
    {
        lock (_lock)
        {
            if (State == FirmwareState.Downloaded)
            {
                Enter(FirmwareState.Downloaded, result);
            }
        }
    }

    private PackageDelivery Open() => Begin("");

    // Nothing, or a zero, takes everything back (resource 0).
    private void Put(ReadOnlyMemory<byte> package)
    {
        if (package.Length == 0 || (package.Length == 1 && package.Span[0] == 0))
        {
            Reset(FirmwareResult.Initial);
        }
        else
        {
            PackageReceiver.Put(Begin(""), package);
        }
    }

    private void Pull(string uri)
    {
        if (uri.Length == 0)
        {
            Reset(FirmwareResult.Initial);
        }
        else
        {
            _receiver.Pull(Begin(uri), uri);
        }
    }

    private PackageDelivery Begin(string uri)
    {
        lock (_lock)
        {
            ThrowUnless(State == FirmwareState.Idle, "there is an image already, or one is coming");
            _uri = uri;
            Enter(FirmwareState.Downloading, FirmwareResult.Initial);
            return _receiver.Begin();
        }
    }

    private Task Update(string? arguments)
    {
        ThrowUnless(State == FirmwareState.Downloaded, "there is no image to install");
        if (Updating is { } update)
        {
            update(arguments);
        }
        else
        {
            InstallOrDefer();
        }
        return Task.CompletedTask;
    }

    private Task Cancel()
    {
        ThrowUnless(State != FirmwareState.Idle, "there is nothing to cancel");
        Reset(FirmwareResult.Cancelled);
        return Task.CompletedTask;
    }

    private void Reset(FirmwareResult result)
    {
        lock (_lock)
        {
            ThrowUnless(State != FirmwareState.Updating, "the image is being installed");
            _uri = "";
            Forget();
            Enter(FirmwareState.Idle, result);
            _receiver.Drop();
        }
        _instance.Changed(1);
        _receiver.Discard();
    }

    private void OnArrived(PackageIdentity identity)
    {
        lock (_lock)
        {
            if (State != FirmwareState.Downloading)
            {
                return;
            }
            _identity = identity;
            _instance.Set(6, identity.Name);
            _instance.Set(7, identity.Version);
            Enter(FirmwareState.Downloaded, FirmwareResult.Initial);
        }
        if (IsAutomatic())
        {
            Install();
        }
    }

    private void OnFailed(PackageProblem problem)
    {
        lock (_lock)
        {
            if (State == FirmwareState.Downloading)
            {
                Enter(FirmwareState.Idle, ResultOf(problem));
            }
        }
    }

    private void Defer()
    {
        lock (_lock)
        {
            if (State != FirmwareState.Downloaded)
            {
                return;
            }
            if (_deferral is null && _instance.Find(13) is not null && _instance.Get(13) is { IsNumeric: true } period)
            {
                var span = period.AsUnsigned() < _longest.TotalSeconds ? TimeSpan.FromSeconds(period.AsUnsigned()) : _longest;
                _deferral = _time.CreateTimer(static me => ((FirmwareMachine)me!).Install(), this, span, Timeout.InfiniteTimeSpan);
            }
            Enter(FirmwareState.Downloaded, FirmwareResult.Deferred);
        }
    }

    private async Task InstallAsync()
    {
        var problem = PackageProblem.InstallFailed;
        try
        {
            await Task.Delay(_answerFirst, _time).ConfigureAwait(false);
            await _storage.InstallAsync(CancellationToken.None).ConfigureAwait(false);
            Installed?.Invoke(_identity!);
            lock (_lock)
            {
                Enter(FirmwareState.Idle, FirmwareResult.Success);
            }
            return;
        }
        catch (PackageException failure)
        {
            problem = failure.Problem;
        }
        catch (Exception)
        {
            // Whatever the device's own code threw: the server is told that it failed.
        }
        var isUseless = problem == PackageProblem.Integrity;
        lock (_lock)
        {
            Enter(isUseless ? FirmwareState.Idle : FirmwareState.Downloaded, ResultOf(problem));
        }
        if (isUseless)
        {
            _receiver.Discard();
        }
    }

    // The time first, then the result, then the state: whoever is told the state reads what belongs to it.
    private void Enter(FirmwareState state, FirmwareResult result)
    {
        if (state != FirmwareState.Downloaded || result != FirmwareResult.Deferred)
        {
            _deferral?.Dispose();
            _deferral = null;
        }
        if (state != State && _instance.Find(12) is not null)
        {
            _instance.Set(12, _time.GetUtcNow());
        }
        if (result != Result)
        {
            _instance.Set(5, (int)result);
        }
        if (state != State)
        {
            _instance.Set(3, (int)state);
        }
    }

    private void Forget()
    {
        _identity = null;
        _instance.Set(6, Lwm2mValue.None);
        _instance.Set(7, Lwm2mValue.None);
    }

    private void PutIfDefined(int resourceId, Resource resource)
    {
        if (_instance.Definition.Find(resourceId) is not null)
        {
            _instance[resourceId] = resource;
        }
    }

    private static void ThrowUnless(bool holds, string why)
    {
        if (!holds)
        {
            throw new Lwm2mException(CoapCode.MethodNotAllowed, why);
        }
    }

    private static Dictionary<int, Lwm2mValue> Numbered(IEnumerable<int> values) =>
        values.Select((value, index) => KeyValuePair.Create(index, (Lwm2mValue)value)).ToDictionary();

    // The first eight problems and the results 2 to 9 are the same, in the same order; object 5 knows no more.
    private static FirmwareResult Named(PackageProblem problem) =>
        problem <= PackageProblem.UnsupportedProtocol ? FirmwareResult.NoSpace + (int)problem : FirmwareResult.UpdateFailed;
}
