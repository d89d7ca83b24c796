namespace Starling.Dtls;

/// <summary>The extensions of a hello that we know (IANA TLS ExtensionType Values).</summary>
internal enum ExtensionType : ushort
{
    ServerName = 0,               // RFC 6066 §3
    MaxFragmentLength = 1,        // RFC 6066 §4
    SupportedGroups = 10,         // RFC 8422 §5.1.1
    PointFormats = 11,            // RFC 8422 §5.1.2
    SignatureAlgorithms = 13,     // RFC 5246 §7.4.1.4.1
    ClientCertificateType = 19,   // RFC 7250
    ServerCertificateType = 20,   // RFC 7250
    EncryptThenMac = 22,          // RFC 7366
    ExtendedMasterSecret = 23,    // RFC 7627
    RecordSizeLimit = 28,         // RFC 8449
    ConnectionId = 54,            // RFC 9146
    ReturnRoutability = 61,       // RFC 9853
    RenegotiationInfo = 0xff01,   // RFC 5746
}
