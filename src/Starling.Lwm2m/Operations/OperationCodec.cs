using System.Diagnostics.CodeAnalysis;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>
/// Device management and reporting operations as CoAP messages and back (LwM2M Core 1.2 §6.3, §6.4; LwM2M Transport 1.2 §6.4).
/// What is read may be hostile: nothing here throws on it.
/// </summary>
public static class OperationCodec
{
    /// <summary>How many paths the body of a composite may name where the scope says nothing else.</summary>
    public const int UsualMaxPaths = 1024;

    /// <summary>
    /// The server's way out, and for <see cref="Lwm2mRequest.Send"/> the client's: an operation as a request. Accept is always sent where an answer
    /// carries values or links.
    /// </summary>
    /// <remarks>
    /// Where the request leaves the format open: one value of a known resource travels as text (opaque: as bytes), anything else in a format that the
    /// peer announced or its version implies, and has not refused (<see cref="OperationScope.Formats"/>, decision 0073). What the chosen one cannot say
    /// goes as TLV, which can say everything but times.
    /// </remarks>
    /// <exception cref="ArgumentException">The operation cannot have this path, its format cannot say these records, or it belongs to <see cref="RegistrationCodec"/>.</exception>
    public static CoapMessage Encode(Lwm2mRequest request, in OperationScope scope) => RequestEncoder.Encode(request, scope);

    /// <summary>
    /// The server's way in: the answer to an operation, in whatever format it came. A payload that cannot be decoded keeps its bytes in
    /// <see cref="Lwm2mResponse.Raw"/> and the diagnostic says why. A payload without Content-Format is taken for the format that was asked for.
    /// </summary>
    public static Lwm2mResponse DecodeResponse(Lwm2mRequest request, CoapMessage response, in OperationScope scope) => ResponseDecoder.Decode(request, response, scope);

    /// <summary>The client's way in: which operation a request is. When it is none, <paramref name="refusal"/> is the answer.</summary>
    /// <remarks>Whether the target exists and lets itself be read, written or executed is for the object tree to say.</remarks>
    public static bool TryDecode(
        CoapMessage message,
        in OperationScope scope,
        [NotNullWhen(true)] out Lwm2mRequest? request,
        [NotNullWhen(false)] out CoapMessage? refusal)
    {
        (request, refusal) = RequestDecoder.Decode(message, scope);
        return request is not null;
    }

    /// <summary>The server's way in for what comes to <c>/dp</c>. When it is no Send, <paramref name="refusal"/> is the answer.</summary>
    /// <remarks>Whether the objects are registered is for the server to say.</remarks>
    public static bool TryDecodeSend(
        CoapMessage message,
        in OperationScope scope,
        [NotNullWhen(true)] out Lwm2mRequest.Send? request,
        [NotNullWhen(false)] out CoapMessage? refusal)
    {
        ArgumentNullException.ThrowIfNull(message);
        var decoded = SendCodec.Decode(message, scope);
        (request, refusal) = (decoded.Request as Lwm2mRequest.Send, decoded.Refusal);
        return request is not null;
    }

    /// <summary>
    /// The client's way out: the answer as a message. The format is the one that was asked for, else the answer's own, else chosen as
    /// <see cref="Encode"/> does; one that cannot say the values gives 4.06.
    /// </summary>
    public static CoapMessage EncodeResponse(Lwm2mRequest request, Lwm2mResponse response, in OperationScope scope) => ResponseEncoder.Encode(request, response, scope);
}
