using System.Globalization;

namespace Starling.Lwm2m.Tests;

public class NotifyConditionTests
{
    private static readonly Lwm2mPath _path = new(3303, 0, 5700);

    // The examples that the standard publishes for gt, lt and st.
    [Theory]
    [InlineData("gt=45&st=10", 45, 50, true)]
    [InlineData("gt=45&st=10", 38, 49, true)]
    [InlineData("gt=45&st=10", 48, 42, true)]
    [InlineData("gt=45&st=10", 48, 55, false)]
    [InlineData("lt=20&gt=85&st=10", 75, 90, true)]
    [InlineData("lt=20&gt=85&st=10", 50, 10, true)]
    [InlineData("lt=20&gt=85&st=10", 87, 99, true)]
    [InlineData("lt=20&gt=85&st=10", 17, 24, true)]
    [InlineData("gt=10", 9, 10, false)]         // a threshold is passed, not reached
    [InlineData("gt=10", 10, 10.1, true)]
    [InlineData("gt=10", 11, 10, true)]
    [InlineData("gt=10", 11, 12, false)]
    [InlineData("lt=10", 10, 9.9, true)]
    [InlineData("lt=10", 11, 10, false)]
    [InlineData("lt=10", 9, 10, true)]
    [InlineData("lt=10", 8, 9, false)]
    [InlineData("st=1", 5, 5.9, false)]
    [InlineData("st=1", 5, 6, true)]
    [InlineData("st=1", 5, 4, true)]
    [InlineData("st=1", 5, 5, false)]
    [InlineData("pmin=1", 5, 5, false)]
    [InlineData("pmin=1", 5, 5.0001, true)]     // no condition on values: any change
    [InlineData("gt=-5", -6, -4, true)]
    public void Number_is_worth_telling_when_one_condition_is_met(string query, double last, double current, bool met) =>
        Assert.Equal(met, IsMet(query, last, current));

    [Fact]
    public void Distance_of_whole_numbers_is_exact()
    {
        Assert.True(IsMet("st=1", Lwm2mValue.Integer((1L << 53) + 1), Lwm2mValue.Integer(1L << 53)));
        Assert.True(IsMet("st=1e18", Lwm2mValue.Integer(long.MinValue), Lwm2mValue.Integer(long.MaxValue)));
        Assert.True(IsMet("st=1", Lwm2mValue.Unsigned(ulong.MaxValue), Lwm2mValue.Unsigned(ulong.MaxValue - 1)));
        Assert.False(IsMet("st=2", Lwm2mValue.Time(100), Lwm2mValue.Time(101)));
        Assert.True(IsMet("st=2", Lwm2mValue.Time(100), Lwm2mValue.Time(102)));
    }

    [Theory]
    [InlineData("pmin=1")]
    [InlineData("gt=1")]      // attached above an unknown resource: what is no number is told on any change
    public void What_is_no_number_is_worth_telling_when_it_changes(string query)
    {
        Assert.True(IsMet(query, true, false));
        Assert.False(IsMet(query, true, true));
        Assert.True(IsMet(query, "a", "b"));
        Assert.False(IsMet(query, "a", "a"));
        Assert.True(IsMet(query, new byte[] { 1 }, new byte[] { 2 }));
    }

    [Fact]
    public void Multiple_resource_is_judged_by_each_instance()
    {
        var condition = new NotifyCondition(_path);
        var attributes = Parse("gt=10");
        condition.Told(Set((_path.Append(0), 1), (_path.Append(1), 20)), TimeSpan.Zero);

        condition.Look(attributes, Set((_path.Append(0), 9), (_path.Append(1), 30)), TimeSpan.Zero);
        Assert.False(condition.IsPending);

        condition.Look(attributes, Set((_path.Append(0), 11), (_path.Append(1), 30)), TimeSpan.Zero);
        Assert.True(condition.IsPending);
    }

    [Fact]
    public void Instance_that_comes_goes_or_changes_its_number_is_worth_telling()
    {
        Assert.True(Changed(Set((_path.Append(0), 1), (_path.Append(1), 1))));
        Assert.True(Changed(Set()));
        Assert.True(Changed(Set((_path.Append(3), 1))));
        Assert.False(Changed(Set((_path.Append(0), 1))));

        bool Changed(RecordSet now)
        {
            var condition = new NotifyCondition(_path);
            condition.Told(Set((_path.Append(0), 1)), TimeSpan.Zero);
            condition.Look(Parse("st=5"), now, TimeSpan.Zero);
            return condition.IsPending;
        }
    }

    [Fact]
    public void Observed_instance_is_told_on_any_change_below_it()
    {
        var condition = new NotifyCondition(_path.Parent);
        condition.Told(Set((_path, 1)), TimeSpan.Zero);
        condition.Look(Parse("gt=100"), Set((_path, 2)), TimeSpan.Zero);

        Assert.True(condition.IsPending);
    }

    // Each line: attributes; what the value is at which second; when which value is told.
    [Theory]
    [InlineData("pmin=0", "0:1 5:2 5:2 9:3", "0:1 5:2 9:3")]
    [InlineData("pmin=10", "0:1 3:2 4:3 25:4", "0:1 10:3 25:4")]
    [InlineData("pmin=10", "0:1 3:2 4:1 30:1", "0:1 10:1")]                         // back again before pmin: told all the same
    [InlineData("pmin=10&pmax=60", "0:1 3:2 200:2", "0:1 10:2 70:2 130:2 190:2")]   // between 10 and 60 seconds after the last
    [InlineData("pmax=20", "0:1 15:2 40:2", "0:1 15:2 35:2")]                       // a notification begins pmax anew
    [InlineData("pmax=0", "0:1 90:1", "0:1")]
    [InlineData("pmin=30&pmax=10", "0:1 20:2 90:2", "0:1 30:2")]                    // pmax below pmin is void
    [InlineData("gt=45&pmin=5", "0:40 1:44 2:46 3:44 20:47 21:44 30:44", "0:40 5:44 20:47 25:44")]
    [InlineData("st=2", "0:10 1:11 2:12 3:13 4:14", "0:10 2:12 4:14")]              // the step counts from what was told
    [InlineData("st=2&pmax=10", "0:10 9:11 11:12 12:13", "0:10 10:11 12:13")]       // ... also by pmax
    public void Timeline_is_told_when_it_should(string query, string changes, string told) => Assert.Equal(told, Run(Parse(query), changes));

    // Attributes; what a truth is from look to look; at which of them it is worth telling.
    [Theory]
    [InlineData("edge=1", "0 1 0 1", "1 3")]
    [InlineData("edge=1", "1 0 1 1 0 1", "2 5")]     // fell untold, rose again
    [InlineData("edge=0", "0 1 0 1", "2")]
    [InlineData("edge=0", "1 0 0 1 1 0", "1 5")]
    [InlineData("pmin=0", "0 1 1 0", "1 3")]
    [InlineData("gt=1", "0 1 1 0", "1 3")]           // what is no number has no thresholds
    public void Edge_tells_one_direction_only(string query, string truths, string told)
    {
        var condition = new NotifyCondition(_path);
        var steps = truths.Split(' ').Select(t => t == "1").ToArray();
        condition.Told(Set((_path, steps[0])), TimeSpan.Zero);
        var found = new List<int>();
        for (var i = 1; i < steps.Length; i++)
        {
            condition.Look(Parse(query), Set((_path, steps[i])), TimeSpan.FromSeconds(i));
            if (condition.IsPending)
            {
                condition.Told(Set((_path, steps[i])), TimeSpan.FromSeconds(i));
                found.Add(i);
            }
        }
        Assert.Equal(told, string.Join(' ', found));
    }

    [Theory]
    [InlineData("pmin=5", true, 10.0)]
    [InlineData("pmin=5", false, null)]
    [InlineData("epmin=3", true, 13.0)]
    [InlineData("epmin=3&epmax=8", false, 18.0)]
    [InlineData("epmax=8", true, 10.0)]
    [InlineData("epmax=0", false, null)]
    public void Looks_keep_epmin_apart_and_epmax_together(string query, bool hasChanged, double? at)
    {
        var condition = new NotifyCondition(_path);
        condition.Told(Set((_path, 1)), TimeSpan.Zero);
        condition.Look(Parse(query), Set((_path, 1)), TimeSpan.FromSeconds(10));
        Assert.Equal(at is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue, condition.NextLook(Parse(query), hasChanged));
    }

    [Fact]
    public void What_is_to_be_told_is_not_looked_at_again()
    {
        var condition = new NotifyCondition(_path);
        condition.Told(Set((_path, 1)), TimeSpan.Zero);
        condition.Look(Parse("epmax=1"), Set((_path, 2)), TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.MaxValue, condition.NextLook(Parse("epmax=1"), hasChanged: true));
    }

    [Fact]
    public void Telling_puts_no_look_off()
    {
        var condition = new NotifyCondition(_path);
        condition.Told(Set((_path, 1)), TimeSpan.FromSeconds(1));
        condition.Told(Set((_path, 1)), TimeSpan.FromSeconds(9));
        Assert.Equal(TimeSpan.FromSeconds(11), condition.NextLook(Parse("epmin=10"), hasChanged: true));
    }

    [Fact]
    public void Lost_notification_is_due_again_after_pmin()
    {
        var condition = new NotifyCondition(_path);
        condition.Told(Set((_path, 1)), TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.MaxValue, condition.Due(NotificationAttributes.None));

        condition.Repeat();

        Assert.Equal(TimeSpan.FromSeconds(7), condition.Due(NotificationAttributes.None));
        Assert.Equal(TimeSpan.FromSeconds(10), condition.Due(Parse("pmin=3")));
    }

    [Fact]
    public void Notifications_keep_pmin_apart_and_pmax_together_whatever_happens()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var (pmin, pmax) = (random.Next(0, 10), random.Next(10, 30));
            var attributes = new NotificationAttributes { MinimumPeriod = pmin, MaximumPeriod = pmax, Step = random.Next(1, 4) };
            var changes = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"{i * 3}:{random.Next(0, 10)}"));
            var times = Run(attributes, changes).Split(' ').Select(t => int.Parse(t[..t.IndexOf(':')], CultureInfo.InvariantCulture)).ToArray();

            Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, pmin, pmax));
        }
    }

    /// <summary>Plays changes second by second, as an owner with a timer would.</summary>
    private static string Run(NotificationAttributes attributes, string changes)
    {
        var steps = changes.Split(' ').Select(c => c.Split(':')).Select(c => (At: int.Parse(c[0], CultureInfo.InvariantCulture), Value: double.Parse(c[1], CultureInfo.InvariantCulture))).ToArray();
        var condition = new NotifyCondition(_path);
        var value = steps[0].Value;
        var told = new List<string> { $"0:{value}" };
        condition.Told(Set((_path, value)), TimeSpan.Zero);
        for (var second = 0; second <= steps[^1].At; second++)
        {
            foreach (var step in steps.Where(s => s.At == second))
            {
                value = step.Value;
                condition.Look(attributes, Set((_path, value)), TimeSpan.FromSeconds(second));
            }
            if (condition.Due(attributes) <= TimeSpan.FromSeconds(second))
            {
                condition.Told(Set((_path, value)), TimeSpan.FromSeconds(second));
                told.Add(string.Create(CultureInfo.InvariantCulture, $"{second}:{value}"));
            }
        }
        return string.Join(' ', told);
    }

    private static bool IsMet(string query, Lwm2mValue last, Lwm2mValue current)
    {
        var condition = new NotifyCondition(_path);
        condition.Told(Set((_path, last)), TimeSpan.Zero);
        condition.Look(Parse(query), Set((_path, current)), TimeSpan.Zero);
        return condition.IsPending;
    }

    private static RecordSet Set(params (Lwm2mPath Path, Lwm2mValue Value)[] values) => new(values.Select(v => new Lwm2mRecord(v.Path, v.Value)));

    private static NotificationAttributes Parse(string query)
    {
        Assert.True(AttributeQuery.TryParse(query, out var attributes, out var error), error);
        return attributes;
    }
}
