namespace Starling.Client.Tests;

public class ScheduleTests
{
    private static readonly TimeSpan _transmitWait = TimeSpan.FromSeconds(93);

    [Theory]
    [InlineData(86_400, 86_307)]
    [InlineData(300, 207)]
    [InlineData(187, 94)]
    [InlineData(186, 93)]
    [InlineData(60, 30)]
    [InlineData(1, 0.5)]
    public void Update_leaves_time_for_retransmissions_but_not_before_half_the_lifetime(long lifetime, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), UpdateSchedule.Interval(lifetime, _transmitWait));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Infinite_lifetime_needs_no_update(long lifetime) => Assert.Null(UpdateSchedule.Interval(lifetime, _transmitWait));

    [Fact]
    public void Delays_double_within_a_sequence_and_the_last_failure_says_so()
    {
        var retry = New(attempts: 5, sequences: 1);
        Assert.Equal([(60, false), (120, false), (240, false), (480, false), (86_400, true), (60, false)], Take(retry, 6));
    }

    [Fact]
    public void Each_sequence_begins_with_the_first_delay()
    {
        var retry = New(attempts: 2, sequences: 2);
        Assert.Equal([(60, false), (86_400, false), (60, false), (86_400, true), (60, false)], Take(retry, 5));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void One_attempt_at_least(long attempts, long sequences) => Assert.Equal([(86_400, true), (86_400, true)], Take(New(attempts, sequences), 2));

    [Fact]
    public void Endless_doubling_stays_within_a_year()
    {
        var retry = new RetrySchedule(1000, TimeSpan.FromSeconds(uint.MaxValue), TimeSpan.FromSeconds(1), 1);
        for (var i = 0; i < 999; i++)
        {
            Assert.InRange(retry.Next().Delay, TimeSpan.FromSeconds(1), TimeSpan.FromDays(365));
        }
    }

    private static RetrySchedule New(long attempts, long sequences) => new(attempts, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(86_400), sequences);

    private static IEnumerable<(int, bool)> Take(RetrySchedule retry, int count) =>
        Enumerable.Range(0, count).Select(_ => retry.Next()).Select(n => ((int)n.Delay.TotalSeconds, n.HasFailed));
}
