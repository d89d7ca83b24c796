namespace Starling.Dtls;

/// <summary>The last flight of a handshake, kept until the peer shows that it has it: ChangeCipherSpec and Finished (RFC 6347 §4.2.4).</summary>
internal sealed class LastFlight
{
    private readonly OutgoingFlight _flight;
    private int _left;

    private LastFlight(OutgoingFlight flight, PlainSequence plain, int left) => (_flight, Plain, _left) = (flight, plain, left);

    public PlainSequence Plain { get; }

    /// <summary>Takes it over from the carrier.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="left">How often it is sent again at most.</param>
    public static LastFlight Of(FlightCarrier carrier, int left) => new(carrier.TakeFlight(), carrier.Plain, left);

    /// <summary>Sends it again, a few times.</summary>
    public void Transmit(RecordPacker packer)
    {
        if (_left-- > 0)
        {
            _flight.Transmit(packer);
        }
    }
}
