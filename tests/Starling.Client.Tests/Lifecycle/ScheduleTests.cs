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
        Assert.Equal([(60, false), (120, false), (240, false), (480, false), (960, true)], Take(retry, 5));
    }

    [Fact]
    public void Each_sequence_begins_with_the_first_delay()
    {
        var retry = New(attempts: 2, sequences: 2);
        Assert.Equal([(60, false), (86_400, false), (60, false), (120, true)], Take(retry, 4));
    }

    [Fact]
    public void Delays_of_a_registration_that_has_failed_double_on_up_to_the_one_between_sequences()
    {
        var delays = Take(New(attempts: 2, sequences: 1), 13).ToArray();
        Assert.Equal([60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 30_720, 61_440, 86_400, 86_400], delays.Select(d => d.Item1));
        Assert.All(delays[1..], d => Assert.True(d.Item2));
    }

    [Fact]
    public void Final_failure_is_the_end_of_all_sequences_and_delays_go_on_from_there()
    {
        var retry = New(attempts: 5, sequences: 3);
        Assert.Equal((60, false), Take(retry, 1).Single());
        Assert.Equal((TimeSpan.FromSeconds(120), true), retry.Next(isFinal: true));
        Assert.Equal([(240, true), (480, true)], Take(retry, 2));
    }

    [Fact]
    public void Without_a_first_delay_a_registration_that_has_failed_waits_all_the_same()
    {
        var retry = new RetrySchedule(3, TimeSpan.Zero, TimeSpan.FromSeconds(86_400), 1);
        Assert.Equal([(0, false), (0, false), (4, true), (8, true)], Take(retry, 4));
    }

    [Fact]
    public void Where_there_is_no_further_sequence_nothing_is_tried_behind_the_last_one()
    {
        var never = TimeSpan.FromDays(36_500);   // MAX_VALUE
        var retry = new RetrySchedule(2, TimeSpan.FromSeconds(60), never, 1);
        Assert.Equal([TimeSpan.FromSeconds(60), never, never], Enumerable.Range(0, 3).Select(_ => retry.Next().Delay));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void One_attempt_at_least(long attempts, long sequences) => Assert.Equal([(60, true), (120, true)], Take(New(attempts, sequences), 2));

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
