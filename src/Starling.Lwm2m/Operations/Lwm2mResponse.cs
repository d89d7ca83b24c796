using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>The answer to an operation.</summary>
/// <param name="Code">The code; whether the other side did it is <see cref="CoapCode.IsSuccess"/>.</param>
public sealed record Lwm2mResponse(CoapCode Code)
{
    /// <summary>The values that came; empty when there are none.</summary>
    public RecordSet Records { get; init; } = RecordSet.None;
    /// <summary>The links that came (Discover).</summary>
    public IReadOnlyList<CoreLink> Links { get; init; } = [];
    /// <summary>What was created: an instance (Create). Null when the answer does not say.</summary>
    public Lwm2mPath? Created { get; init; }
    /// <summary>Where the registration is, as the segments of Location-Path joined by a slash (Register).</summary>
    public string? Location { get; init; }
    /// <summary>The content format of the answer; null when it had none.</summary>
    public ContentFormat? Format { get; init; }
    /// <summary>The answer's bytes as they came.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }
    /// <summary>The number that an observation's first answer carries (RFC 7641 §3.4); null when the other side does not observe.</summary>
    public uint? Observe { get; init; }
    /// <summary>The operation's id: the token of its first message. Events and trace carry it too.</summary>
    public CoapToken Operation { get; init; }
    /// <summary>Why not, in the other side's words; empty when it gave none.</summary>
    public string Diagnostic { get; init; } = "";
}
