using System.Buffers;

namespace Starling.Dtls;

/// <summary>The protected records of a session: all that is left when the handshake is dropped.</summary>
internal sealed class SessionRecords(DtlsSettings settings, HandshakeTerms terms, PathId path) : IDisposable
{
    private const int StackRecord = 2048;
    private LastFlight? _last;

    public HandshakeTerms Terms { get; } = terms;

    /// <summary>Where the peer is.</summary>
    public PathId Path { get; private set; } = path;

    public ReadEpoch? Read { get; private set; }

    public WriteEpoch? Write { get; private set; }

    /// <summary>Takes over from a handshake that is done.</summary>
    public void Establish(FlightCarrier carrier)
    {
        (Read, Write) = carrier.Release();
        _last = carrier.IsLastOurs ? LastFlight.Of(carrier, settings.MaxResends) : null;
    }

    /// <summary>The peer has spoken: it has our Finished.</summary>
    public void ForgetLastFlight() => _last = null;

    /// <summary>Only an authentic record that is the newest moves the peer (RFC 9146 §6).</summary>
    public DtlsChanges Move(in OpenedRecord opened, PathId path)
    {
        if (!opened.IsNewest || path == Path)
        {
            return DtlsChanges.None;
        }
        Path = path;
        return DtlsChanges.PeerMoved;
    }

    /// <summary>Sends one record in a datagram of its own; false when there are no keys or no numbers left.</summary>
    public bool Emit(ContentType type, ReadOnlySpan<byte> plaintext, IDtlsOutput output)
    {
        if (Write is not { IsExhausted: false } write)
        {
            return false;
        }
        var size = plaintext.Length + write.Overhead;
        var rented = size > StackRecord ? ArrayPool<byte>.Shared.Rent(size) : null;
        var record = rented ?? stackalloc byte[StackRecord];
        output.Emit(record[..write.Seal(type, plaintext, record, settings.Random)], Path);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        return true;
    }

    /// <summary>
    /// A message of a handshake that is over. Whoever sent the last flight sends it again when the peer repeats its Finished (RFC 6347 §4.2.4); a new
    /// handshake in here is refused (RFC 5746 §4.5).
    /// </summary>
    public void TakeLateHandshake(ReadOnlySpan<byte> content, IDtlsOutput output)
    {
        if (!HandshakeFragment.TryTake(ref content, out var fragment))
        {
            return;
        }
        if (fragment.Type is HandshakeType.ClientHello or HandshakeType.HelloRequest)
        {
            Emit(ContentType.Alert, [AlertLevel.Warning, DtlsAlert.NoRenegotiation.Code], output);
        }
        else if (fragment.Type == HandshakeType.Finished && _last is not null)
        {
            using var packer = new RecordPacker(settings, _last.Plain, Write, Terms.MaxPlaintextOut) { Output = output, Path = Path };
            _last.Transmit(packer);
        }
    }

    public void Dispose()
    {
        Read?.Dispose();
        Write?.Dispose();
        (Read, Write, _last) = (null, null, null);
    }
}
