using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>
/// Datagrams (RFC 7252 §3). What is accepted must be written again as the same bytes when its options were in their shortest form, and as the same
/// message in any case; every typed getter must bear every value.
/// </summary>
public sealed class CoapMessageTarget : FuzzTarget
{
    private static readonly ushort[] _numbers = [1, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 17, 20, 23, 27, 28, 35, 39, 60, 252, 258, 292, 2053, 65535];

    public override string Name => "coap-message";

    public override int MaxLength => 2048;

    public override IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("40017d34bb74656d7065726174757265"),
        Convert.FromHexString("60457d34ff32322e332043"),
        Convert.FromHexString("44020001 01020304 b2 7264 11 28 37 65703d6e6f6465 06 6c743d333030 ff 3c2f312f303e".Replace(" ", "", StringComparison.Ordinal)),
        Convert.FromHexString("70007d34"),
    ];

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        [0x40, 0x01], [0x48, 0x02], [0x60, 0x45], [0x70, 0x00], [0xff], [0xd0], [0xe0], [0xdd], [0xee], [0xf0], [0x0f],
        [0x60], [0xb1, (byte)'3'], [0xc1, 0x28], [0xd1, 0x0a, 0x0e], [0xe1, 0xfe, 0xf2, 0x00],
    ];

    public override int Run(ReadOnlySpan<byte> input)
    {
        var error = CoapDatagram.Parse(input, out var datagram);
        if (error != ParseError.None)
        {
            return (int)error;
        }
        var message = datagram.ToMessage();
        AskEverything(message);
        var written = Write(datagram, message);
        OracleException.RequireSame(input, written, "Written again");
        RequireCanonicalRoundTrip(datagram, message);
        return 0x100 | ((int)datagram.Type << 4) | (message.Code.Class << 9) | (message.Options.IsEmpty ? 0 : 1) | (message.Payload.IsEmpty ? 0 : 2);
    }

    public override byte[] Generate(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var builder = new CoapOptionsBuilder();
        foreach (var number in Enumerable.Range(0, random.Next(8)).Select(_ => _numbers[random.Next(_numbers.Length)]).Order())
        {
            builder.Add(new OptionNumber(number), Bytes(random, random.Next(10) == 0 ? random.Next(600) : random.Next(16)));
        }
        var message = new CoapMessage { Code = new CoapCode((byte)random.Next(256)), Options = builder.Build(), Payload = Bytes(random, random.Next(64)) };
        var token = CoapToken.From(Bytes(random, random.Next(9)));
        var bytes = new byte[CoapWriter.SizeOf(message, token) + CoapToken.MaxLength];
        return bytes[..CoapWriter.Write(bytes, (MessageType)random.Next(4), (ushort)random.Next(65536), token, message)];
    }

    private static byte[] Write(in CoapDatagram datagram, CoapMessage message)
    {
        var bytes = new byte[CoapWriter.SizeOf(message, datagram.Token) + CoapToken.MaxLength];
        return bytes[..CoapWriter.Write(bytes, datagram.Type, datagram.MessageId, datagram.Token, message)];
    }

    // Taken apart and built from its parts: the encoding may get shorter, the options must be the same.
    private static void RequireCanonicalRoundTrip(in CoapDatagram datagram, CoapMessage message)
    {
        var builder = new CoapOptionsBuilder();
        foreach (var option in message.Options)
        {
            builder.Add(option.Number, option.Value);
        }
        var rebuilt = message.With(builder.Build(), message.Payload);
        var error = CoapDatagram.Parse(Write(datagram, rebuilt), out var again);
        OracleException.Require(error == ParseError.None, $"Built from its own parts it is refused: {error}.");
        OracleException.Require(again.Type == datagram.Type && again.MessageId == datagram.MessageId, "Another header.");
        OracleException.Require(again.Token == datagram.Token && again.Code == datagram.Code, "Another token or code.");
        OracleException.RequireSame(message.Payload.Span, again.Payload, "Payload");
        OracleException.RequireSame(rebuilt.Options.Encoded.Span, again.Options, "Options");
    }

    private static void AskEverything(CoapMessage message)
    {
        var options = message.Options;
        var last = 0;
        foreach (var option in options)
        {
            OracleException.Require(option.Number.Value >= last, "Options go down.");
            last = option.Number.Value;
            OracleException.Require(options.Has(option.Number), "An option that is there is not found.");
            _ = (option.UInt, option.Number.ToString());
        }
        foreach (var number in _numbers)
        {
            var text = options.GetString(new OptionNumber(number));
            OracleException.Require(text is not null == options.Has(new OptionNumber(number)), "Found and not found.");
            OracleException.Require(!options.Without(new OptionNumber(number)).Has(new OptionNumber(number)), "Taken out and still there.");
            OracleException.Require(options.With(new OptionNumber(number), 7).GetUInt(new OptionNumber(number)) == 7, "Put in and not there.");
        }
        _ = (options.UriPath, options.UriQuery, options.ContentFormat, options.Accept, options.Observe, message.ToString());
        _ = (options.Block1?.Size, options.Block1?.Offset, options.Block2?.ToString(), options.GetHashCode());
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
