using System.Buffers;

namespace Starling.Dtls;

/// <summary>The protected records of a session: all that is left when the handshake is dropped.</summary>
internal sealed class SessionRecords(DtlsSettings settings, HandshakeTerms terms, PathId path) : IDisposable
{
    private const int StackRecord = 2048;
    private LastFlight? _last;
    private PathProof? _proof;

    public HandshakeTerms Terms { get; } = terms;

    /// <summary>Where the peer is.</summary>
    public PathId Path { get; private set; } = path;

    public ReadEpoch? Read { get; private set; }

    public WriteEpoch? Write { get; private set; }

    /// <summary>When a path that does not prove itself is asked again, or left.</summary>
    public long Deadline => _proof?.Deadline ?? long.MaxValue;

    /// <summary>Takes over from a handshake that is done.</summary>
    public void Establish(FlightCarrier carrier)
    {
        (Read, Write) = carrier.Release();
        _last = carrier.IsLastOurs ? LastFlight.Of(carrier, settings.MaxResends) : null;
    }

    /// <summary>Takes over from a session that was exported.</summary>
    public void Establish(ReadEpoch read, WriteEpoch write) => (Read, Write) = (read, write);

    /// <summary>The peer has spoken: it has our Finished.</summary>
    public void ForgetLastFlight() => _last = null;

    /// <summary>
    /// An authentic record came on a path. Only the newest moves the peer (RFC 9146 §6), and where the peer knows how, the new path is to prove itself.
    /// </summary>
    public DtlsChanges Arrive(in OpenedRecord opened, int length, PathId from, long now, IDtlsOutput output)
    {
        var changes = DtlsChanges.None;
        if (opened.IsNewest && from != Path)
        {
            Move(from, length, now, output);
            changes = DtlsChanges.PeerMoved;
        }
        else if (_proof is { } proof && from == proof.To)
        {
            proof.Received(length);
        }
        return changes;
    }

    /// <summary>Sends one record in a datagram of its own to where the peer is.</summary>
    public SendResult Emit(ContentType type, ReadOnlySpan<byte> plaintext, IDtlsOutput output) => Emit(type, plaintext, Path, output);

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

    /// <summary>A message of return routability: a challenge is answered on the path it came on, a response proves the path.</summary>
    public DtlsChanges TakeRoutability(ReadOnlySpan<byte> content, PathId from, IDtlsOutput output)
    {
        Span<byte> answer = stackalloc byte[PathProof.Size];
        if (!Terms.ReturnRoutability)
        {
            return DtlsChanges.None;
        }
        if (PathProof.TryAnswer(content, answer))
        {
            Emit(ContentType.ReturnRoutability, answer, from, output);
            return DtlsChanges.None;
        }
        if (_proof is null || !_proof.IsProvenBy(content, from))
        {
            return DtlsChanges.None;
        }
        _proof = null;
        return DtlsChanges.PathProven;
    }

    /// <summary>The path has not proven itself in time: asked again, then the peer is where it was.</summary>
    public void Expire(long now, IDtlsOutput output)
    {
        if (_proof is null || now < _proof.Deadline)
        {
            return;
        }
        if (_proof.TryAgain(now))
        {
            Emit(ContentType.ReturnRoutability, _proof.Message, output);
            return;
        }
        Path = _proof.From;
        _proof = null;
    }

    public void Dispose()
    {
        Read?.Dispose();
        Write?.Dispose();
        (Read, Write, _last, _proof) = (null, null, null, null);
    }

    private void Move(PathId to, int length, long now, IDtlsOutput output)
    {
        var proven = _proof?.From ?? Path;
        Path = to;
        _proof = null;
        if (Terms.ReturnRoutability && Write is not null && to != proven)
        {
            _proof = new PathProof(proven, to, settings, now);
            _proof.Received(length);
            Emit(ContentType.ReturnRoutability, _proof.Message, output);
        }
    }

    private SendResult Emit(ContentType type, ReadOnlySpan<byte> plaintext, PathId to, IDtlsOutput output)
    {
        if (Write is not { IsExhausted: false } write)
        {
            return SendResult.Exhausted;
        }
        var size = plaintext.Length + write.Overhead;
        if (_proof is { } proof && to == proof.To && !proof.TrySend(size))
        {
            return SendResult.PathUnproven;
        }
        var rented = size > StackRecord ? ArrayPool<byte>.Shared.Rent(size) : null;
        var record = rented ?? stackalloc byte[StackRecord];
        output.Emit(record[..write.Seal(type, plaintext, record, settings.Random)], to);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        return SendResult.Sent;
    }
}
