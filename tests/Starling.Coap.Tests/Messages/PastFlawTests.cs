namespace Starling.Coap.Tests;

/// <summary>Flaws that other CoAP parsers had, one test each: none of them here.</summary>
public sealed class PastFlawTests
{
    // CVE-2020-12883: extended delta and length bytes read beyond the end.
    [Fact]
    public void Option_header_that_is_cut_anywhere_is_refused()
    {
        foreach (var delta in new[] { 0, 1, 12, 13, 268, 269, 2000, 65535 })
        {
            foreach (var length in new[] { 0, 1, 12, 13, 268, 269, 1500 })
            {
                var options = new CoapOptionsBuilder();
                options.Add(new OptionNumber((ushort)delta), new byte[length]);
                byte[] whole = [0x40, 0x01, 0x00, 0x01, .. options.Build().Encoded.Span];
                Assert.Equal(ParseError.None, CoapDatagram.Parse(whole, out _));
                for (var cut = CoapDatagram.HeaderSize + 1; cut < whole.Length; cut++)
                {
                    Assert.True(
                        CoapDatagram.Parse(whole.AsSpan(0, cut), out _) is ParseError.OptionHeader or ParseError.OptionLength,
                        $"delta {delta}, length {length}, cut at {cut}");
                }
            }
        }
    }

    // CVE-2020-12887: the 16-bit option number wraps.
    [Theory]
    [InlineData("e0fef2" + "00", ParseError.None)]                       // 65 535
    [InlineData("e0fef2" + "10", ParseError.OptionNumber)]               // 65 536
    [InlineData("e0fef3", ParseError.OptionNumber)]
    [InlineData("e0ffff", ParseError.OptionNumber)]
    [InlineData("e08000" + "e08000", ParseError.OptionNumber)]
    [InlineData("e0fef2" + "e0fef2" + "e0fef2", ParseError.OptionNumber)]
    public void Option_numbers_never_wrap(string options, ParseError error) =>
        Assert.Equal(error, CoapDatagram.Parse(Convert.FromHexString("40010001" + options), out _));

    // RIOT GHSA-p9hp-2jxm-6rqp: extended token lengths (RFC 8974) beyond a packet of four bytes. They are refused as RFC 7252 §3 says.
    [Fact]
    public void Token_length_of_nine_to_fifteen_is_refused_whatever_follows()
    {
        for (var length = 9; length <= 15; length++)
        {
            foreach (var rest in new[] { 0, 1, 2, 8, 13, 15, 300 })
            {
                var bytes = new byte[CoapDatagram.HeaderSize + rest];
                (bytes[0], bytes[1]) = ((byte)(0x40 | length), 0x01);
                Assert.Equal(ParseError.TokenLength, CoapDatagram.Parse(bytes, out _));
            }
        }
    }

    // CVE-2026-27703: a filter of .well-known/core copied into a fixed buffer.
    [Fact]
    public void Queries_of_any_number_and_length_are_read_whole()
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, ".well-known/core");
        var texts = Enumerable.Range(0, 60).Select(i => $"rt={new string('x', i * 20)}").ToArray();
        foreach (var text in texts)
        {
            options.Add(OptionNumber.UriQuery, text);
        }
        byte[] bytes = [0x40, 0x01, 0x00, 0x01, .. options.Build().Encoded.Span];
        Assert.Equal(ParseError.None, CoapDatagram.Parse(bytes, out var read));
        Assert.Equal(texts, read.ToMessage().Options.GetStrings(OptionNumber.UriQuery));
    }

    // microcoap#48: the length nibbles overflow sixteen bits while a message is written.
    [Fact]
    public void Longest_option_is_written_and_read()
    {
        const int Longest = 269 + ushort.MaxValue;
        var options = new CoapOptionsBuilder();
        options.Add(new OptionNumber(ushort.MaxValue), new byte[Longest]);
        var encoded = options.Build().Encoded;
        Assert.Equal(5 + Longest, encoded.Length);
        var reader = new CoapReader(encoded.Span);
        Assert.True(reader.TryReadOption(out var option, out _));
        Assert.Equal((ushort.MaxValue, Longest), (option.Number.Value, option.Value.Length));
        Assert.Throws<ArgumentException>(() =>
        {
            var more = new CoapOptionsBuilder();
            more.Add(new OptionNumber(1), new byte[Longest + 1]);
        });
    }

    // CVE-2021-41040, CVE-2019-9004: a packet that is refused leaves memory behind.
    [Fact]
    public void Refused_packet_allocates_nothing()
    {
        byte[][] refused =
        [
            .. new[] { "4402e6e2", "4402e6e241", "4402e6e241424344f0", "4402e6e241424344bd", "4402e6e241424344ff", "4f02e6e2", "6402e6e241424344" }
                .Select(Convert.FromHexString),
        ];
        foreach (var bytes in refused)
        {
            Assert.NotEqual(ParseError.None, CoapDatagram.Parse(bytes, out _));
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            CoapDatagram.Parse(refused[i % refused.Length], out _);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    // CVE-2020-3162: see also EndpointSurvivalTests, which sends such packets to a running endpoint.
    [Fact]
    public void Any_bytes_are_a_message_or_an_error()
    {
        var random = new Random(3162);
        var bytes = new byte[96];
        for (var i = 0; i < 200_000; i++)
        {
            var packet = bytes.AsSpan(0, random.Next(bytes.Length + 1));
            random.NextBytes(packet);
            if (packet.Length > 0 && i % 4 != 0)
            {
                packet[0] = (byte)(0x40 | (packet[0] & 0x33));
            }
            if (CoapDatagram.Parse(packet, out var read) == ParseError.None && !read.Code.IsEmpty)
            {
                Assert.True(read.ToMessage().Options.UriPath.Length > 0);
            }
        }
    }
}
