namespace Starling.Crypto;

/// <summary>Why a certificate is not accepted.</summary>
/// <param name="Fault">Which sort of no.</param>
/// <param name="Why">The same for people.</param>
public readonly record struct CertificateProblem(CertificateFault Fault, string Why);

/// <summary>The sorts of no to a certificate; each has its alert (RFC 5246 §7.2.2).</summary>
public enum CertificateFault : byte
{
    /// <summary>It or a part of its chain cannot be read, does not fit together, or is wrongly signed.</summary>
    Malformed,
    /// <summary>No trusted authority stands behind it.</summary>
    UnknownAuthority,
    /// <summary>It or a part of its chain is not valid yet or no more.</summary>
    Expired,
    /// <summary>It or a part of its chain may not be used for this, or names somebody else.</summary>
    Unsuitable,
}

/// <summary>What a certificate must be good for (RFC 5280 §4.2.1.12).</summary>
public enum CertificatePurpose : byte
{
    /// <summary>It is a server's.</summary>
    Server,
    /// <summary>It is a client's.</summary>
    Client,
}
