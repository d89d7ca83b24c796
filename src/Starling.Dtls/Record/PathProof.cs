using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>
/// The peer came on a new path, and shows that it receives there (RFC 9853 §5.1): a challenge goes out, its cookie comes back. Until then no more than three
/// times what came on the path is sent there.
/// <code>
/// msg_type(1) cookie(8)
/// </code>
/// </summary>
internal sealed class PathProof
{
    /// <summary>How long a message is.</summary>
    public const int Size = 9;

    private const byte Challenge = 0;
    private const byte Response = 1;
    private const int Amplification = 3;
    private const int Tries = 3;

    private readonly byte[] _challenge = new byte[Size];
    private readonly long _wait;
    private long _received;
    private long _sent;
    private int _tries;

    /// <summary>Begins a proof; the challenge is to be sent.</summary>
    /// <param name="from">The path that was proven.</param>
    /// <param name="to">The path to prove.</param>
    /// <param name="settings">How long to wait, and where the cookie comes from.</param>
    /// <param name="now">Milliseconds on the caller's clock.</param>
    public PathProof(PathId from, PathId to, DtlsSettings settings, long now)
    {
        (From, To, _wait, Deadline) = (from, to, settings.FirstResend, now + settings.FirstResend);
        settings.Random.GetBytes(_challenge.AsSpan(1));
    }

    public PathId From { get; }

    public PathId To { get; }

    /// <summary>When to try again, or to give up.</summary>
    public long Deadline { get; private set; }

    /// <summary>The message that asks.</summary>
    public ReadOnlySpan<byte> Message => _challenge;

    /// <summary>Whether a message is a challenge; then the answer is put in its place.</summary>
    public static bool TryAnswer(ReadOnlySpan<byte> message, Span<byte> answer)
    {
        if (message.Length != Size || message[0] != Challenge)
        {
            return false;
        }
        message.CopyTo(answer);
        answer[0] = Response;
        return true;
    }

    /// <summary>Whether a message proves the path.</summary>
    public bool IsProvenBy(ReadOnlySpan<byte> message, PathId path) =>
        path == To && message.Length == Size && message[0] == Response && CryptographicOperations.FixedTimeEquals(message[1..], _challenge.AsSpan(1));

    /// <summary>An authentic record came on the new path.</summary>
    public void Received(int bytes) => _received += bytes;

    /// <summary>Whether so much more may go to the new path; then it counts as sent.</summary>
    public bool TrySend(int bytes)
    {
        if (_sent + bytes > Amplification * _received)
        {
            return false;
        }
        _sent += bytes;
        return true;
    }

    /// <summary>Whether to ask once more.</summary>
    public bool TryAgain(long now)
    {
        Deadline = now + (_wait << ++_tries);
        return _tries < Tries;
    }
}
