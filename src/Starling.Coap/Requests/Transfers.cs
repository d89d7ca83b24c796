namespace Starling.Coap;

/// <summary>All block-wise transfers that peers drive, under one limit of bytes and a limit a peer (RFC 7959 §2.4, §2.5).</summary>
internal sealed class Transfers(TimerWheel wheel, CoapSettings.BlockwiseSettings limits, CoapTelemetry telemetry)
{
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

    /// <summary>Adds a transfer. The oldest idle one of the peer goes when it has too many.</summary>
    public void Add(Transfer transfer)
    {
        var state = PeerRequests.Of(transfer.Peer);
        Transfer? oldest = null;
        lock (state)
        {
            if (state.Transfers.Count >= limits.TransfersPerPeer)
            {
                oldest = state.Transfers[0];
            }
            state.Transfers.Add(transfer);
        }
        transfer.Peer.Hold();
        if (oldest is not null && Remove(oldest))
        {
            telemetry.CountTransferRefused();
            oldest.Abort();
        }
        Touch(transfer);
    }

    /// <summary>Something has come for the transfer: its time begins anew.</summary>
    public void Touch(Transfer transfer) => wheel.Schedule(transfer, limits.IdleTimeout);

    /// <summary>Counts bytes that a transfer wants to hold; false when all transfers together hold too many.</summary>
    public bool TryReserve(Transfer transfer, int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) > limits.TransferBytes)
        {
            Interlocked.Add(ref _bytes, -bytes);
            telemetry.CountTransferRefused();
            return false;
        }
        transfer.Bytes += bytes;
        return true;
    }

    /// <summary>Takes a transfer out and frees what it held.</summary>
    public bool Remove(Transfer transfer)
    {
        if (transfer.Peer.EndpointState is not PeerRequests state)
        {
            return false;
        }
        lock (state)
        {
            if (!state.Transfers.Remove(transfer))
            {
                return false;
            }
        }
        wheel.Cancel(transfer);
        Interlocked.Add(ref _bytes, -transfer.Bytes);
        transfer.Bytes = 0;
        transfer.Peer.Release();
        return true;
    }

    public void Expire(Transfer transfer)
    {
        if (Remove(transfer))
        {
            telemetry.CountTransferExpired();
            transfer.Abort();
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
            if (Remove(transfer))
            {
                transfer.Abort();
            }
        }
    }
}
