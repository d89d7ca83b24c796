using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Starling.Coap;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>Asks whether a peer is who it claims to be: on the pool, outside of every lock, so many at once and for so long.</summary>
internal sealed class DtlsQueries(DtlsHandshakes handshakes, DtlsChannelSettings settings, TimeProvider time, ILogger logger)
{
    private static readonly PeerVerdict.Refused _late = new(PeerRefusal.Unavailable, "Whoever knows the credentials did not answer in time.");
    private static readonly PeerVerdict.Refused _broken = new(PeerRefusal.Unavailable, "Whoever knows the credentials has failed; see the log.");
    private int _asked;

    /// <summary>Asks; false when too much is asked already.</summary>
    public bool TryAsk(DtlsHandshake handshake, DtlsQuery query)
    {
        if (Interlocked.Increment(ref _asked) > settings.MaxQueries || handshake.Query is not { } cancel)
        {
            Interlocked.Decrement(ref _asked);
            return false;
        }
        var claim = ClaimOf(query);
        (handshake.Claim, handshake.Claimed) = (claim, DtlsReports.Text(claim));
        var token = cancel.Token;
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Self.AskAsync(state.Handshake, state.Claim, state.Token),
            (Self: this, Handshake: handshake, Claim: claim, Token: token), preferLocal: false);
        return true;
    }

    /// <summary>
    /// Credentials have ended while a handshake was under way, perhaps its own: asks once more, and ends the session unless the answer is the same. Until then
    /// the session is one whose credential counts no more, which admission refuses.
    /// </summary>
    public void JudgeAgain(DtlsHandshake handshake) =>
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Self.JudgeAgainAsync(state.Handshake), (Self: this, Handshake: handshake), preferLocal: false);

    private async Task JudgeAgainAsync(DtlsHandshake handshake)
    {
        var (first, second) = (handshake.Verdict!, default(PeerVerdict));
        var hasRoom = Interlocked.Increment(ref _asked) <= settings.MaxQueries;
        try
        {
            using var patience = new CancellationTokenSource(settings.QueryTimeout, time);
            second = hasRoom ? await handshake.Judge.JudgeAsync(handshake.Claim!, patience.Token).AsTask().WaitAsync(patience.Token).ConfigureAwait(false) : _late;
        }
        catch (Exception failure)
        {
            Log.CredentialsFailed(logger, failure, DtlsPeer.AddressOf(handshake.Peer.Below.Address).ToString());
        }
        finally
        {
            Interlocked.Decrement(ref _asked);
        }
        var isSame = second is PeerVerdict.Accepted accepted && accepted.Identity.Credential == first.Identity.Credential
            && CryptographicOperations.FixedTimeEquals(accepted.Key.Span, first.Key.Span);
        if (!isSame)
        {
            handshakes.End(handshake.Peer, PeerLoss.Closed, tells: true);
        }
    }

    /// <summary>Waits no longer.</summary>
    public void TimeOut(DtlsHandshake handshake) => handshakes.Judged(handshake, _late, AnswerOf(_late, isPreSharedKey: false));

    private async Task AskAsync(DtlsHandshake handshake, PeerClaim claim, CancellationToken cancel)
    {
        PeerVerdict verdict;
        try
        {
            verdict = await handshake.Judge.JudgeAsync(claim, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            verdict = _late;
        }
        catch (Exception failure)
        {
            Log.CredentialsFailed(logger, failure, DtlsPeer.AddressOf(handshake.Peer.Below.Address).ToString());
            verdict = _broken;
        }
        finally
        {
            Interlocked.Decrement(ref _asked);
        }
        handshakes.Judged(handshake, verdict, AnswerOf(verdict, claim is PeerClaim.PreSharedKey));
    }

    private static PeerClaim ClaimOf(DtlsQuery query) => query switch
    {
        DtlsQuery.PreSharedKey key => new PeerClaim.PreSharedKey(key.Identity, key.ServerName),
        DtlsQuery.PublicKey key => new PeerClaim.PublicKey(key.SubjectPublicKeyInfo, key.ServerName),
        DtlsQuery.Certificates chain => new PeerClaim.Certificates(chain.Chain, chain.ServerName),
        _ => throw new InvalidOperationException($"{query} is no question that is known here."),
    };

    // That an identity is switched off is told no more than that it is not known (RFC 4279 §2).
    private static DtlsAnswer AnswerOf(PeerVerdict verdict, bool isPreSharedKey) => verdict switch
    {
        PeerVerdict.Accepted accepted => isPreSharedKey ? new DtlsAnswer.Key(accepted.Key) : new DtlsAnswer.Accepted(),
        PeerVerdict.Refused { Reason: PeerRefusal.Unknown or PeerRefusal.Disabled or PeerRefusal.Ended } when isPreSharedKey => new DtlsAnswer.UnknownIdentity(),
        PeerVerdict.Refused refused => new DtlsAnswer.Refused(AlertOf(refused.Reason)),
        _ => new DtlsAnswer.Refused(DtlsAlert.InternalError),
    };

    // LwM2M Transport 1.2, table 5.2.10-1, sorts alerts into those that a device retries and those after which only new credentials help. What only needs time
    // is of the first sort, so it is no access_denied, which would be its name in TLS.
    private static DtlsAlert AlertOf(PeerRefusal reason) => reason switch
    {
        PeerRefusal.Unknown => DtlsAlert.CertificateUnknown,
        PeerRefusal.Disabled => DtlsAlert.HandshakeFailure,
        PeerRefusal.Ended => DtlsAlert.AccessDenied,
        PeerRefusal.Malformed => DtlsAlert.BadCertificate,
        PeerRefusal.UnknownAuthority => DtlsAlert.UnknownAuthority,
        PeerRefusal.Expired => DtlsAlert.CertificateExpired,
        PeerRefusal.Revoked => DtlsAlert.CertificateRevoked,
        PeerRefusal.Unsuitable => DtlsAlert.CertificateUnknown,
        _ => DtlsAlert.InternalError,
    };
}
