using Starling.Coap;

namespace Starling.Transports;

/// <summary>What a peer needs until its session is established, and drops then. Its timer is the only one that a session ever has.</summary>
/// <param name="driver">Who is called when it is due.</param>
/// <param name="judge">Who says whether the other party is who it claims to be.</param>
/// <param name="began">When it began, in milliseconds of the channel's clock.</param>
/// <param name="limit">When it ends in any case.</param>
internal sealed class DtlsHandshake(DtlsHandshakes driver, IPeerCredentials judge, long began, long limit) : WheelTimer
{
    public DtlsPeer Peer { get; set; } = null!;

    public IPeerCredentials Judge => judge;

    public long Began => began;

    public long Limit => limit;

    /// <summary>Until when the credentials may be looked up; <see cref="long.MaxValue"/> while nobody does.</summary>
    public long QueryLimit { get; set; } = long.MaxValue;

    /// <summary>Takes the look-up back; null while there is none.</summary>
    public CancellationTokenSource? Query { get; set; }

    /// <summary>Who the other party will have proven to be.</summary>
    public PeerIdentity Identity { get; set; } = PeerIdentity.None;

    /// <summary>What was said of it; null as long as nobody was asked, and where it was refused.</summary>
    public PeerVerdict.Accepted? Verdict { get; set; }

    /// <summary>What that was said of; null as long as nobody was asked.</summary>
    public PeerClaim? Claim { get; set; }

    /// <summary>How often credentials had ended when that was asked.</summary>
    public int Closings { get; set; }

    /// <summary>Who it says to be, as text.</summary>
    public string? Claimed { get; set; }

    /// <summary>Why that was refused, for people.</summary>
    public string? Refusal { get; set; }

    /// <summary>The credential that the refusal is about; null for none.</summary>
    public string? RefusedCredential { get; set; }

    /// <summary>The step that the trace has told last.</summary>
    public string Told { get; set; } = "";

    /// <summary>Who waits for the session; null at a server.</summary>
    public TaskCompletionSource<Peer>? Waiting { get; init; }

    protected override void OnDue() => driver.OnDue(this);
}
