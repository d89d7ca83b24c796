using System.Net.Sockets;
using Starling.Coap;

namespace Starling.Client;

/// <summary>
/// Gets one package at a time into the storage, written by a server or fetched by the device. The storage is called by one at a time; a delivery that
/// was given up hears that it was, and nobody hears of it any more.
/// </summary>
internal sealed class PackageReceiver(PackageStorage storage, PackageSources sources)
{
    private readonly Lock _lock = new();
    private PackageDelivery? _current;
    private Task _lastTurn = Task.CompletedTask;

    /// <summary>A package is complete and has been checked.</summary>
    public required Action<PackageIdentity> Arrived { get; init; }

    /// <summary>A delivery has failed; nothing is left of it.</summary>
    public required Action<PackageProblem> Failed { get; init; }

    /// <summary>Begins to take a package; one that is under way is given up.</summary>
    public PackageDelivery Begin()
    {
        Drop();
        var delivery = new PackageDelivery(this);
        lock (_lock)
        {
            _current = delivery;
        }
        return delivery;
    }

    /// <summary>Takes a package in one piece.</summary>
    public static void Put(PackageDelivery delivery, ReadOnlyMemory<byte> package) => _ = RunAsync(delivery, () => delivery.WriteAsync(package, delivery.Given).AsTask());

    /// <summary>Fetches a package.</summary>
    public void Pull(PackageDelivery delivery, string uri)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var source) || source.Host.Length == 0)
        {
            delivery.Fail(PackageProblem.InvalidUri);
        }
        else if (sources.Find(source.Scheme) is not { } fetch)
        {
            delivery.Fail(PackageProblem.UnsupportedProtocol);
        }
        else
        {
            _ = RunAsync(delivery, () => fetch(source, delivery, delivery.Given));
        }
    }

    /// <summary>Gives up what is under way; what is stored stays.</summary>
    public void Drop()
    {
        PackageDelivery? dropped;
        lock (_lock)
        {
            (dropped, _current) = (_current, null);
        }
        dropped?.GiveUp();
    }

    /// <summary>Forgets what is stored, when no other package has begun by then.</summary>
    public void Discard() => _ = InTurnAsync(storage =>
    {
        if (IsCurrent(null))
        {
            storage.Discard();
        }
        return Task.CompletedTask;
    });

    /// <summary>Calls the storage when all that called it before has ended.</summary>
    public async Task InTurnAsync(Func<PackageStorage, Task> action)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_lock)
        {
            (before, _lastTurn) = (_lastTurn, turn.Task);
        }
        await before.ConfigureAwait(false);
        try
        {
            await action(storage).ConfigureAwait(false);
        }
        finally
        {
            turn.SetResult();
        }
    }

    /// <summary>The delivery has ended; whether it was still wanted.</summary>
    public bool End(PackageDelivery delivery)
    {
        lock (_lock)
        {
            if (_current != delivery)
            {
                return false;
            }
            _current = null;
            return true;
        }
    }

    /// <summary>Whether this is the delivery that is under way, or with null, that there is none.</summary>
    public bool IsCurrent(PackageDelivery? delivery)
    {
        lock (_lock)
        {
            return _current == delivery;
        }
    }

    private static async Task RunAsync(PackageDelivery delivery, Func<Task> deliver)
    {
        try
        {
            await deliver().ConfigureAwait(false);
            await delivery.CompleteAsync(delivery.Given).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            delivery.Fail(failure switch
            {
                PackageException e => e.Problem,
                CoapException or IOException or SocketException or ObjectDisposedException => PackageProblem.ConnectionLost,
                NotSupportedException => PackageProblem.UnsupportedProtocol,
                _ => PackageProblem.InstallFailed,
            });
        }
        finally
        {
            delivery.Dispose();
        }
    }
}
