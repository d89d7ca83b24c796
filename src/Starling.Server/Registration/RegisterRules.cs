using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>The answers to a Register: which are refused, and with which code (LwM2M Core 1.2 §6.2.1, Transport 1.2 §6.4.2).</summary>
internal static class RegisterRules
{
    public static Refusal Unknown { get; } = new(CoapCode.NotFound, "There is no such registration.");
    public static Refusal Full { get; } = new(CoapCode.ServiceUnavailable, "The server has as many devices as it may have.");
    private static readonly Refusal _version = new(CoapCode.PreconditionFailed, "This server speaks LwM2M 1.0, 1.1 and 1.2.");
    private static readonly Refusal _longEndpoint = new(CoapCode.BadRequest, "'ep' is too long.");
    private static readonly Refusal _noLifetime = new(CoapCode.BadRequest, "'lt' is missing.");

    /// <summary>What objects the device has cannot be determined: it sends the whole list next (LwM2M Core 1.2 §6.2.1).</summary>
    public static Refusal UnknownProfile(CoapCode code, string id) => new(code, $"Profile id {id} is not known here: send the list of objects.");

    /// <summary>The answer to a Register that is taken: where the registration is.</summary>
    public static CoapMessage Created(RegistrationId id)
    {
        Span<byte> text = stackalloc byte[RegistrationId.Length];
        id.Format(text);
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.LocationPath, "rd"u8);
        options.Add(OptionNumber.LocationPath, text);
        return new CoapMessage { Code = CoapCode.Created, Options = options.Build() };
    }

    /// <summary>Why the request is refused, whoever sent it; null when it is not.</summary>
    public static Refusal? Refuse(Lwm2mRequest.Register request, ServerSettings settings)
    {
        if (!request.Version.IsSupported)
        {
            return _version;
        }
        if (request.Endpoint?.Length > settings.MaxEndpointLength)
        {
            return _longEndpoint;
        }
        // 1.0 gave it a default; since 1.1 it must be told.
        return request.Lifetime is null && request.Version > Lwm2mVersion.V10 ? _noLifetime : null;
    }
}

/// <summary>A code and a reason.</summary>
internal sealed record Refusal(CoapCode Code, string Why)
{
    /// <summary>The answer on the wire: one for all who get it.</summary>
    public CoapMessage Message { get; } = CoapMessage.Error(Code, Why);
}
