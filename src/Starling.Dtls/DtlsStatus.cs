namespace Starling.Dtls;

/// <summary>What a connection waits for.</summary>
public enum DtlsStatus : byte
{
    /// <summary>The other side's next message, or the time to send ours again.</summary>
    Handshaking,
    /// <summary>The answer to <see cref="DtlsConnection.Query"/>. Messages that arrive meanwhile are kept.</summary>
    NeedsCredential,
    /// <summary>Public-key work: <see cref="DtlsConnection.TakeWork"/>. Messages that arrive meanwhile are kept.</summary>
    NeedsWork,
    /// <summary>Nothing: application data flows.</summary>
    Established,
    /// <summary>Nothing any more. <see cref="DtlsConnection.Progress"/> says why.</summary>
    Closed,
}
