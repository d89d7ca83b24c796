using System.Net;
using System.Net.Sockets;

namespace Starling.Transports.Tests;

public sealed class UdpAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:5683")]
    [InlineData("255.1.2.3:65535")]
    [InlineData("[::1]:1")]
    [InlineData("[2001:db8::ff00:42:8329]:5683")]
    [InlineData("[fe80::1%7]:5683")]
    public void Address_survives_the_systems_form(string text)
    {
        var endPoint = IPEndPoint.Parse(text);
        var key = UdpAddress.From(endPoint.Address, endPoint.Port);
        foreach (var isV6 in endPoint.AddressFamily == AddressFamily.InterNetworkV6 ? new[] { true } : [true, false])
        {
            var bytes = new byte[32];
            var size = key.Write(bytes, isV6);
            Assert.True(UdpAddress.TryRead(bytes.AsSpan(0, size), isV6, out var again));
            Assert.Equal(key, again);
            Assert.Equal(text, again.ToString());
        }
    }

    [Fact]
    public void Systems_form_is_that_of_the_framework()
    {
        foreach (var text in new[] { "10.1.2.3:4567", "[fe80::5%3]:4567" })
        {
            var endPoint = IPEndPoint.Parse(text);
            var expected = endPoint.Serialize();
            var bytes = new byte[expected.Size];
            expected.Buffer.Span[..2].CopyTo(bytes);
            UdpAddress.From(endPoint.Address, endPoint.Port).Write(bytes, endPoint.AddressFamily == AddressFamily.InterNetworkV6);
            Assert.Equal(expected.Buffer[..expected.Size].ToArray(), bytes);
        }
    }

    [Theory]
    [InlineData(false, "02000000 7f000001 0000000000000000")]
    [InlineData(false, "0200 1633 7f0000")]
    [InlineData(true, "0a00 1633 00000000 0000")]
    [InlineData(true, "")]
    public void Short_address_or_port_zero_is_refused(bool isV6, string hex) =>
        Assert.False(UdpAddress.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), isV6, out _));

    [Fact]
    public void Local_address_is_part_of_the_key()
    {
        var key = UdpAddress.From(IPAddress.Parse("fe80::1%9"), 65535);
        var with = key.WithLocal(65535);
        Assert.NotEqual(key, with);
        Assert.Equal((65535, 9u, 65535), (with.Port, with.Scope, with.Local));
        Assert.Equal(key, with.WithLocal(0));
    }

    [Theory]
    [InlineData(false, "127.0.0.9")]
    [InlineData(true, "127.0.0.9")]
    [InlineData(true, "2001:db8::7")]
    public void Control_message_tells_the_address_that_was_written(bool isV6, string text)
    {
        var address = UdpAddress.From(IPAddress.Parse(text), 0);
        var control = new byte[PacketAddress.Size];
        var size = PacketAddress.Write(control, isV6, address.High, address.Low);
        Assert.True(PacketAddress.TryRead(control.AsSpan(0, size), isV6, out var high, out var low));
        Assert.Equal((address.High, address.Low), (high, low));
    }

    [Theory]
    [InlineData("224.0.1.187")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::fd")]
    public void Group_is_no_address_to_answer_from(string text)
    {
        var address = UdpAddress.From(IPAddress.Parse(text), 0);
        var control = new byte[PacketAddress.Size];
        var size = PacketAddress.Write(control, isV6: true, address.High, address.Low);
        Assert.False(PacketAddress.TryRead(control.AsSpan(0, size), isV6: true, out _, out _));
    }

    [Fact]
    public void Control_bytes_of_any_kind_are_read_to_their_end()
    {
        var random = new Random(20300102);
        for (var i = 0; i < 20_000; i++)
        {
            var control = new byte[random.Next(PacketAddress.Size + 1)];
            random.NextBytes(control);
            if (control.Length > 12 && random.Next(2) == 0)
            {
                BitConverter.TryWriteBytes(control, (ulong)random.Next(48));
            }
            PacketAddress.TryRead(control, random.Next(2) == 0, out _, out _);
        }
        var behindAnother = new byte[64];
        BitConverter.TryWriteBytes(behindAnother, 20UL);
        var size = PacketAddress.Write(behindAnother.AsSpan(24), isV6: false, 0, 0xffff_7f000001);
        Assert.True(PacketAddress.TryRead(behindAnother.AsSpan(0, 24 + size), isV6: false, out _, out var low));
        Assert.Equal(0xffff_7f000001ul, low);
    }

    [Fact]
    public async Task Local_addresses_have_stable_numbers_up_to_their_limit()
    {
        var counters = new UdpCounters();
        var locals = new LocalAddresses(3, counters);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                locals.NumberOf(0, (ulong)(i % 3));
            }
        })));
        Assert.Equal([1, 2, 3], new ulong[] { 0, 1, 2 }.Select(low => (int)locals.NumberOf(0, low)).Order());
        Assert.Equal((0, 0), (locals.NumberOf(0, 9), locals.NumberOf(1, 0)));
        Assert.Equal((3, 2), (locals.Count, counters.LocalRefused));
        Assert.Equal((0ul, 2ul), locals[locals.NumberOf(0, 2)]);
    }
}
