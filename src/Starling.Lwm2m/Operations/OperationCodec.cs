using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Device management and reporting operations as CoAP messages and back (LwM2M Transport 1.2 §6.4).</summary>
public static class OperationCodec
{
    /// <summary>The server's way out: an operation as a request. Accept is always sent where an answer carries values.</summary>
    public static CoapMessage Encode(Lwm2mRequest request, in OperationScope scope) => throw new NotImplementedException();

    /// <summary>The server's way in: the answer to an operation. A payload that cannot be decoded keeps its bytes in <see cref="Lwm2mResponse.Raw"/> and says why in the diagnostic.</summary>
    public static Lwm2mResponse DecodeResponse(Lwm2mRequest request, CoapMessage response, in OperationScope scope) => throw new NotImplementedException();

    /// <summary>The client's way in: which operation a request is. When it is none, <paramref name="refusal"/> is the answer.</summary>
    public static bool TryDecode(CoapMessage message, in OperationScope scope, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Lwm2mRequest? request, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out CoapMessage? refusal) => throw new NotImplementedException();

    /// <summary>The client's way out: the answer as a message.</summary>
    public static CoapMessage EncodeResponse(Lwm2mRequest request, Lwm2mResponse response, in OperationScope scope) => throw new NotImplementedException();
}
