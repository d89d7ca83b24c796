using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>An observation of a path on a device (LwM2M Core 1.2 §6.4.1; RFC 7641). It stays when the device registers anew.</summary>
public sealed class Observation : ObservationMatch
{
    internal Observation() { }

    /// <summary>Its id: the token, in hexadecimal digits.</summary>
    public string Id => Token.ToString();

    /// <summary>The token that notifications carry.</summary>
    public CoapToken Token { get; }

    /// <summary>What is observed.</summary>
    public Lwm2mPath Path { get; }

    /// <summary>The format that was asked for; null when it was left to the codec.</summary>
    public ContentFormat? Accept { get; }

    /// <summary>Whether the device is known to keep it: false from a new registration until it has been told again.</summary>
    public bool IsEstablished { get; }

    /// <inheritdoc/>
    public override CoapMessage Request => throw new NotImplementedException();
}
