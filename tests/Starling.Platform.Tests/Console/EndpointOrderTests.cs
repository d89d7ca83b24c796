namespace Starling.Platform.Tests;

public sealed class EndpointOrderTests
{
    [Theory]
    [InlineData("demo-2", "demo-10")]
    [InlineData("demo-9", "demo-10")]
    [InlineData("demo", "demo-1")]
    [InlineData("", "a")]
    [InlineData("a", "B")]
    [InlineData("9a", "a9")]
    [InlineData("line-2-meter-11", "line-2-meter-101")]
    [InlineData("x99999999999999999999999999", "x100000000000000000000000000")]
    public void Numbers_in_names_count_as_numbers(string first, string second)
    {
        Assert.True(EndpointOrder.Natural.Compare(first, second) < 0);
        Assert.True(EndpointOrder.Natural.Compare(second, first) > 0);
    }

    [Theory]
    [InlineData("a-01", "a-1")]
    [InlineData("METER", "meter")]
    [InlineData("٣", "3")]
    public void Names_that_are_alike_are_not_the_same(string one, string other)
    {
        var order = Math.Sign(EndpointOrder.Natural.Compare(one, other));
        Assert.NotEqual(0, order);
        Assert.Equal(-order, Math.Sign(EndpointOrder.Natural.Compare(other, one)));
    }

    [Fact]
    public void Order_is_one_whichever_way_names_come()
    {
        var chance = new Random(7);
        string[] names = [.. Enumerable.Range(0, 400).Select(_ => string.Concat(Enumerable.Range(0, chance.Next(6)).Select(_ => "a0b19-"[chance.Next(6)]))).Distinct()];
        var sorted = names.Order(EndpointOrder.Natural).ToArray();
        for (var round = 0; round < 5; round++)
        {
            chance.Shuffle(names);
            Assert.Equal(sorted, names.Order(EndpointOrder.Natural));
        }
    }
}
