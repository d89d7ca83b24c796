using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Thrown by what answers an operation, to answer with a code and a diagnostic text.</summary>
public sealed class Lwm2mException(CoapCode code, string diagnostic) : CoapErrorException(code, diagnostic);
