using System.Text;

namespace Starling.Interop.Tests;

/// <summary>What a session is to be like: both sides are set up by it, so that only this can come out.</summary>
/// <param name="Suite">The IANA number of the only suite.</param>
internal sealed record SecureCase(ushort Suite)
{
    public const string Identity = "device-7";
    public const string Key = "000102030405060708090a0b0c0d0e0f";
    private const string WrongKey = "ff0102030405060708090a0b0c0d0e0f";

    /// <summary>RFC 7250 in both directions; else certificates, where the suite has no pre-shared key.</summary>
    public bool RawKeys { get; init; }

    /// <summary>The foreign side does without RFC 7627.</summary>
    public bool NoExtendedMasterSecret { get; init; }

    /// <summary>The foreign side does without RFC 7366.</summary>
    public bool NoEncryptThenMac { get; init; }

    /// <summary>RFC 6066 §4, asked for by the client; 0: not.</summary>
    public int Fragment { get; init; }

    /// <summary>Connection ids of the client and the server, in bytes; null: that side has none of the extension.</summary>
    public int? ClientConnectionId { get; init; }

    /// <summary>See <see cref="ClientConnectionId"/>.</summary>
    public int? ServerConnectionId { get; init; }

    /// <summary>Certificates of about 4000 bytes, which no datagram holds.</summary>
    public bool LargeCertificates { get; init; }

    /// <summary>The client has another key than the server.</summary>
    public bool ClientHasWrongKey { get; init; }

    /// <summary>The client's identity is one that the server has not.</summary>
    public bool ClientIsUnknown { get; init; }

    public Suite Names => Interop.Tests.Suite.Of(Suite);

    public string ClientKey => ClientHasWrongKey ? WrongKey : Key;

    public string ClientIdentity => ClientIsUnknown ? "nobody" : Identity;

    /// <summary>What a test is called by.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Names.ToString());
        foreach (var (holds, word) in new[]
        {
            (RawKeys, "raw keys"), (NoExtendedMasterSecret, "no EMS"), (NoEncryptThenMac, "no EtM"), (LargeCertificates, "large certificates"),
            (ClientHasWrongKey, "wrong key"), (ClientIsUnknown, "unknown"), (Fragment > 0, $"fragment {Fragment}"),
            (ClientConnectionId is not null, $"client cid {ClientConnectionId}"), (ServerConnectionId is not null, $"server cid {ServerConnectionId}"),
        })
        {
            text.Append(holds ? $", {word}" : "");
        }
        return text.ToString();
    }
}
