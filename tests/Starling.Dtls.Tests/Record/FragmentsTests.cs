using System.Buffers.Binary;

namespace Starling.Dtls.Tests;

public sealed class FragmentsTests
{
    [Fact]
    public void Pieces_in_any_order_twice_and_overlapping_become_the_message()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var body = new byte[random.Next(1, 600)];
            random.NextBytes(body);
            var fragments = new Fragments(8192) { Next = 3 };
            Fragments.Piecework? whole = null;
            for (var tries = 0; whole is null; tries++)
            {
                Assert.InRange(tries, 0, 20_000);
                var offset = random.Next(body.Length);
                var count = random.Next(1, Math.Min(64, body.Length - offset) + 1);
                Assert.True(fragments.TryKeep(Piece(3, body, offset, count), false));
                fragments.TryTakeNext(out whole);
                whole = whole is { IsWhole: true } ? whole : null;
            }
            Assert.Equal(body, whole.Body);
            Assert.Equal(4, fragments.Next);
        }
    }

    [Fact]
    public void Piece_that_contradicts_an_earlier_one_is_refused()
    {
        var fragments = new Fragments(8192);
        var body = new byte[100];
        Assert.True(fragments.TryKeep(Piece(0, body, 0, 10), false));
        Assert.False(fragments.TryKeep(Piece(0, new byte[101], 10, 10), false));
        Assert.False(fragments.TryKeep(Piece(0, body, 10, 10, type: 16), false));
        Assert.False(fragments.TryKeep(Piece(0, body, 10, 10), true));
        Assert.True(fragments.TryKeep(Piece(0, body, 10, 10), false));
    }

    [Fact]
    public void What_is_too_large_or_too_far_ahead_or_too_much_is_refused()
    {
        var fragments = new Fragments(1024) { Next = 10 };
        Assert.False(fragments.TryKeep(Piece(10, new byte[1025], 0, 10), false));
        Assert.False(fragments.TryKeep(Piece(9, new byte[10], 0, 10), false));
        Assert.False(fragments.TryKeep(Piece(16, new byte[10], 0, 10), false));
        Assert.True(fragments.TryKeep(Piece(11, new byte[1000], 0, 1), false));
        Assert.False(fragments.TryKeep(Piece(12, new byte[100], 0, 1), false));   // together more than one message may be
        Assert.True(fragments.TryKeep(Piece(10, new byte[1024], 0, 1), false));   // the next one always has room
    }

    [Theory]
    [InlineData("0b00000a 0000 000000 00000b 0000000000000000000000")]   // longer than the message
    [InlineData("0b00000a 0000 000001 00000a 00000000000000000000")]     // beyond its end
    [InlineData("0b00000a 0000 00000a 000000")]                          // nothing of something
    [InlineData("0b00000a 0000 ffffff 00000a 00000000000000000000")]
    [InlineData("0bffffff 0000 000000 ffffff 00")]
    [InlineData("0b00000a 0000 000000 00000a 000000000000000000")]       // cut short
    [InlineData("0b00000a 0000 000000 0000")]
    [InlineData("0b")]
    public void Piece_whose_lengths_contradict_each_other_is_none(string hex)
    {
        ReadOnlySpan<byte> record = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.False(HandshakeFragment.TryTake(ref record, out _));
    }

    private static HandshakeFragment Piece(ushort sequence, byte[] body, int offset, int count, byte type = 11)
    {
        var bytes = new byte[HandshakeFragment.HeaderSize + count];
        HandshakeFragment.WriteHeader(bytes, (HandshakeType)type, body.Length, sequence, offset, count);
        body.AsSpan(offset, count).CopyTo(bytes.AsSpan(HandshakeFragment.HeaderSize));
        Assert.Equal(sequence, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(4)));
        ReadOnlySpan<byte> record = bytes;
        Assert.True(HandshakeFragment.TryTake(ref record, out var piece));
        return piece;
    }
}
