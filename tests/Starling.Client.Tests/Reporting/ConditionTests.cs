using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class ConditionTests
{
    private static readonly Lwm2mPath _level = new(3, 0, 9);

    // The published examples of LwM2M Core 1.2 §7.3.2, and the crossings between them.
    [Theory]
    [InlineData(45.0, null, 10.0, 45, 50, true)]
    [InlineData(45.0, null, 10.0, 38, 49, true)]
    [InlineData(45.0, null, 10.0, 48, 42, true)]
    [InlineData(45.0, null, 10.0, 48, 55, false)]
    [InlineData(85.0, 20.0, 10.0, 75, 90, true)]
    [InlineData(85.0, 20.0, 10.0, 50, 10, true)]
    [InlineData(85.0, 20.0, 10.0, 87, 99, true)]
    [InlineData(85.0, 20.0, 10.0, 17, 24, true)]
    [InlineData(85.0, 20.0, null, 30, 80, false)]
    [InlineData(85.0, null, null, 85, 85, false)]
    [InlineData(85.0, null, null, 85, 86, true)]
    [InlineData(null, 20.0, null, 20, 19, true)]
    [InlineData(null, null, 5.0, 20, 24, false)]
    [InlineData(null, null, 5.0, 20, 25, true)]
    [InlineData(null, null, 5.0, 20, 15, true)]
    [InlineData(null, null, null, 20, 20, false)]
    [InlineData(null, null, null, 20, 21, true)]
    public void Number_is_told_when_a_condition_is_met(double? gt, double? lt, double? st, int last, int now, bool isTold)
    {
        var attributes = new NotificationAttributes { GreaterThan = gt, LessThan = lt, Step = st };
        Assert.Equal(isTold, Condition.IsMet(attributes, _level, Of((_level, last)), Of((_level, now))));
    }

    [Fact]
    public void Conditions_on_values_mean_nothing_above_resources()
    {
        var attributes = new NotificationAttributes { Step = 100 };
        Assert.True(Condition.IsMet(attributes, new(3, 0), Of((_level, 1)), Of((_level, 2))));
    }

    [Fact]
    public void Other_instances_are_news()
    {
        var attributes = new NotificationAttributes { Step = 100 };
        var path = new Lwm2mPath(9000, 0, 9);
        Assert.True(Condition.IsMet(attributes, path, Of((path.Append(0), 1)), Of((path.Append(0), 1), (path.Append(1), 1))));
        Assert.True(Condition.IsMet(attributes, path, Of((path.Append(0), 1)), Of((path.Append(1), 1))));
        Assert.False(Condition.IsMet(attributes, path, Of((path.Append(0), 1)), Of((path.Append(0), 99))));
    }

    [Fact]
    public void Every_change_of_text_is_news()
    {
        Assert.True(Condition.IsMet(NotificationAttributes.None, new(3, 0, 0), Of((new(3, 0, 0), "a")), Of((new(3, 0, 0), "b"))));
        Assert.False(Condition.IsMet(NotificationAttributes.None, new(3, 0, 0), Of((new(3, 0, 0), "a")), Of((new(3, 0, 0), "a"))));
    }

    private static RecordSet Of(params (Lwm2mPath Path, Lwm2mValue Value)[] records) => new(records.Select(r => new Lwm2mRecord(r.Path, r.Value)));
}
