using Starling.Dtls;

namespace Starling.Transports;

/// <summary>How a <see cref="DtlsChannel"/> makes sessions and how much it may keep. Every limit has a counter in <see cref="DtlsCounters"/>.</summary>
public sealed record DtlsChannelSettings
{
    /// <summary>The port that <c>coaps</c> has when nothing else is said: 5684 (RFC 7252 §6.2).</summary>
    public const int CoapsPort = 5684;

    /// <summary>How sessions are made.</summary>
    public DtlsSettings Dtls { get; init; } = new();

    /// <summary>How many sessions there may be: 150 000. When it is full, the one that was silent longest and that nobody holds makes room.</summary>
    public int MaxSessions { get; init; } = 150_000;

    /// <summary>
    /// How many handshakes may be open at once: 10 000. When it is full, the oldest makes room once it has had <see cref="HandshakePatience"/>; until then further
    /// hellos are dropped. A cookie stands before that, so each is of an address that answers.
    /// </summary>
    public int MaxHandshakes { get; init; } = 10_000;

    /// <summary>
    /// For how long a handshake is safe when too many are open: 3 s. Whoever fills the table with handshakes that he does not go on with has to begin
    /// <see cref="MaxHandshakes"/> in that time, again and again, to keep others out.
    /// </summary>
    public TimeSpan HandshakePatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a handshake may take in all: 90 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How many credentials may be looked up at once: 1024. A further handshake ends.</summary>
    public int MaxQueries { get; init; } = 1024;

    /// <summary>How long a credential may be looked up before the handshake ends: 5 s.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many threads do public-key work at once: 2; 1 to 64.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>How much public-key work may wait for a thread: 1024. A further handshake ends.</summary>
    public int MaxWaitingWork { get; init; } = 1024;

    /// <summary>How many ended sessions a client keeps so that it can take them up again: 16; 0 for none.</summary>
    public int MaxResumptions { get; init; } = 16;

    /// <summary>How often sessions that were heard from are written, where a store keeps them: 5 s. A session that is younger when the process dies is lost.</summary>
    public TimeSpan KeepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// For a client, whether its clock tells the time of day: yes. Where it does not, the validity of a server's certificate is not looked at
    /// (LwM2M Transport 1.2 §5.2.8.7): a device that has just begun gets its time from that server.
    /// </summary>
    public Func<bool> ClockIsSet { get; init; } = static () => true;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Dtls);
        Range(MaxSessions, 1, 1 << 26, nameof(MaxSessions));
        Range(MaxHandshakes, 1, 1 << 24, nameof(MaxHandshakes));
        Range(MaxQueries, 1, 1 << 20, nameof(MaxQueries));
        Range(Workers, 1, 64, nameof(Workers));
        Range(MaxWaitingWork, 0, 1 << 20, nameof(MaxWaitingWork));
        Range(MaxResumptions, 0, 1 << 20, nameof(MaxResumptions));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HandshakeTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(HandshakePatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(QueryTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(KeepInterval, TimeSpan.Zero);
        if (Dtls.ConnectionIdLength > DtlsSessions.MaxKeyLength)
        {
            throw new ArgumentOutOfRangeException(nameof(Dtls), Dtls.ConnectionIdLength, $"A connection id of ours has at most {DtlsSessions.MaxKeyLength} bytes.");
        }
    }

    private static void Range(int value, int low, int high, string name)
    {
        if (value < low || value > high)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {low} to {high}.");
        }
    }
}
