using System.Globalization;

namespace Starling.Interop.Tests;

/// <summary>What a session is to be like: both sides are set up by it, so that only this can come out.</summary>
/// <param name="Suite">The IANA number of the only suite.</param>
internal sealed record SecureCase(ushort Suite)
{
    public const string Identity = "device-7";
    public const string Key = "612d6b65792d6f662d612d7465737421";
    public const string KeyText = "a-key-of-a-test!";   // the same: what libcoap takes
    private const string WrongKey = "ff2d6b65792d6f662d612d7465737421";

    /// <summary>RFC 7250 in both directions; else certificates, where the suite has no pre-shared key.</summary>
    public bool RawKeys { get; init; }

    /// <summary>The foreign side does without RFC 7627.</summary>
    public bool NoExtendedMasterSecret { get; init; }

    /// <summary>The foreign side does without RFC 7366.</summary>
    public bool NoEncryptThenMac { get; init; }

    /// <summary>RFC 6066 §4, asked for by the client; 0: not.</summary>
    public int Fragment { get; init; }

    /// <summary>RFC 8449, announced by us; 0: not.</summary>
    public int Limit { get; init; }

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

    /// <summary>Takes a line for protocol analysers.</summary>
    public Action<string>? KeyLog { get; init; }

    /// <summary>Reads what stands at a test: the suite's number and what else is not as usual, as in <c>C0AE raw cid=3,5</c>.</summary>
    public static SecureCase Parse(string text)
    {
        var words = text.Split(' ');
        return words.Skip(1).Aggregate(new SecureCase(ushort.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)), With);
    }

    private static SecureCase With(SecureCase what, string word) => word.Split('=', ',') switch
    {
        ["raw"] => what with { RawKeys = true },
        ["large"] => what with { LargeCertificates = true },
        ["no-ems"] => what with { NoExtendedMasterSecret = true },
        ["no-etm"] => what with { NoEncryptThenMac = true },
        ["fragment", var size] => what with { Fragment = Number(size) },
        ["limit", var size] => what with { Limit = Number(size) },
        ["cid", var client, var server] => what with { ClientConnectionId = Number(client), ServerConnectionId = Number(server) },
        _ => throw new ArgumentException($"What is '{word}'?", nameof(word)),
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
