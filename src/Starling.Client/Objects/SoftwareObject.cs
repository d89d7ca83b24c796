using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// One instance of the object Software Management (9): one software, that servers bring onto the device, install, activate and remove.
/// <code>
///   Initial ──Package, URI──► Download started ──► Downloaded ──► Delivered ──Install──► Installed ⟲ Activate, Deactivate
///      ▲                            │ error            │ error        │                      │
///      └────────────────────────────┴──────────────────┴── Uninstall ─┴──────────────────────┘
/// </code>
/// </summary>
public sealed class SoftwareObject
{
    // Results (resource 9) that are no error.
    private const int Nothing = 0, Downloading = 1, IsInstalled = 2, IsDelivered = 3;
    private const int UninstallFailed = 59;
    private readonly Lock _lock = new();
    private readonly PackageStorage _storage;
    private readonly PackageReceiver _receiver;
    private bool _isInstalling;

    /// <summary>Makes an instance without software.</summary>
    /// <param name="definition">The definition of object 9.</param>
    /// <param name="instanceId">The instance's number.</param>
    /// <param name="storage">Where packages are kept and how they are installed.</param>
    public SoftwareObject(ObjectDefinition? definition, int instanceId, PackageStorage storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        _storage = storage;
        _receiver = new PackageReceiver(storage, Sources) { Arrived = OnArrived, Failed = OnFailed };
        Instance = new ObjectInstance(definition, instanceId)
        {
            [0] = "",
            [1] = "",
            [2] = Resource.WriteBody(Begin, package => PackageReceiver.Put(Begin(), package)),
            [3] = Resource.Write(uri => _receiver.Pull(Begin(), uri.AsString())),
            [4] = Resource.Execute((_, _) => Install()),
            [6] = Resource.Execute((arguments, _) => Uninstall(arguments)),
            [7] = (int)SoftwareState.Initial,
            [8] = false,
            [9] = Nothing,
            [10] = Resource.Execute((_, cancel) => SwitchAsync(true, cancel)),
            [11] = Resource.Execute((_, cancel) => SwitchAsync(false, cancel)),
            [12] = false,
            [16] = "",
        };
        Instance.AddAbsent();
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>How the device fetches packages; none at first, then packages can only be written.</summary>
    public PackageSources Sources { get; } = new();

    /// <summary>How far it is (7).</summary>
    public SoftwareState State => (SoftwareState)Instance.Get(7).AsInteger();

    /// <summary>How it went (9): 0 nothing yet, 1 downloading, 2 installed, 3 delivered; from 50 on what went wrong.</summary>
    public int Result => (int)Instance.Get(9).AsInteger();

    /// <summary>What went wrong, in words (16); empty when nothing did.</summary>
    public string StatusReason => Instance.Get(16).AsString();

    /// <summary>Whether the software is active (12).</summary>
    public bool IsActive => Instance.Get(12).AsBoolean();

    /// <summary>Activates or deactivates the software. Where it throws, the state stays.</summary>
    public Func<bool, CancellationToken, Task>? Switch { get; set; }

    /// <summary>
    /// Removes what is installed; true when it is only to make room for a newer one, so that its settings stay. A <see cref="PackageException"/> says
    /// that it could not.
    /// </summary>
    public Action<bool>? Removed { get; set; }

    private PackageDelivery Begin()
    {
        lock (_lock)
        {
            ThrowUnless(State == SoftwareState.Initial, "there is a package already, or one is coming");
            Enter(SoftwareState.DownloadStarted, Downloading);
            return _receiver.Begin();
        }
    }

    // Downloaded and Delivered follow each other at once: the storage has checked the package when it says that it is complete.
    private void OnArrived(PackageIdentity identity)
    {
        lock (_lock)
        {
            if (State == SoftwareState.DownloadStarted)
            {
                Instance.Set(0, identity.Name);
                Instance.Set(1, identity.Version);
                Enter(SoftwareState.Downloaded, Downloading);
                Enter(SoftwareState.Delivered, IsDelivered);
            }
        }
    }

    private void OnFailed(PackageProblem problem)
    {
        lock (_lock)
        {
            if (State == SoftwareState.DownloadStarted)
            {
                Enter(SoftwareState.Initial, ResultOf(problem), $"The package did not come: {WordsOf(problem)}.");
            }
        }
    }

    // The server is answered at once: installing may take longer than it waits.
    private Task Install()
    {
        lock (_lock)
        {
            ThrowUnless(State == SoftwareState.Delivered && !_isInstalling, "there is no package to install");
            _isInstalling = true;
        }
        _ = InstallAsync();
        return Task.CompletedTask;
    }

    private async Task InstallAsync()
    {
        var failure = (Exception?)null;
        try
        {
            await _storage.InstallAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }
        lock (_lock)
        {
            _isInstalling = false;
            if (failure is null)
            {
                Enter(SoftwareState.Installed, IsInstalled);
                return;
            }
            var problem = failure is PackageException { Problem: var told } ? told : PackageProblem.InstallFailed;
            Enter(SoftwareState.Delivered, ResultOf(problem), $"It was not installed: {failure.Message}");
        }
    }

    // Without an argument, or with 0, it goes for good; with 1 a newer one takes its place.
    private Task Uninstall(string? arguments)
    {
        if (!ExecuteArguments.TryParse(arguments, out var list))
        {
            throw new Lwm2mException(CoapCode.BadRequest, $"'{arguments}' are no arguments");
        }
        lock (_lock)
        {
            ThrowUnless(State is SoftwareState.Delivered or SoftwareState.Installed && !_isInstalling, "there is nothing to remove");
        }
        var isForUpdate = list.Any(a => a.Key == 1);
        var failure = (PackageException?)null;
        try
        {
            Removed?.Invoke(isForUpdate);
        }
        catch (PackageException e)
        {
            failure = e;
        }
        lock (_lock)
        {
            if (failure is not null)
            {
                Enter(State, UninstallFailed, $"It was not removed: {failure.Message}");
                return Task.CompletedTask;
            }
            Instance.Set(12, false);
            Instance.Set(0, "");
            Instance.Set(1, "");
            Enter(SoftwareState.Initial, Nothing);
        }
        _receiver.Discard();
        return Task.CompletedTask;
    }

    private async Task SwitchAsync(bool on, CancellationToken cancel)
    {
        ThrowUnless(State == SoftwareState.Installed, "nothing is installed");
        await (Switch?.Invoke(on, cancel) ?? Task.CompletedTask).ConfigureAwait(false);
        Instance.Set(12, on);
    }

    private void Enter(SoftwareState state, int result, string reason = "")
    {
        Instance.Set(16, reason);
        Instance.Set(9, result);
        Instance.Set(7, (int)state);
    }

    private static void ThrowUnless(bool holds, string why)
    {
        if (!holds)
        {
            throw new Lwm2mException(CoapCode.MethodNotAllowed, why);
        }
    }

    private static int ResultOf(PackageProblem problem) => problem switch
    {
        PackageProblem.NoSpace => 50,
        PackageProblem.OutOfMemory => 51,
        PackageProblem.ConnectionLost => 52,
        PackageProblem.Integrity => 53,
        PackageProblem.UnsupportedType => 54,
        PackageProblem.InvalidUri or PackageProblem.UnsupportedProtocol => 56,
        PackageProblem.InstallFailed => 58,
        _ => 57,   // device defined
    };

    private static string WordsOf(PackageProblem problem) => problem switch
    {
        PackageProblem.NoSpace => "there is not enough room to keep it",
        PackageProblem.OutOfMemory => "the memory ran out",
        PackageProblem.ConnectionLost => "the connection was lost",
        PackageProblem.Integrity => "it is not whole",
        PackageProblem.UnsupportedType => "packages of this kind are not known",
        PackageProblem.InvalidUri => "its URI is no good",
        PackageProblem.UnsupportedProtocol => "its URI's protocol is not spoken",
        _ => "it was refused",
    };
}
