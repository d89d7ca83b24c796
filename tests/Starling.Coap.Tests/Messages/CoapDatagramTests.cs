namespace Starling.Coap.Tests;

/// <summary>What is a message and what is not (RFC 7252 §3, §4.2, §4.3).</summary>
public sealed class CoapDatagramTests
{
    // RFC 7252 figure 16 (appendix A): the bytes as they are printed there.
    [Fact]
    public void Request_of_appendix_a_is_read()
    {
        var bytes = Convert.FromHexString("40017d34" + "bb" + "74656d7065726174757265");
        Assert.Equal(ParseError.None, CoapDatagram.Parse(bytes, out var read));
        Assert.Equal((MessageType.Confirmable, CoapCode.Get, 0x7d34), (read.Type, read.Code, read.MessageId));
        Assert.Equal(default, read.Token);
        Assert.Equal("/temperature", read.ToMessage().Options.UriPath);
        Assert.True(read.Payload.IsEmpty);
    }

    [Fact]
    public void Response_of_appendix_a_is_read()
    {
        var bytes = Convert.FromHexString("60457d34" + "ff" + "32322e332043");
        Assert.Equal(ParseError.None, CoapDatagram.Parse(bytes, out var read));
        Assert.Equal((MessageType.Acknowledgement, CoapCode.Content, 0x7d34), (read.Type, read.Code, read.MessageId));
        Assert.Equal("22.3 C"u8, read.Payload);
    }

    // RFC 7252 figure 17.
    [Fact]
    public void Request_with_token_of_appendix_a_is_read()
    {
        var bytes = Convert.FromHexString("41017d3520" + "bb" + "74656d7065726174757265");
        Assert.Equal(ParseError.None, CoapDatagram.Parse(bytes, out var read));
        Assert.Equal(CoapToken.From([0x20]), read.Token);
        Assert.Equal("20", read.Token.ToString());
    }

    [Theory]
    [InlineData("", ParseError.TooShort)]
    [InlineData("40", ParseError.TooShort)]
    [InlineData("400100", ParseError.TooShort)]
    [InlineData("00010001", ParseError.Version)]
    [InlineData("80010001", ParseError.Version)]
    [InlineData("c0010001", ParseError.Version)]
    [InlineData("41010001", ParseError.TokenLength)]           // says one byte and has none
    [InlineData("4801000101020304050607", ParseError.TokenLength)]
    [InlineData("41000001", ParseError.TokenLength)]           // an empty message with a token length
    [InlineData("4100000101", ParseError.EmptyWithContent)]
    [InlineData("40000001ff", ParseError.EmptyWithContent)]
    [InlineData("60000001ff00", ParseError.EmptyWithContent)]
    [InlineData("50000001", ParseError.Code)]                  // an empty NON
    [InlineData("40200001", ParseError.Code)]                  // 1.00
    [InlineData("403f0001", ParseError.Code)]                  // 1.31
    [InlineData("40c00001", ParseError.Code)]                  // 6.00
    [InlineData("40e10001", ParseError.Code)]                  // 7.01: a signal of reliable transports
    [InlineData("60010001", ParseError.Code)]                  // an acknowledgement with a request
    [InlineData("70450001", ParseError.Code)]                  // a Reset with a response
    [InlineData("40010001ff", ParseError.EmptyPayload)]
    [InlineData("40010001b161ff", ParseError.EmptyPayload)]
    [InlineData("40010001f0", ParseError.OptionHeader)]        // delta 15 without being the marker
    [InlineData("400100010f", ParseError.OptionHeader)]        // length 15
    [InlineData("40010001d0", ParseError.OptionHeader)]
    [InlineData("40010001e001", ParseError.OptionHeader)]
    [InlineData("40010001b2" + "61", ParseError.OptionLength)]
    public void Malformed_datagram_is_told_by_name(string hex, ParseError error) =>
        Assert.Equal(error, CoapDatagram.Parse(Convert.FromHexString(hex), out _));

    [Theory]
    [InlineData("40000001", MessageType.Confirmable)]          // ping
    [InlineData("60000001", MessageType.Acknowledgement)]
    [InlineData("70000001", MessageType.Reset)]
    public void Empty_message_has_four_bytes(string hex, MessageType type)
    {
        Assert.Equal(ParseError.None, CoapDatagram.Parse(Convert.FromHexString(hex), out var read));
        Assert.Equal((type, CoapCode.Empty, 1), (read.Type, read.Code, read.MessageId));
    }

    [Fact]
    public void Error_keeps_type_and_message_id_for_the_reset()
    {
        Assert.Equal(ParseError.OptionHeader, CoapDatagram.Parse(Convert.FromHexString("5001abcdf0"), out var read));
        Assert.Equal((MessageType.NonConfirmable, 0xabcd), (read.Type, read.MessageId));
    }

    [Fact]
    public void Options_beyond_the_limit_are_refused()
    {
        var bytes = Convert.FromHexString("40010001" + string.Concat(Enumerable.Repeat("00", 65)));
        Assert.Equal(ParseError.TooManyOptions, CoapDatagram.Parse(bytes, out _));
        Assert.Equal(ParseError.None, CoapDatagram.Parse(bytes.AsSpan(0, 4 + 64), out _));
        Assert.Equal(ParseError.None, CoapDatagram.Parse(bytes, out _, maxOptions: 65));
    }

    [Fact]
    public void Message_shares_nothing_with_the_receive_buffer()
    {
        var bytes = Convert.FromHexString("41020001aa" + "b161" + "ff" + "0102");
        CoapDatagram.Parse(bytes, out var read);
        var message = read.ToMessage();
        Array.Fill(bytes, (byte)0xee);
        Assert.Equal("/a", message.Options.UriPath);
        Assert.Equal([1, 2], message.Payload.ToArray());
        Assert.Equal("aa", message.Token.ToString());
    }
}
