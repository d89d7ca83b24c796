namespace Starling.Lwm2m;

/// <summary>What a list of named records is, which otherwise all look alike.</summary>
internal enum SenmlKind : byte
{
    /// <summary>Values (RFC 8428).</summary>
    Values,
    /// <summary>What is to be fetched or patched (RFC 8790).</summary>
    Etch,
    /// <summary>Values in LwM2M's own JSON, which grew from an early draft of SenML.</summary>
    Lwm2mJson,
}
