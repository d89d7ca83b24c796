using Starling.Coap;

namespace Starling.Transports;

/// <summary>An established session as a store keeps it.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="State">The engine's part, with the keys in the clear: whoever has it encrypts it or wipes it.</param>
/// <param name="Reserved">Every record number below this one may have been used.</param>
/// <param name="Address">Where its peer was, as the channel below says it.</param>
/// <param name="Identity">Who its peer has proven to be.</param>
public sealed record StoredSession(long Id, byte[] State, ulong Reserved, PeerAddress Address, PeerIdentity Identity)
{
    /// <summary>The number: keys are never printed.</summary>
    public override string ToString() => $"session {Id} of {Address}";
}
