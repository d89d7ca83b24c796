using System.Buffers;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>What a payload of usual size costs in room: a Device instance of thirteen resources.</summary>
public sealed class CodecAllocationTests
{
    private static readonly string[] _texts = ["Open Mobile Alliance", "Lightweight M2M Client", "345000123", "1.0", "+02:00", "Europe/Paris", "U"];

    private static readonly Lwm2mRecord[] _device =
    [
        .. _texts[..4].Select((text, i) => Codec.Record($"/3/0/{i}", text)),
        Codec.Record("/3/0/6/0", 1), Codec.Record("/3/0/6/1", 5), Codec.Record("/3/0/7/0", 3800), Codec.Record("/3/0/7/1", 5000), Codec.Record("/3/0/8/0", 125), Codec.Record("/3/0/8/1", 900),
        Codec.Record("/3/0/9", 100), Codec.Record("/3/0/10", 15), Codec.Record("/3/0/11/0", 0), Codec.Record("/3/0/13", Lwm2mValue.Time(1367491215)),
        .. _texts[4..].Select((text, i) => Codec.Record($"/3/0/{14 + i}", text)),
    ];

    public static TheoryData<int> Formats => [112, 11544, 11542, 110];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Writing_allocates_nothing(int number)
    {
        var codec = ContentCodecs.Find(new ContentFormat((ushort)number))!;
        var output = new ArrayBufferWriter<byte>(1024);
        Assert.Equal(0, Least(() =>
        {
            output.ResetWrittenCount();
            codec.Encode(Codec.Scope("/3/0"), _device, output);
        }));
    }

    // Into a set that is there: one array for the records, with some room to spare, and one for all texts.
    [Theory]
    [InlineData(112)]
    [InlineData(11544)]
    public void Reading_allocates_twice(int number)
    {
        var codec = ContentCodecs.Find(new ContentFormat((ushort)number))!;
        var scope = Codec.Scope("/3/0");
        var bytes = Codec.Encode(codec.Format, scope, _device);
        RecordSet? read = null;
        object? kept = null;
        var texts = Least(() => kept = new byte[bytes.Length]);
        var set = Least(() => kept = new RecordSet());
        var array = Least(() => kept = new Lwm2mRecord[_device.Length * 3 / 2]);
        var all = Least(() =>
        {
            read = [];
            codec.Decode(scope, bytes, read);
        });
        Assert.Equal(_device, read);
        Assert.NotNull(kept);
        Assert.InRange(all, texts + set, texts + set + array);
    }

    private static long Least(Action action)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
