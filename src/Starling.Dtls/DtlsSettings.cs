using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>How sessions are made. Immutable; one for all connections of a channel.</summary>
public sealed record DtlsSettings
{
    /// <summary>What a server takes, in order of preference: every suite here, those with CBC last.</summary>
    public static ImmutableArray<CipherSuite> ServerSuites { get; } =
    [
        CipherSuite.PskAes128Ccm8, CipherSuite.PskAes128Gcm, CipherSuite.PskAes128Ccm, CipherSuite.EcdhePskAes128Ccm8,
        CipherSuite.EcdheEcdsaAes128Ccm8, CipherSuite.EcdheEcdsaAes128Gcm,
        CipherSuite.EcdhePskAes128Cbc, CipherSuite.PskAes128Cbc, CipherSuite.EcdheEcdsaAes128Cbc,
    ];

    /// <summary>What a client offers: all of these without CBC.</summary>
    public static ImmutableArray<CipherSuite> ClientSuites { get; } = ServerSuites[..6];

    /// <summary>The suites, most wanted first. Those for which there is no key are left out by themselves.</summary>
    public ImmutableArray<CipherSuite> Suites { get; init; } = ServerSuites;

    /// <summary>Whether suites with CBC may be used: true. False takes them out of <see cref="Suites"/>.</summary>
    public bool AllowCbc { get; init; } = true;

    /// <summary>How long the connection id is that peers put into records to us, in bytes, 0 to 32: none by default. Null: the extension is not used. 0: we need none, and use the peer's.</summary>
    public byte? ConnectionIdLength { get; init; }

    /// <summary>What every connection id of ours begins with, at most <see cref="ConnectionIdLength"/> bytes: empty. The rest is random.</summary>
    public ReadOnlyMemory<byte> ConnectionIdPrefix { get; init; }

    /// <summary>Whether a peer without the extended master secret (RFC 7627) is refused: false, because devices in the field lack it.</summary>
    public bool RequireExtendedMasterSecret { get; init; }

    /// <summary>The longest handshake message, in bytes, 1024 to 65536: 8192.</summary>
    public int MaxHandshakeMessage { get; init; } = 8192;

    /// <summary>How many protected records are kept that come before their keys, of at most 512 bytes each: 4.</summary>
    public int MaxHeldRecords { get; init; } = 4;

    /// <summary>The longest PSK identity, in bytes: 128 (LwM2M Core 1.2, object 0).</summary>
    public int MaxIdentity { get; init; } = 128;

    /// <summary>The longest datagram of a handshake, in bytes: 1200.</summary>
    public int MaxDatagram { get; init; } = 1200;

    /// <summary>When a flight is sent again for the first time, in milliseconds; doubled each time: 1000 (RFC 6347 §4.2.4.1).</summary>
    public int FirstResend { get; init; } = 1000;

    /// <summary>How often a flight is sent again before the handshake has failed: 5, which with the first wait of a second is a minute.</summary>
    public int MaxResends { get; init; } = 5;

    /// <summary>The longest plaintext that we take in a record, in bytes, 64 to 16384 (RFC 8449): 16384, which is not announced.</summary>
    public int RecordSizeLimit { get; init; } = 16384;

    /// <summary>What a client asks for with RFC 6066 §4, in bytes: 512, 1024, 2048, 4096, or 0 for nothing: 0.</summary>
    public int MaxFragmentLength { get; init; }

    /// <summary>Whether a client's chain or key is asked for when it does not offer a pre-shared key: true. A server's.</summary>
    public bool RequireClientAuthentication { get; init; } = true;

    /// <summary>Whether a path that a peer moved to must prove itself where the peer knows how (RFC 9853): true.</summary>
    public bool CheckReturnRoutability { get; init; } = true;

    /// <summary>Where keys, randoms, cookies and connection ids come from.</summary>
    public RandomNumberGenerator Random { get; init; } = RandomNumberGenerator.Create();

    /// <summary>Takes a line a handshake in the format of NSS key logs, which lets protocol analysers decrypt: null. A line is a secret.</summary>
    public Action<string>? KeyLog { get; init; }
}
