using Starling.Dtls;

namespace Starling.Fuzz.Targets;

/// <summary>
/// Datagrams to a server without a session and to both ends of one (RFC 6347 §4.1, RFC 9146): whatever comes, nothing is delivered, nobody moves, and the
/// session is there afterwards.
/// </summary>
public sealed class DtlsRecordTarget : FuzzTarget
{
    private static readonly byte[] _data = [9, 8, 7];
    private readonly DtlsWire _wire = Established();

    public override string Name => "dtls-record";

    public override int MaxLength => 512;

    public override IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("17fefd0001000000000001000a00010000000000010102"),
        Convert.FromHexString("19fefd0001000000000002010203040012000100000000000201020304050607080910"),
        Convert.FromHexString("16fefd0000000000000000001001000004000000000000000401020304"),
        Convert.FromHexString("15fefd00000000000000050002022814fefd0000000000000006000101"),
        Convert.FromHexString("16fefd0001000000000005001814000c000400000000000c000102030405060708090a0b0c"),
    ];

    public override IReadOnlyList<byte[]> Dictionary => [[0xfe, 0xfd], [0x16, 0xfe, 0xfd, 0, 0], [0x19, 0xfe, 0xfd, 0, 1], [0x17, 0xfe, 0xfd, 0, 1], [0xff, 0xff]];

    public override int Run(ReadOnlySpan<byte> input)
    {
        var (client, server) = (_wire.Client, _wire.Server!);
        var delivered = _wire.Delivered.Count;
        _wire.Deliver(true, input.ToArray());
        _wire.Deliver(false, input.ToArray());
        OracleException.Require(client.Status == DtlsStatus.Established && server.Status == DtlsStatus.Established, "The session was ended by a stranger.");
        OracleException.Require(_wire.Delivered.Count == delivered, "A stranger's bytes were delivered.");
        _wire.Delivered.Clear();
        var known = RecordHeader.TryRead(input, 4, out var header);
        return (known ? (int)header.Type : 0) | (DtlsDatagram.IsClientHello(input) ? 256 : 0) | (DtlsDatagram.TryReadConnectionId(input, 4, out _) ? 512 : 0) | (Math.Min((int)header.Epoch, 3) << 10);
    }

    private static DtlsWire Established()
    {
        var wire = new DtlsWire([], hasSameKey: true);
        wire.Play();
        wire.Talk(_data);
        OracleException.Require(wire.Delivered.Count == 2, "No session to begin with.");
        wire.Delivered.Clear();
        return wire;
    }
}
