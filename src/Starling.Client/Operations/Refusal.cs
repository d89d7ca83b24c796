using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Why an operation is not done (LwM2M Core 1.2 §6.3, the response codes of each operation).</summary>
internal static class Refusal
{
    public static Lwm2mResponse BadRequest(string why) => new(CoapCode.BadRequest) { Diagnostic = why };

    public static Lwm2mResponse Unauthorized(Lwm2mPath path) => new(CoapCode.Unauthorized) { Diagnostic = $"{path} is not for servers" };

    public static Lwm2mResponse Denied(Lwm2mPath path) => new(CoapCode.Unauthorized) { Diagnostic = $"you have no right to do that with {path.Take(2)}" };

    public static Lwm2mResponse NotFound(Lwm2mPath path) => new(CoapCode.NotFound) { Diagnostic = $"{path} is not there" };

    /// <summary>No code of an operation says so: then it is one of 5.xx (LwM2M Transport 1.2 §6.4).</summary>
    public static Lwm2mResponse Full(string why) => new(CoapCode.InternalServerError) { Diagnostic = why };

    public static Lwm2mResponse NotAllowed(string why) => new(CoapCode.MethodNotAllowed) { Diagnostic = why };
}
