namespace Starling.Coap.Tests;

/// <summary>What is written is read as it was, and what is read is written as it was.</summary>
public sealed class MessagePropertyTests
{
    [Fact]
    public void Any_message_is_read_as_it_was_written()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var (type, id, token, message) = RandomMessage(random);
            var bytes = new byte[CoapWriter.SizeOf(message, token)];
            Assert.Equal(bytes.Length, CoapWriter.Write(bytes, type, id, token, message));
            Assert.True(CoapDatagram.Parse(bytes, out var read) == ParseError.None, $"seed {seed}");
            Assert.Equal((type, id, token, message.Code), (read.Type, read.MessageId, read.Token, read.Code));
            Assert.Equal(message.Options, read.ToMessage().Options);
            Assert.True(read.Payload.SequenceEqual(message.Payload.Span), $"seed {seed}");
        }
    }

    // There is more than one encoding of an option (13 + 0 may not be written as 13), so only the meaning survives.
    [Fact]
    public void Whatever_is_accepted_means_the_same_when_it_is_written_again()
    {
        var accepted = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var (type, id, token, message) = RandomMessage(random);
            var bytes = new byte[CoapWriter.SizeOf(message, token)];
            CoapWriter.Write(bytes, type, id, token, message);
            for (var i = random.Next(4); i >= 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            if (CoapDatagram.Parse(bytes, out var read) != ParseError.None || read.Code.IsEmpty)
            {
                continue;
            }
            accepted++;
            var copy = Rebuild(read.ToMessage());
            var again = new byte[CoapWriter.SizeOf(copy, read.Token)];
            CoapWriter.Write(again, read.Type, read.MessageId, read.Token, copy);
            Assert.True(CoapDatagram.Parse(again, out var second) == ParseError.None, $"seed {seed}");
            Assert.Equal((read.Type, read.Code, read.MessageId, read.Token), (second.Type, second.Code, second.MessageId, second.Token));
            Assert.Equal(List(read.ToMessage().Options), List(second.ToMessage().Options));
            Assert.True(read.Payload.SequenceEqual(second.Payload), $"seed {seed}");
        }
        Assert.InRange(accepted, 500, 3000);
    }

    [Fact]
    public void Cut_message_is_never_read_beyond_its_end()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var (type, id, token, message) = RandomMessage(new Random(seed));
            var bytes = new byte[CoapWriter.SizeOf(message, token)];
            CoapWriter.Write(bytes, type, id, token, message);
            for (var cut = 0; cut < bytes.Length; cut++)
            {
                if (CoapDatagram.Parse(bytes.AsSpan(0, cut), out var read) == ParseError.None)
                {
                    Assert.True(CoapDatagram.HeaderSize + read.Token.Length + read.Options.Length + read.Payload.Length <= cut, $"seed {seed}, cut {cut}");
                }
            }
        }
    }

    private static (MessageType Type, ushort Id, CoapToken Token, CoapMessage Message) RandomMessage(Random random)
    {
        var token = new byte[random.Next(CoapToken.MaxLength + 1)];
        random.NextBytes(token);
        var isRequest = random.Next(2) == 0;
        var code = isRequest ? new CoapCode(0, random.Next(1, 32)) : new CoapCode(random.Next(2, 6), random.Next(32));
        var type = (MessageType)random.Next(isRequest ? 2 : 3);
        var builder = new CoapOptionsBuilder();
        var number = 0;
        for (var i = random.Next(12); i > 0; i--)
        {
            number += random.Next(6) switch { 0 => 0, 1 => random.Next(13), 2 => 13, 3 => random.Next(13, 269), 4 => 269, _ => random.Next(269, 9000) };
            if (number > ushort.MaxValue)
            {
                break;
            }
            var value = new byte[random.Next(6) switch { 0 => 0, 1 => random.Next(13), 2 => 13, 3 => random.Next(269), 4 => 269, _ => random.Next(400) }];
            random.NextBytes(value);
            builder.Add(new OptionNumber((ushort)number), value);
        }
        var payload = new byte[random.Next(3) == 0 ? 0 : random.Next(1, 100)];
        random.NextBytes(payload);
        return (type, (ushort)random.Next(65536), CoapToken.From(token), new CoapMessage { Code = code, Options = builder.Build(), Payload = payload });
    }

    private static CoapMessage Rebuild(CoapMessage message)
    {
        var builder = new CoapOptionsBuilder();
        foreach (var option in message.Options)
        {
            builder.Add(option.Number, option.Value);
        }
        return message.With(builder.Build(), message.Payload);
    }

    private static List<string> List(CoapOptions options)
    {
        List<string> list = [];
        foreach (var option in options)
        {
            list.Add($"{option.Number.Value}={Convert.ToHexStringLower(option.Value)}");
        }
        return list;
    }
}
