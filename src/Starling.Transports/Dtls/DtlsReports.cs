using System.Globalization;
using System.Text;
using Starling.Coap;
using Starling.Crypto;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>Puts what is known of a handshake's end together, for people.</summary>
internal static class DtlsReports
{
    private const int LongestText = 128;
    private const int LongestReason = 512;

    public static HandshakeReport Of(DtlsPeer peer, DtlsHandshake handshake, DtlsProgress progress, DtlsClock clock, bool isEstablished)
    {
        var alert = progress.AlertSent ?? progress.AlertReceived;
        return new HandshakeReport
        {
            At = clock.Time.GetUtcNow(),
            Duration = TimeSpan.FromMilliseconds(clock.Now - handshake.Began),
            Address = peer.Address,
            IsEstablished = isEstablished,
            IsClient = peer.Origin is not null,
            Version = progress.Version.Length > 0 ? progress.Version : null,
            CipherSuite = progress.Suite?.ToString(),
            Claimed = handshake.Claimed,
            RefusedCredential = isEstablished ? null : handshake.RefusedCredential,
            Identity = isEstablished ? peer.Identity : null,
            Step = progress.Step,
            Alert = isEstablished ? null : alert?.Code,
            AlertIsOurs = progress.AlertSent is not null,
            Problem = isEstablished ? null : Problem(handshake, progress),
            HasExtendedMasterSecret = progress.ExtendedMasterSecret,
            HasConnectionId = progress.OwnConnectionIdLength > 0,
            IsResumed = progress.Resumed,
        };
    }

    /// <summary>A claim as people read it. It is a stranger's: bounded, and without what a terminal would obey.</summary>
    public static string Text(PeerClaim claim) => claim switch
    {
        PeerClaim.PreSharedKey key => Printable(key.Identity.Span),
        PeerClaim.PublicKey key => Fingerprint.Of(key.SubjectPublicKeyInfo.Span),
        PeerClaim.Certificates { Chain: [var first, ..] } => Fingerprint.Of(first.Span),
        _ => "",
    };

    /// <summary>UTF-8 as it is, anything else as hexadecimal digits.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, LongestText)];
        var text = Encoding.UTF8.GetString(bytes);
        return text.Any(c => IsTrick(c) || c == '\uFFFD') ? Convert.ToHexStringLower(bytes) : text;
    }

    // What a terminal obeys, and what turns the direction of a line.
    private static bool IsTrick(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // Whoever judged may have put the stranger's own words into his reason.
    private static string? OneLine(string? text) =>
        text is null ? null : string.Create(Math.Min(text.Length, LongestReason), text, static (line, from) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = IsTrick(from[i]) ? '?' : from[i];
            }
        });

    private static string Problem(DtlsHandshake handshake, DtlsProgress progress)
    {
        var why = OneLine(handshake.Refusal) ?? progress.Failure;
        var words = (progress.AlertSent ?? progress.AlertReceived)?.ToString();
        var alert = progress.AlertSent is { } ours ? $"we sent {ours}" : progress.AlertReceived is { } theirs ? $"it sent {theirs}" : null;
        return (why, alert) switch
        {
            (null, null) => $"no answer; {progress.Step}",
            (null, _) => alert,
            (_, null) => why,
            _ when why.Contains(words!, StringComparison.Ordinal) => why,   // once is enough
            _ => $"{why} ({alert})",
        };
    }
}
