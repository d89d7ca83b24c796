namespace Starling.Dtls;

/// <summary>Where datagrams go. Called inside the calls on a connection: it copies, never waits and never calls back.</summary>
public interface IDtlsOutput
{
    /// <summary>Sends one datagram.</summary>
    /// <param name="datagram">The bytes; valid during the call only.</param>
    /// <param name="path">To which address, and from which of ours.</param>
    void Emit(ReadOnlySpan<byte> datagram, PathId path);
}
