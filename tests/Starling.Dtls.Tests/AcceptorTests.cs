using System.Security.Cryptography;

namespace Starling.Dtls.Tests;

public sealed class AcceptorTests
{
    private static readonly byte[] _address = [127, 0, 0, 1, 0x16, 0x34];

    [Fact]
    public void Hello_without_a_cookie_costs_no_state_and_its_answer_is_shorter()
    {
        var hello = FirstHello();
        var output = new Collected();
        var result = Acceptor().Answer(hello, default, _address, 0, output);
        Assert.Equal((AcceptOutcome.Answered, null), (result.Outcome, result.Connection));
        Assert.InRange(Assert.Single(output.Datagrams).Length, 1, hello.Length - 1);
        Assert.Equal(hello[3..11], output.Datagrams[0][3..11]);    // the record's number is the hello's (RFC 6347 §4.2.1)
    }

    [Fact]
    public void Cookie_is_good_for_its_address_its_hello_and_its_time()
    {
        var acceptor = Acceptor();
        var second = WithCookie(acceptor, FirstHello(), 0);
        Assert.Equal(AcceptOutcome.Accepted, Outcome(acceptor, second, _address, 0));
        Assert.Equal(AcceptOutcome.Accepted, Outcome(acceptor, second, _address, 60_000));
        Assert.Equal(AcceptOutcome.Answered, Outcome(acceptor, second, [127, 0, 0, 1, 0x16, 0x35], 60_000));
        Assert.Equal(AcceptOutcome.Answered, Outcome(Acceptor(), second, _address, 0));
        Assert.Equal(AcceptOutcome.Answered, Outcome(acceptor, second, _address, 120_000));
        second = WithCookie(acceptor, FirstHello(), 120_000);
        second[30] ^= 1;    // the random
        Assert.Equal(AcceptOutcome.Answered, Outcome(acceptor, second, _address, 120_000));
    }

    [Fact]
    public void Unproven_address_never_gets_more_than_it_sent()
    {
        var acceptor = Acceptor();
        var random = new Random(3);
        var hello = FirstHello();
        var (bytesIn, bytesOut) = (0L, 0L);
        for (var i = 0; i < 20_000; i++)
        {
            var datagram = (byte[])hello.Clone();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                datagram[random.Next(datagram.Length)] = (byte)random.Next(256);
            }
            datagram = random.Next(3) == 0 ? datagram[..random.Next(datagram.Length + 1)] : datagram;
            var output = new Collected();
            Assert.NotEqual(AcceptOutcome.Accepted, acceptor.Answer(datagram, default, _address, i, output).Outcome);
            Assert.InRange(output.Bytes, 0, datagram.Length);
            (bytesIn, bytesOut) = (bytesIn + datagram.Length, bytesOut + output.Bytes);
        }
        Assert.InRange(bytesOut, 1, bytesIn);
    }

    [Fact]
    public void Hello_in_fragments_is_answered_by_its_first_and_then_put_together()
    {
        foreach (var size in (int[])[100, 70])
        {
            var pair = new DtlsPair();
            pair.Tamper = (toServer, datagram) => toServer && datagram[13] == 1 ? Fragmented(datagram, size) : datagram;
            pair.ServerSettings = pair.ServerSettings with { ConnectionIdLength = 4 };
            pair.Connect();
            Assert.True(pair.IsEstablished, $"{size}");
        }
    }

    [Fact]
    public void Fragment_that_does_not_reach_to_the_cookie_is_ignored()
    {
        var fragmented = Fragmented(FirstHello(), 20);
        Assert.Equal(AcceptOutcome.Ignored, Outcome(Acceptor(), fragmented, _address, 0));
    }

    private static DtlsAcceptor Acceptor() =>
        new(new DtlsSettings(), new DtlsOwnKeys { AcceptsPreSharedKeys = true }, new CookieKeys(RandomNumberGenerator.Create()));

    private static AcceptOutcome Outcome(DtlsAcceptor acceptor, byte[] datagram, byte[] address, long now) =>
        acceptor.Answer(datagram, default, address, now, new Collected()).Outcome;

    private static byte[] FirstHello()
    {
        var pair = new DtlsPair { Loss = 100 };
        pair.Connect();
        return pair.Log[0].Datagram;
    }

    // record(13) message(12) version(2) random(32) session_id(1) cookie(1): the cookie goes in, and four lengths grow.
    private static byte[] WithCookie(DtlsAcceptor acceptor, byte[] hello, long now)
    {
        var output = new Collected();
        acceptor.Answer(hello, default, _address, now, output);
        var cookie = output.Datagrams[0][28..];
        byte[] second = [.. hello[..60], (byte)cookie.Length, .. cookie, .. hello[61..]];
        second[12] += (byte)cookie.Length;
        second[16] += (byte)cookie.Length;
        second[24] += (byte)cookie.Length;
        return second;
    }

    // The hello's message in pieces of this size, in one datagram, each in a record of its own.
    private static byte[] Fragmented(byte[] datagram, int size)
    {
        var output = new List<byte>();
        var body = datagram[25..];
        for (var at = 0; at < body.Length; at += size)
        {
            var piece = body[at..Math.Min(body.Length, at + size)];
            var length = piece.Length + 12;
            byte[] record = [.. datagram[..10], (byte)(datagram[10] + (at / size)), (byte)(length >> 8), (byte)length, .. datagram[13..19], 0, 0, (byte)at, 0, 0, (byte)piece.Length, .. piece];
            output.AddRange(record);
        }
        return [.. output];
    }

    private sealed class Collected : IDtlsOutput
    {
        public List<byte[]> Datagrams { get; } = [];

        public int Bytes => Datagrams.Sum(d => d.Length);

        public void Emit(ReadOnlySpan<byte> datagram, PathId path) => Datagrams.Add(datagram.ToArray());
    }
}
