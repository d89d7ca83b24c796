using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Register, Update and De-register as CoAP messages and back (LwM2M Core 1.2 §6.2).</summary>
public static class RegistrationCodec
{
    /// <summary>The client's way out.</summary>
    public static CoapMessage Encode(Lwm2mRequest request) => throw new NotImplementedException();

    /// <summary>The server's way in: POST and DELETE below <c>/rd</c>. When it is none of the three, <paramref name="refusal"/> is the answer.</summary>
    /// <param name="message">The request.</param>
    /// <param name="links">Lists that were read before; null to read every list anew.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="refusal">The answer to what is refused.</param>
    public static bool TryDecode(CoapMessage message, LinkListCache? links, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Lwm2mRequest? request, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out CoapMessage? refusal) => throw new NotImplementedException();

    /// <summary>The server's way out.</summary>
    public static CoapMessage EncodeResponse(Lwm2mResponse response) => throw new NotImplementedException();

    /// <summary>The client's way in.</summary>
    public static Lwm2mResponse DecodeResponse(CoapMessage response) => throw new NotImplementedException();
}
