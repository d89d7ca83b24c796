namespace Starling.Dtls;

/// <summary>Why one side ends a session or a handshake, as it says it on the wire (RFC 5246 §7.2, RFC 6066 §9, RFC 4279 §2).</summary>
/// <param name="Code">The description's number.</param>
public readonly record struct DtlsAlert(byte Code)
{
    /// <summary>The session ends as it should.</summary>
    public static DtlsAlert CloseNotify => new(0);

    /// <summary>A message came that has no place here.</summary>
    public static DtlsAlert UnexpectedMessage => new(10);

    /// <summary>A record was not authentic. Never sent by us for records: DTLS drops them (RFC 6347 §4.1.2.7).</summary>
    public static DtlsAlert BadRecordMac => new(20);

    /// <summary>A record was longer than was agreed.</summary>
    public static DtlsAlert RecordOverflow => new(22);

    /// <summary>No suite, extension or key that both sides have; or a peer that may come in later (RFC 5246 §7.4.6 leaves the choice).</summary>
    public static DtlsAlert HandshakeFailure => new(40);

    /// <summary>The certificate is malformed or wrongly signed.</summary>
    public static DtlsAlert BadCertificate => new(42);

    /// <summary>A certificate of a type that is not supported or may not be used for this.</summary>
    public static DtlsAlert UnsupportedCertificate => new(43);

    /// <summary>The certificate was taken back.</summary>
    public static DtlsAlert CertificateRevoked => new(44);

    /// <summary>The certificate is not valid yet or no more.</summary>
    public static DtlsAlert CertificateExpired => new(45);

    /// <summary>The certificate is not acceptable for another reason.</summary>
    public static DtlsAlert CertificateUnknown => new(46);

    /// <summary>A field has a value that it may not have, or does not fit another field.</summary>
    public static DtlsAlert IllegalParameter => new(47);

    /// <summary>No trusted authority stands behind the certificate.</summary>
    public static DtlsAlert UnknownAuthority => new(48);

    /// <summary>The certificate is good, and its owner may not enter.</summary>
    public static DtlsAlert AccessDenied => new(49);

    /// <summary>A message could not be read: a length is wrong.</summary>
    public static DtlsAlert DecodeError => new(50);

    /// <summary>A signature or a Finished did not verify. Also what an unknown PSK identity gets: nobody learns which identities there are (RFC 4279 §2).</summary>
    public static DtlsAlert DecryptError => new(51);

    /// <summary>The version that the other side offers is not supported.</summary>
    public static DtlsAlert ProtocolVersion => new(70);

    /// <summary>The other side's demands on security are higher.</summary>
    public static DtlsAlert InsufficientSecurity => new(71);

    /// <summary>An error that has nothing to do with the other side.</summary>
    public static DtlsAlert InternalError => new(80);

    /// <summary>The application gave up.</summary>
    public static DtlsAlert UserCanceled => new(90);

    /// <summary>A new handshake inside a session is refused (RFC 5746 §4.5).</summary>
    public static DtlsAlert NoRenegotiation => new(100);

    /// <summary>An extension in an answer that was not in the question.</summary>
    public static DtlsAlert UnsupportedExtension => new(110);

    /// <summary>The PSK identity is not known. Understood; never sent by us.</summary>
    public static DtlsAlert UnknownPskIdentity => new(115);

    /// <summary>The name of the standard and what it means.</summary>
    public override string ToString() => Code switch
    {
        0 => "close_notify: the session ended as it should",
        10 => "unexpected_message: a message came out of turn",
        20 => "bad_record_mac: a record was not authentic",
        21 => "decryption_failed: a record could not be read",
        22 => "record_overflow: a record was too long",
        30 => "decompression_failure: a record could not be unpacked",
        40 => "handshake_failure: no cipher suite or parameter in common, or not let in for now",
        41 => "no_certificate: there is no certificate",
        42 => "bad_certificate: the certificate is malformed or wrongly signed",
        43 => "unsupported_certificate: a certificate of this type is not supported",
        44 => "certificate_revoked: the certificate was revoked",
        45 => "certificate_expired: the certificate is not valid now",
        46 => "certificate_unknown: the certificate is not acceptable",
        47 => "illegal_parameter: a field had a value that it may not have",
        48 => "unknown_ca: the authority of the certificate is not trusted",
        49 => "access_denied: the certificate is good, its owner may not enter",
        50 => "decode_error: a message could not be read",
        51 => "decrypt_error: a signature or the final check failed; with pre-shared keys: unknown identity or wrong key",
        60 => "export_restriction: refused by export rules",
        70 => "protocol_version: the version is not supported",
        71 => "insufficient_security: the other side wants stronger ciphers",
        80 => "internal_error: the other side had a fault of its own",
        86 => "inappropriate_fallback: an older version was offered than both support",
        90 => "user_canceled: the handshake was given up",
        100 => "no_renegotiation: a new handshake in a session is refused",
        110 => "unsupported_extension: an extension came that nobody asked for",
        111 => "certificate_unobtainable: a certificate could not be fetched",
        112 => "unrecognized_name: no such server name here",
        113 => "bad_certificate_status_response: a revocation answer is not acceptable",
        114 => "bad_certificate_hash_value: a certificate's hash does not fit",
        115 => "unknown_psk_identity: the PSK identity is not known",
        _ => $"alert {Code}",
    };
}
