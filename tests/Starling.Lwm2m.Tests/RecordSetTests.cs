namespace Starling.Lwm2m.Tests;

public sealed class RecordSetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(100)]
    public void Records_stay_in_order(int count)
    {
        var records = Enumerable.Range(0, count).Select(i => new Lwm2mRecord(new Lwm2mPath(3, 0, i), i)).ToArray();
        var set = new RecordSet(records);
        Assert.Equal(count, set.Count);
        Assert.Equal(records, set);
        Assert.Equal(records, set.AsSpan().ToArray());
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(records[i], set[i]);
            Assert.Equal(i, set.Find(new Lwm2mPath(3, 0, i))!.Value.AsInteger());
        }
        Assert.Null(set.Find(new Lwm2mPath(4)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Cleared_set_takes_others(int count)
    {
        var set = new RecordSet();
        for (var i = 0; i < count; i++)
        {
            set.Add(new Lwm2mPath(3, 0, i), i);
        }
        set.InstanceOmitted = true;
        set.Clear();
        Assert.Empty(set);
        Assert.False(set.InstanceOmitted);
        set.Add(new Lwm2mPath(3, 0, 9), 7);
        set.Add(new Lwm2mPath(3, 0, 10), 8);
        Assert.Equal([7L, 8L], set.Select(r => r.Value.AsInteger()));
    }

    [Fact]
    public void Shared_empty_set_stays_empty() =>
        Assert.Throws<InvalidOperationException>(() => RecordSet.None.Add(new Lwm2mPath(3, 0, 0), 1));

    [Fact]
    public void Index_beyond_the_end_is_the_callers_error() => Assert.Throws<IndexOutOfRangeException>(() => new RecordSet()[0]);

    [Fact]
    public void One_record_costs_one_object()
    {
        var record = new Lwm2mRecord(new Lwm2mPath(3, 0, 9), 100);
        _ = new RecordSet();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var set = new RecordSet();
        set.Add(record);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 128);
        Assert.Single(set);
    }
}
