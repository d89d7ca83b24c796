using Starling.Dtls;

namespace Starling.Fuzz.Targets;

/// <summary>
/// Whole handshakes (RFC 6347) of a client and a server that keep state, meddled with on the wire. With an odd first byte they hold different keys: then
/// nobody may ever be established. With an even one, whoever is established must mean the same session.
/// </summary>
public sealed class DtlsHandshakeTarget : FuzzTarget
{
    private static readonly byte[] _data = [1, 2, 3, 4, 5];

    public override string Name => "dtls-handshake";

    public override int MaxLength => 64;

    public override IEnumerable<byte[]> Seeds => [[0], [1], [0, 3, 13, 2, 0], [1, 4, 60, 0xff, 4], [0, 5, 0, 0, 1], [0, 6, 20, 0, 3]];

    public override int Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }
        var isSame = input[0] % 2 == 0;
        var wire = new DtlsWire(input[1..], isSame);
        wire.Play();
        var (client, server) = (wire.Client.Status, wire.Server?.Status);
        OracleException.Require(isSame || (client != DtlsStatus.Established && server != DtlsStatus.Established), "Established with another key.");
        wire.Talk(_data);
        foreach (var delivered in wire.Delivered)
        {
            OracleException.RequireSame(_data, delivered, "Delivered");
        }
        var outcome = (int)client | ((int)(server ?? 0) << 4) | (wire.Delivered.Count << 8) | (wire.Client.Progress.AlertSent?.Code ?? 0) << 12;
        wire.Client.Dispose();
        wire.Server?.Dispose();
        return outcome;
    }

    public override byte[] Generate(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var input = new byte[1 + (4 * random.Next(1, 6))];
        random.NextBytes(input);
        for (var at = 1; at < input.Length; at += 4)
        {
            input[at] = (byte)random.Next(9);
        }
        return input;
    }
}
