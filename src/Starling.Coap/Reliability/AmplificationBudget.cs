namespace Starling.Coap;

/// <summary>
/// What may go to an address that nobody has proven yet: not more than a few times what came from it, so that nobody
/// is flooded through us with a forged source address (RFC 9175 §2.4, RFC 7252 §11.3).
/// </summary>
internal struct AmplificationBudget
{
    private uint _received;
    private uint _sent;

    /// <summary>The address has returned something that only it could know.</summary>
    public bool Proven;

    public void Receive(int bytes)
    {
        if (!Proven)
        {
            _received = (uint)Math.Min(_received + (long)bytes, int.MaxValue);
        }
    }

    public readonly int Allowance(CoapSettings.ReliabilitySettings limits) =>
        Proven ? int.MaxValue : (int)Math.Clamp(Math.Max((long)limits.AmplificationFactor * _received, limits.AmplificationFloor) - _sent, 0, int.MaxValue);

    public bool TrySpend(int bytes, CoapSettings.ReliabilitySettings limits)
    {
        if (Proven)
        {
            return true;
        }
        if (bytes > Allowance(limits))
        {
            return false;
        }
        _sent += (uint)bytes;
        return true;
    }
}
