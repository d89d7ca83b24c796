namespace Starling.Coap.Tests;

public sealed class NumberTests
{
    [Theory]
    [InlineData(0x00, "0.00", false, false)]
    [InlineData(0x01, "0.01", true, false)]
    [InlineData(0x1f, "0.31", true, false)]
    [InlineData(0x20, "1.00", false, false)]
    [InlineData(0x45, "2.05", false, true)]
    [InlineData(0x5f, "2.31", false, true)]
    [InlineData(0x84, "4.04", false, true)]
    [InlineData(0xa3, "5.03", false, true)]
    [InlineData(0xc0, "6.00", false, false)]
    [InlineData(0xe1, "7.01", false, false)]
    public void Code_is_class_and_detail(byte value, string text, bool request, bool response)
    {
        var code = new CoapCode(value);
        Assert.Equal((text, request, response), (code.ToString(), code.IsRequest, code.IsResponse));
        Assert.Equal(code, new CoapCode(code.Class, code.Detail));
        Assert.Equal(code.Class == 2, code.IsSuccess);
    }

    // RFC 7252 table 4 (§5.10) and §5.4.6: what the bits of the numbers say.
    [Theory]
    [InlineData(1, true, false, false)]
    [InlineData(3, true, true, false)]
    [InlineData(4, false, false, false)]
    [InlineData(11, true, true, false)]
    [InlineData(12, false, false, false)]
    [InlineData(14, false, true, false)]
    [InlineData(17, true, false, false)]
    [InlineData(20, false, false, false)]
    [InlineData(23, true, true, false)]
    [InlineData(28, false, false, true)]
    [InlineData(35, true, true, false)]
    [InlineData(60, false, false, true)]
    [InlineData(252, false, false, true)]
    [InlineData(258, false, true, false)]
    [InlineData(292, false, false, false)]
    public void Option_number_tells_how_to_treat_it(ushort number, bool critical, bool isUnsafe, bool noCacheKey)
    {
        var option = new OptionNumber(number);
        Assert.Equal((critical, isUnsafe, noCacheKey), (option.IsCritical, option.IsUnsafe, option.IsNoCacheKey && !option.IsUnsafe));
    }
}
