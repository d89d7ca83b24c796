namespace Starling.Coap;

/// <summary>Makes messages of datagrams (RFC 7252 §4).</summary>
public sealed class MessageLayer
{
    /// <summary>Makes the layer.</summary>
    public MessageLayer(IDatagramChannel datagrams, CoapSettings settings, TimeProvider time, ProtocolTrace? trace = null) => throw new NotImplementedException();
}
