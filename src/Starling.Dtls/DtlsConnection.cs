using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Starling.Dtls;

/// <summary>
/// One session or the handshake to it, as a state machine: bytes in, bytes and deadlines out. Not safe from several threads: the caller holds the peer's
/// lock around each call. What peers send never makes it throw. <see cref="Dispose()"/> wipes its secrets and sends nothing.
/// </summary>
public abstract class DtlsConnection : IDisposable
{
    private protected DtlsConnection() { }

    /// <summary>What it waits for.</summary>
    public abstract DtlsStatus Status { get; }

    /// <summary>How far it came and what was agreed; a new object each time.</summary>
    public abstract DtlsProgress Progress { get; }

    /// <summary>When to call <see cref="Expire"/>, in milliseconds on the caller's clock; <see cref="long.MaxValue"/>: never. An established session has none but while a path is proving itself.</summary>
    public abstract long Deadline { get; }

    /// <summary>What the peer puts into records to us (RFC 9146). Known from the start; empty when it is not in use.</summary>
    public abstract ReadOnlySpan<byte> ConnectionId { get; }

    /// <summary>Where datagrams to the peer go now.</summary>
    public abstract PathId Path { get; }

    /// <summary>The longest application data that one record may carry to the peer, in bytes.</summary>
    public abstract int MaxPlaintext { get; }

    /// <summary>How many bytes a record is longer than its application data, at most.</summary>
    public abstract int Overhead { get; }

    /// <summary>What is asked in <see cref="DtlsStatus.NeedsCredential"/>; null otherwise.</summary>
    public abstract DtlsQuery? Query { get; }

    /// <summary>The sequence number that the next record will have: what an export must reserve ahead.</summary>
    public abstract ulong NextSequence { get; }

    /// <summary>Begins a client's handshake: the first hello is sent at once.</summary>
    /// <param name="settings">How sessions are made.</param>
    /// <param name="target">With what.</param>
    /// <param name="path">Where to.</param>
    /// <param name="now">Milliseconds on the caller's clock.</param>
    /// <param name="output">Where datagrams go.</param>
    /// <exception cref="ArgumentException">None of the suites can be used with the keys, or the pre-shared key or its identity has another length than it may have.</exception>
    public static DtlsConnection Connect(DtlsSettings settings, DtlsTarget target, PathId path, long now, IDtlsOutput output) =>
        Connection12.Begin(settings, target, path, now, output);

    /// <summary>Takes ONE record and returns how many bytes it was; the caller calls again with the rest until nothing is left. Returns at least 1.</summary>
    /// <param name="rest">What is left of the datagram; application data is decrypted in place.</param>
    /// <param name="path">Where it came from.</param>
    /// <param name="now">Milliseconds on the caller's clock.</param>
    /// <param name="output">Where answers go.</param>
    /// <param name="received">What it brought.</param>
    public abstract int Receive(Span<byte> rest, PathId path, long now, IDtlsOutput output, out DtlsReceived received);

    /// <summary>Answers <see cref="Query"/>. Ignored when nothing is asked any more.</summary>
    public abstract void Provide(DtlsAnswer answer, long now, IDtlsOutput output);

    /// <summary>The work of <see cref="DtlsStatus.NeedsWork"/>; null when it is taken already or there is none.</summary>
    public abstract DtlsWork? TakeWork();

    /// <summary>Takes the result of work that ran, and disposes it. Ignored, but for that, when the connection does not wait for it any more.</summary>
    public abstract void Complete(DtlsWork work, long now, IDtlsOutput output);

    /// <summary>Sends application data in one record and one datagram. It allocates nothing.</summary>
    public abstract SendResult Send(ReadOnlySpan<byte> plaintext, IDtlsOutput output);

    /// <summary>Does what is due at <see cref="Deadline"/>: sends a flight again, or gives up.</summary>
    public abstract void Expire(long now, IDtlsOutput output);

    /// <summary>Ends the session with close_notify, or the handshake with user_canceled.</summary>
    public abstract void Close(IDtlsOutput output);

    /// <summary>Hands over, once, what an established client session needs to be taken up again; null when it cannot be.</summary>
    public abstract DtlsResumption? TakeResumption();

    /// <summary>Writes an established session: secrets in plain bytes, which the caller encrypts. False when there is none.</summary>
    public abstract bool TryExport(IBufferWriter<byte> output);

    /// <summary>Makes a session of what <see cref="TryExport"/> wrote.</summary>
    /// <param name="bytes">What was written.</param>
    /// <param name="settings">How sessions are made.</param>
    /// <param name="firstSequence">The sequence number of the next record: above all that may have been used. Lower than what was exported counts as that.</param>
    /// <param name="path">Where the peer was last.</param>
    /// <param name="connection">The session. Records up to the newest that was exported are refused as replayed.</param>
    public static bool TryImport(ReadOnlySpan<byte> bytes, DtlsSettings settings, ulong firstSequence, PathId path, [NotNullWhen(true)] out DtlsConnection? connection)
    {
        connection = Connection12.Restore(bytes, settings, firstSequence, path);
        return connection is not null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Wipes what is secret.</summary>
    protected abstract void Dispose(bool disposing);
}
