using FsCheck;
using FsCheck.Fluent;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

public class AttributeQueryTests
{
    [Fact]
    public void Attributes_are_read_from_the_options_of_a_request()
    {
        var options = TestRequest.Make(CoapCode.Put, "/3303/0/5700", "pmin=10&pmax=60&gt=42.5&lt=-3&st=1e-3").Options;

        Assert.True(AttributeQuery.TryParse(options, out var attributes, out _));
        Assert.Equal(
            new NotificationAttributes { MinimumPeriod = 10, MaximumPeriod = 60, GreaterThan = 42.5, LessThan = -3, Step = 0.001 }, attributes);
    }

    [Theory]
    [InlineData("pmin", AttributeNames.MinimumPeriod)]
    [InlineData("pmin=", AttributeNames.MinimumPeriod)]
    [InlineData("gt&lt=", AttributeNames.GreaterThan | AttributeNames.LessThan)]
    [InlineData("st", AttributeNames.Step)]
    [InlineData("pmax", AttributeNames.MaximumPeriod)]
    [InlineData("epmin&epmax=&hqmax", AttributeNames.MinimumEvaluationPeriod | AttributeNames.MaximumEvaluationPeriod | AttributeNames.HistoricalQueue)]
    [InlineData("edge&con=", AttributeNames.Edge | AttributeNames.Confirmable)]
    public void Name_without_value_unsets(string query, AttributeNames unset)
    {
        Assert.True(AttributeQuery.TryParse(query, out var attributes, out _));
        Assert.Equal(unset, attributes.Unset);
        Assert.Equal(AttributeNames.None, attributes.Names);
    }

    [Theory]
    [InlineData("", "not supported")]
    [InlineData("pmin=-1", "pmin")]
    [InlineData("pmin=1.5", "pmin")]
    [InlineData("pmin= 1", "pmin")]
    [InlineData("pmin=4294967296", "pmin")]
    [InlineData("pmax=ten", "pmax")]
    [InlineData("gt=NaN", "gt")]
    [InlineData("gt=Infinity", "gt")]
    [InlineData("gt=1e999", "gt")]
    [InlineData("gt=1e100", "gt")]
    [InlineData("st=1e-100", "st")]
    [InlineData("gt=1,5", "gt")]
    [InlineData("lt=0x10", "lt")]
    [InlineData("st=1 ", "st")]
    [InlineData("pmin=1&pmin=2", "pmin is told twice")]
    [InlineData("pmin&pmin=2", "pmin is told twice")]
    [InlineData("ver=1.0", "not supported")]
    [InlineData("dim=2", "not supported")]
    [InlineData("epmin=-2", "epmin")]
    [InlineData("epmax=1.5", "epmax")]
    [InlineData("hqmax=many", "hqmax")]
    [InlineData("edge=2", "edge")]
    [InlineData("edge=true", "edge")]
    [InlineData("con=-1", "con")]
    [InlineData("c.pmin=1", "not supported")]
    [InlineData("PMIN=2", "not supported")]
    public void Bad_attribute_is_named(string query, string named)
    {
        Assert.False(AttributeQuery.TryParse(query, out var attributes, out var error));
        Assert.Null(attributes);
        Assert.Contains(named, error);
    }

    [Fact]
    public void Request_without_attribute_or_with_an_endless_one_is_an_error()
    {
        Assert.False(AttributeQuery.TryParse(TestRequest.Make(CoapCode.Put, "/3").Options, out _, out var none));
        Assert.Equal("there is no attribute", none);
        Assert.False(AttributeQuery.TryParse(TestRequest.Make(CoapCode.Put, "/3", "gt=" + new string('1', 300)).Options, out _, out _));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(45, "45")]
    [InlineData(-3.5, "-3.5")]
    [InlineData(1e16, "10000000000000000")]
    [InlineData(-1.25e20, "-125000000000000000000")]
    [InlineData(1234567890123456.7, "1234567890123456.8")]
    [InlineData(double.Epsilon, null)]
    [InlineData(double.MaxValue, null)]
    [InlineData(1e-7, "0.0000001")]
    [InlineData(-1.5e-7, "-0.00000015")]
    public void Numbers_are_written_in_plain_decimal(double number, string? wanted)
    {
        var text = AttributeQuery.Plain(number);

        Assert.Equal(wanted ?? text, text);
        Assert.DoesNotContain('E', text);
        Assert.Equal(number, double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Every_finite_number_survives_plain_decimal()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<double>().Filter(double.IsFinite),
            number =>
            {
                var text = AttributeQuery.Plain(number);
                return !text.Contains('E') && double.Parse(text, System.Globalization.CultureInfo.InvariantCulture).Equals(number);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Theory]
    [InlineData("pmin=10&pmax=60&gt=42.5&lt=-3&st=0.5")]
    [InlineData("pmin&pmax=5&st")]
    [InlineData("gt=10000000000000000")]
    [InlineData("pmin=1&st=2&epmin=3&epmax=40&edge=1&con=0&hqmax=50")]
    [InlineData("epmin&epmax&edge=0&con=1&hqmax")]
    public void What_is_written_is_read_back(string query)
    {
        Assert.True(AttributeQuery.TryParse(query, out var attributes, out _));
        var options = new CoapOptionsBuilder();
        AttributeQuery.Add(ref options, attributes);

        Assert.Equal(query, options.Build().UriQuery);
        Assert.True(AttributeQuery.TryParse(options.Build(), out var again, out _));
        Assert.Equal(attributes, again);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e100)]
    public void Number_that_would_not_be_read_is_not_written(double number) => Assert.Throws<ArgumentException>(() =>
    {
        var options = new CoapOptionsBuilder();
        AttributeQuery.Add(ref options, new NotificationAttributes { GreaterThan = number });
    });

    [Fact]
    public void Pairs_are_those_that_are_set() =>
        Assert.Equal(
            ["pmin=1", "gt=2.5"],
            AttributeQuery.Pairs(new NotificationAttributes { MinimumPeriod = 1, GreaterThan = 2.5, Unset = AttributeNames.Step }).Select(p => $"{p.Key}={p.Value}"));
}
