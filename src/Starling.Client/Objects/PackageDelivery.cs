using Starling.Coap;

namespace Starling.Client;

/// <summary>One package on its way into the storage.</summary>
internal sealed class PackageDelivery(PackageReceiver receiver) : ResourceBody, IDisposable
{
    private readonly CancellationTokenSource _given = new();
    private bool _hasBegun;

    /// <summary>Cancelled when the delivery is given up.</summary>
    public CancellationToken Given => _given.Token;

    /// <summary>Ends what fetches it.</summary>
    public void GiveUp()
    {
        try
        {
            _ = _given.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself in the meantime.
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancel) => new(receiver.InTurnAsync(async storage =>
    {
        try
        {
            ThrowUnlessWanted();
            if (!_hasBegun)
            {
                await storage.BeginAsync(cancel).ConfigureAwait(false);
                _hasBegun = true;
            }
            await storage.WriteAsync(block, cancel).ConfigureAwait(false);
        }
        catch (PackageException e)
        {
            Fail(e.Problem);
            throw new CoapErrorException(CodeOf(e.Problem), e.Message);
        }
    }));

    /// <summary>What is wrong with the whole package is told by the object's result: the write has succeeded.</summary>
    public override async ValueTask CompleteAsync(CancellationToken cancel)
    {
        PackageIdentity? identity = null;
        try
        {
            await receiver.InTurnAsync(async storage =>
            {
                ThrowUnlessWanted();
                identity = await storage.FinishAsync(cancel).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (PackageException e)
        {
            Fail(e.Problem);
            return;
        }
        if (receiver.End(this))
        {
            receiver.Arrived(identity!);
        }
    }

    public override void Abort() => Fail(PackageProblem.ConnectionLost);

    /// <summary>It comes to nothing, unless it has ended before.</summary>
    public void Fail(PackageProblem problem)
    {
        if (receiver.End(this))
        {
            receiver.Discard();
            receiver.Failed(problem);
        }
    }

    public void Dispose() => _given.Dispose();

    private void ThrowUnlessWanted()
    {
        if (!receiver.IsCurrent(this))
        {
            throw new CoapErrorException(CoapCode.BadRequest, "that package has been given up");   // after a 4.08 it would be sent anew
        }
    }

    // More of it would be no use: the server hears it at once (LwM2M Core 1.2 §6.3.3).
    private static CoapCode CodeOf(PackageProblem problem) =>
        problem is PackageProblem.NoSpace or PackageProblem.OutOfMemory ? CoapCode.RequestEntityTooLarge : CoapCode.BadRequest;
}
