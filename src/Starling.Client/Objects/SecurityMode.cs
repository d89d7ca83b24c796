namespace Starling.Client;

/// <summary>Security Mode (/0/x/2).</summary>
internal enum SecurityMode
{
    PreSharedKey = 0,
    RawPublicKey = 1,
    Certificate = 2,
    NoSec = 3,
    CertificateByEnrolment = 4,
}
