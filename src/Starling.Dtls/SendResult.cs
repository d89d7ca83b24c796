namespace Starling.Dtls;

/// <summary>What became of application data.</summary>
public enum SendResult : byte
{
    /// <summary>It was sent in one record.</summary>
    Sent,
    /// <summary>There is no session yet, or no more.</summary>
    NotEstablished,
    /// <summary>It is longer than <see cref="DtlsConnection.MaxPlaintext"/>.</summary>
    TooLarge,
    /// <summary>The session has used up its record numbers (RFC 6347 §4.1) or may not use more; make a new one.</summary>
    Exhausted,
    /// <summary>The peer has moved and not yet proven that it receives there (RFC 9853): no more than three times what came is sent. It may go through soon.</summary>
    PathUnproven,
}
