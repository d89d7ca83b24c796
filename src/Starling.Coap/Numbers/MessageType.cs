namespace Starling.Coap;

/// <summary>The type of a message over an unreliable transport (RFC 7252 §3). It never leaves the message layer.</summary>
public enum MessageType : byte
{
    /// <summary>Wants an acknowledgement.</summary>
    Confirmable = 0,
    /// <summary>Wants none.</summary>
    NonConfirmable = 1,
    /// <summary>Acknowledges; may carry the response.</summary>
    Acknowledgement = 2,
    /// <summary>Says that a message could not be used.</summary>
    Reset = 3,
}
