namespace Starling.Coap;

/// <summary>All block-wise transfers that peers drive, under one limit of bytes and a limit a peer (RFC 7959 §2.4, §2.5).</summary>
internal sealed class Transfers(TimerWheel wheel, CoapSettings.BlockwiseSettings limits, CoapTelemetry telemetry)
{
    /// <summary>What a transfer costs besides its body, about: so the limit of bytes is one of their number as well.</summary>
    internal const int Overhead = 512;

    private long _bytes;

    public CoapSettings.BlockwiseSettings Limits => limits;

    /// <summary>The bytes that transfers hold now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// What distinguishes one transfer from another: the options that say what is asked for (RFC 7959 §2.4, RFC 9175 §3.3), without those that
    /// change from block to block.
    /// </summary>
    public static CoapOptions KeyOf(CoapOptions options)
    {
        var builder = new CoapOptionsBuilder();
        foreach (var option in options)
        {
            // Observe, Block2, Block1, Size2, Size1, Echo, No-Response
            if (option.Number.Value is not (6 or 23 or 27 or 28 or 60 or 252 or 258))
            {
                builder.Add(option.Number, option.Value);
            }
        }
        return builder.Build();
    }

    public static T? Find<T>(Peer peer, CoapCode code, CoapOptions key, ReadOnlySpan<byte> payload) where T : Transfer
    {
        if (peer.EndpointState is not PeerRequests state)
        {
            return null;
        }
        lock (state)
        {
            foreach (var transfer in state.Transfers)
            {
                if (transfer is T wanted && wanted.IsFor(code, key, payload))
                {
                    return wanted;
                }
            }
        }
        return null;
    }

    /// <summary>
    /// Adds a transfer that holds some bytes and takes out the one that it replaces, if there is one. The longest idle one of its kind goes when the
    /// peer has too many.
    /// </summary>
    /// <returns>False when all transfers together hold too many bytes.</returns>
    public bool TryAdd(Transfer transfer, long bytes)
    {
        if (!TryTake(Overhead + bytes))
        {
            return false;
        }
        transfer.Bytes = Overhead + bytes;
        transfer.Peer.Hold();
        var state = PeerRequests.Of(transfer.Peer);
        Transfer? replaced;
        Transfer? oldest = null;
        lock (state)
        {
            replaced = state.Transfers.Find(transfer.IsSameAs);
            if (replaced is null && state.Transfers.Count(t => t.GetType() == transfer.GetType()) >= limits.TransfersPerPeer)
            {
                oldest = state.Transfers.Find(t => t.GetType() == transfer.GetType());
            }
            state.Transfers.Add(transfer);
            wheel.Schedule(transfer, limits.IdleTimeout);
        }
        if (oldest is not null)
        {
            telemetry.CountTransferRefused();
        }
        End(replaced ?? oldest);
        return true;
    }

    /// <summary>Something has come for the transfer: its time begins anew, and it is the last to make room for others.</summary>
    public void Touch(Transfer transfer)
    {
        var state = PeerRequests.Of(transfer.Peer);
        lock (state)
        {
            if (!transfer.IsGone && state.Transfers.Remove(transfer))
            {
                state.Transfers.Add(transfer);
                wheel.Schedule(transfer, limits.IdleTimeout);
            }
        }
    }

    /// <summary>Counts more bytes that a transfer holds; false when it has ended, or when all transfers together hold too many.</summary>
    public bool TryReserve(Transfer transfer, int bytes)
    {
        lock (PeerRequests.Of(transfer.Peer))
        {
            if (transfer.IsGone || !TryTake(bytes))
            {
                return false;
            }
            transfer.Bytes += bytes;
            return true;
        }
    }

    /// <summary>Counts bytes that are held outside of any transfer of a peer; <see cref="GiveBack"/> frees them.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= limits.TransferBytes)
        {
            return true;
        }
        GiveBack(bytes);
        telemetry.CountTransferRefused();
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>Takes a transfer out and frees what it held; false when it had ended before.</summary>
    public bool Remove(Transfer transfer)
    {
        var state = PeerRequests.Of(transfer.Peer);
        lock (state)
        {
            if (transfer.IsGone || !state.Transfers.Remove(transfer))
            {
                return false;
            }
            transfer.IsGone = true;
            wheel.Cancel(transfer);
            GiveBack(transfer.Bytes);
            transfer.Bytes = 0;
        }
        transfer.Peer.Release();
        return true;
    }

    public void Expire(Transfer transfer)
    {
        if (End(transfer))
        {
            telemetry.CountTransferExpired();
        }
    }

    public void Lose(Peer peer)
    {
        if (peer.EndpointState is not PeerRequests state)
        {
            return;
        }
        Transfer[] lost;
        lock (state)
        {
            lost = [.. state.Transfers];
        }
        foreach (var transfer in lost)
        {
            End(transfer);
        }
    }

    /// <summary>Takes a transfer out before its last block; false when it had ended before.</summary>
    public bool End(Transfer? transfer)
    {
        if (transfer is null || !Remove(transfer))
        {
            return false;
        }
        transfer.Abort();
        return true;
    }
}
