using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>What several formats can say they say alike: the same records through all of them are the same records.</summary>
public sealed class DifferentialTests
{
    private const int Rounds = 3000;

    [Fact]
    public void Records_are_the_same_through_every_format_that_can_say_them()
    {
        var (together, formats) = (0, new Dictionary<ContentFormat, int>());
        for (var seed = 0; seed < Rounds; seed++)
        {
            var (scope, records) = new RecordGenerator(seed).Next();
            var through = Through(scope, records).ToArray();
            Compare(seed, through);
            together += through.Length > 3 ? 1 : 0;
            foreach (var (format, _) in through)
            {
                formats[format] = formats.GetValueOrDefault(format) + 1;
            }
        }
        Assert.Equal(ContentCodecs.All.Count, formats.Count);
        Assert.True(together > Rounds / 2, $"only {together} were said in more than three formats");
    }

    [Fact]
    public void Containers_without_members_are_the_same_through_every_format_that_can_say_them()
    {
        foreach (var (path, most) in new[] { ("/42769", 5), ("/42769/0", 5), ("/42769/0/104", 5) })
        {
            var through = Through(Codec.Scope(path), [Codec.Record(path, Lwm2mValue.Empty)]).ToArray();
            Assert.Equal(most, through.Length);   // TLV, both SenML, both of LwM2M's own
            Compare(0, through);
        }
    }

    [Fact]
    public void Nulls_and_paths_are_the_same_in_both_formats_that_have_them()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var (scope, records) = new RecordGenerator(seed).Next();
            var kind = seed % 2 == 0 ? Lwm2mValue.Null : Lwm2mValue.None;
            records = [.. records.Where(r => r.Value.Kind != ValueKind.Empty).Select(r => new Lwm2mRecord(r.Path, kind))];
            var through = Through(scope, records).ToArray();
            Assert.Equal(records.Length == 0 || scope.OmitInstance ? 0 : 2, through.Count(t => t.Format.Value is 320 or 322));
            Compare(seed, [.. through.Where(t => t.Format.Value is 320 or 322)]);
        }
    }

    [Fact]
    public void Records_with_times_are_the_same_in_every_format_that_has_times()
    {
        Lwm2mRecord[] series = [.. Enumerable.Range(0, 50).Select(i => Codec.Record("/42769/0/6", 20 + (i / 4.0), Codec.Now.AddMilliseconds(-i * 12345)))];
        var through = Through(Codec.Scope("/42769/0"), series).ToArray();
        Assert.Equal([110, 112, 320, 322, 11543], through.Select(t => (int)t.Format.Value).Order());
        Compare(0, through);
        Assert.Equal(series, through[0].Read);
    }

    private static IEnumerable<(ContentFormat Format, RecordSet Read)> Through(CodecScope scope, Lwm2mRecord[] records)
    {
        foreach (var codec in ContentCodecs.All)
        {
            if (codec.CanEncode(scope, records))
            {
                yield return (codec.Format, Codec.Decode(codec.Format, scope, Codec.Encode(codec.Format, scope, records)));
            }
        }
    }

    private static void Compare(int seed, (ContentFormat Format, RecordSet Read)[] through)
    {
        for (var i = 1; i < through.Length; i++)
        {
            if (!through[0].Read.SequenceEqual(through[i].Read))
            {
                Assert.Fail($"seed {seed}: {through[0].Format} says {Codec.Show(through[0].Read)}, {through[i].Format} {Codec.Show(through[i].Read)}");
            }
        }
    }
}
