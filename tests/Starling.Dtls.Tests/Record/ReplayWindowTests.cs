namespace Starling.Dtls.Tests;

public sealed class ReplayWindowTests
{
    [Fact]
    public void Numbers_in_any_order_count_once()
    {
        var random = new Random(5);
        var window = new ReplayWindow();
        var (seen, newest) = (new HashSet<ulong>(), -1L);
        for (var i = 0; i < 20_000; i++)
        {
            var number = (ulong)Math.Max(0, newest + random.Next(-80, 5));
            var isFresh = !seen.Contains(number) && (newest < 0 || (long)number > newest - 64);
            Assert.Equal(isFresh, window.Allows(number));
            if (isFresh)
            {
                Assert.Equal((long)number > newest, window.Enter(number));
                seen.Add(number);
                newest = Math.Max(newest, (long)number);
            }
        }
    }

    [Fact]
    public void Window_that_comes_back_closed_takes_only_what_is_newer()
    {
        var window = ReplayWindow.ClosedAt(100);
        Assert.False(window.Allows(100) || window.Allows(99) || window.Allows(37) || window.Allows(0));
        Assert.True(window.Allows(101));
        window.Enter(103);
        Assert.False(window.Allows(102) || window.Allows(101) || window.Allows(100));   // recorded before the restart, perhaps
        window.Enter(104 + 4096);
        window.Enter(107 + 4096);
        Assert.True(window.Allows(105 + 4096) && window.Allows(106 + 4096) && !window.Allows(103 + 4096));
    }

    [Fact]
    public void Highest_number_is_taken()
    {
        var window = new ReplayWindow();
        Assert.True(window.Enter(RecordHeader.MaxSequence));
        Assert.False(window.Allows(RecordHeader.MaxSequence));
        Assert.True(window.Allows(RecordHeader.MaxSequence - 63) && !window.Allows(RecordHeader.MaxSequence - 64));
    }
}
