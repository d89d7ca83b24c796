namespace Starling.Coap.Tests;

public sealed class BlockOptionTests
{
    // RFC 7959 §2.2: the size is 2**(SZX + 4).
    [Theory]
    [InlineData(0x00u, 0, false, 16)]
    [InlineData(0x0eu, 0, true, 1024)]
    [InlineData(0x06u, 0, false, 1024)]
    [InlineData(0x32u, 3, false, 64)]
    [InlineData(0xfffffdu, BlockOption.MaxNumber, true, 512)]
    public void Value_is_number_more_and_size(uint value, int number, bool more, int size)
    {
        var block = new BlockOption(value);
        Assert.Equal((number, more, size), (block.Number, block.More, block.Size));
        Assert.Equal((long)number * size, block.Offset);
        Assert.Equal(block, new BlockOption(number, more, block.Exponent));
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(16, 16)]
    [InlineData(31, 16)]
    [InlineData(32, 32)]
    [InlineData(63, 32)]
    [InlineData(512, 512)]
    [InlineData(1023, 512)]
    [InlineData(1024, 1024)]
    [InlineData(int.MaxValue, 1024)]
    public void Exponent_is_of_the_largest_block_that_fits(int room, int size) =>
        Assert.Equal(size, 16 << BlockOption.ExponentFor(room));
}
