using Microsoft.Extensions.Logging;
using Starling.Coap;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>Asks whether a peer is who it claims to be: on the pool, outside of every lock, so many at once and for so long.</summary>
internal sealed class DtlsQueries(DtlsHandshakes handshakes, DtlsChannelSettings settings, ILogger logger)
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
        handshake.Claimed = DtlsReports.Text(claim);
        var token = cancel.Token;
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Self.AskAsync(state.Handshake, state.Claim, state.Token),
            (Self: this, Handshake: handshake, Claim: claim, Token: token), preferLocal: false);
        return true;
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
        PeerVerdict.Refused { Reason: PeerRefusal.Unknown or PeerRefusal.Disabled } when isPreSharedKey => new DtlsAnswer.UnknownIdentity(),
        PeerVerdict.Refused refused => new DtlsAnswer.Refused(AlertOf(refused.Reason)),
        _ => new DtlsAnswer.Refused(DtlsAlert.InternalError),
    };

    private static DtlsAlert AlertOf(PeerRefusal reason) => reason switch
    {
        PeerRefusal.Unknown => DtlsAlert.CertificateUnknown,
        PeerRefusal.Disabled => DtlsAlert.AccessDenied,
        PeerRefusal.Malformed => DtlsAlert.BadCertificate,
        PeerRefusal.UnknownAuthority => DtlsAlert.UnknownAuthority,
        PeerRefusal.Expired => DtlsAlert.CertificateExpired,
        PeerRefusal.Revoked => DtlsAlert.CertificateRevoked,
        PeerRefusal.Unsuitable => DtlsAlert.CertificateUnknown,
        _ => DtlsAlert.InternalError,
    };
}
