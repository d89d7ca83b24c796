namespace Starling.Dtls;

/// <summary>The answer to a <see cref="DtlsQuery"/>. A closed family.</summary>
public abstract record DtlsAnswer
{
    private DtlsAnswer() { }

    /// <summary>The pre-shared key. The engine copies it and wipes its copy.</summary>
    /// <param name="Value">1 to 64 bytes.</param>
    public sealed record Key(ReadOnlyMemory<byte> Value) : DtlsAnswer
    {
        /// <inheritdoc/>
        public override string ToString() => nameof(Key);   // a key is never printed
    }

    /// <summary>No key belongs to the identity. The handshake goes on with a random one, so that it ends as with a wrong key.</summary>
    public sealed record UnknownIdentity : DtlsAnswer;

    /// <summary>The public key or the chain is good.</summary>
    public sealed record Accepted : DtlsAnswer;

    /// <summary>No. The handshake ends with this alert.</summary>
    /// <param name="Alert">What the peer is told.</param>
    public sealed record Refused(DtlsAlert Alert) : DtlsAnswer;
}
