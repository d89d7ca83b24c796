using System.Buffers;
using Starling.Cbor;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

public sealed class Lwm2mCborCodecTests
{
    private static readonly ContentFormat _format = ContentFormat.Lwm2mCbor;

    // The specification's examples that are the shortest form of their content: read and written byte for byte.
    [Theory]
    [InlineData("/3/0/0", "a183030000744f70656e204d6f62696c6520416c6c69616e6365", "/3/0/0 String Open Mobile Alliance")]
    [InlineData("/3/0/6", "a183030006a200010105", "/3/0/6/0 Integer 1; /3/0/6/1 Integer 5")]
    [InlineData("/1/0", "a1820100a201187806f5", "/1/0/1 Integer 120; /1/0/6 Boolean true")]
    [InlineData("/", "a283010001183c8303000d1a6553f100", "/1/0/1 Integer 60; /3/0/13 Time 2023-11-14T22:13:20Z")]
    [InlineData("/2", "a1820205a4000501008202186600031865", "/2/5/0 Integer 5; /2/5/1 Integer 0; /2/5/2/102 Integer 0; /2/5/3 Integer 101")]
    [InlineData(
        "/1", "a101a200a7001865011a000151800219012c03191770051a0001518006f507615501a7001866011a000151800219025803191770051a0001518006f4076155",
        "/1/0/0 Integer 101; /1/0/1 Integer 86400; /1/0/2 Integer 300; /1/0/3 Integer 6000; /1/0/5 Integer 86400; /1/0/6 Boolean true; /1/0/7 String U; "
        + "/1/1/0 Integer 102; /1/1/1 Integer 86400; /1/1/2 Integer 600; /1/1/3 Integer 6000; /1/1/5 Integer 86400; /1/1/6 Boolean false; /1/1/7 String U")]
    public void Shortest_examples_are_read_and_written(string path, string hex, string records)
    {
        var read = Codec.DecodeHex(_format, Codec.Scope(path), hex);
        Assert.Equal(records, Codec.Show(read));
        Assert.Equal(hex, Codec.EncodeHex(_format, Codec.Scope(path), [.. read]));
    }

    // Other groupings of the same, some of them the specification's: read, and written no longer.
    [Theory]
    [InlineData("/3/0/0", "a103a100a100744f70656e204d6f62696c6520416c6c69616e6365", "/3/0/0 String Open Mobile Alliance")]
    [InlineData("/3/0/0", "bf9f030000ff6441434d45ff", "/3/0/0 String ACME")]
    [InlineData("/3/0/22", "a183030016a1006431363a30", "/3/0/22/0 ObjectLink 16:0")]
    [InlineData("/6/0", "a183060000fa422a0000", "/6/0/0 Float 42.5")]
    [InlineData("/3303/0", "a18319 0ce7 00 191644 fa422a0000", "/3303/0/5700 Float 42.5")]
    [InlineData("/", "a2820300a200744f70656e204d6f62696c6520416c6c69616e6365091864830100011a00015180", "/3/0/0 String Open Mobile Alliance; /3/0/9 Integer 100; /1/0/1 Integer 86400")]
    [InlineData("/", "a3 8303000901 03a18100a10a02 1803a100a1820600 03", "/3/0/9 Integer 1; /3/0/10 Integer 2; /3/0/6/0 Integer 3")]
    public void Other_groupings_are_read(string path, string hex, string records)
    {
        var read = Codec.DecodeHex(_format, Codec.Scope(path), hex);
        Assert.Equal(records, Codec.Show(read));
        Assert.True(Codec.Encode(_format, Codec.Scope(path), [.. read]).Length <= hex.Replace(" ", "", StringComparison.Ordinal).Length / 2);
    }

    [Fact]
    public void Device_instance_of_the_example_is_read_and_written_as_long()
    {
        const string hex = "a1820300ad00744f70656e204d6f62696c6520416c6c69616e636501764c69676874776569676874204d324d20436c69656e740269333435303030313233"
            + "0363312e3006a20001010507a200190ed80119138808a200187d011903840918640a0f0ba100000d1a5182428f0e662b30323a3030106155";
        var read = Codec.DecodeHex(_format, Codec.Scope("/3/0"), hex);
        Assert.Equal(16, read.Count);
        Assert.Equal(118, Codec.Encode(_format, Codec.Scope("/3/0"), [.. read]).Length);
    }

    [Fact]
    public void Create_that_leaves_its_number_open()
    {
        const string hex = "a1820219ffffa4000501008202186600031865";
        var read = Codec.DecodeHex(_format, Codec.Scope("/2"), hex);
        Assert.True(read.InstanceOmitted);
        Assert.Equal("/2/0/0 Integer 5; /2/0/1 Integer 0; /2/0/2/102 Integer 0; /2/0/3 Integer 101", Codec.Show(read));
        Assert.Equal(hex, Codec.EncodeHex(_format, Codec.Scope("/2", omitInstance: true), [.. read]));
    }

    [Theory]
    [InlineData("/", "", CodecErrorKind.Truncated)]
    [InlineData("/", "80", CodecErrorKind.Malformed)]
    [InlineData("/", "a0a0", CodecErrorKind.TrailingBytes)]
    [InlineData("/", "a2830300090183030009 02", CodecErrorKind.DuplicatePath)]
    [InlineData("/", "a28303000901820300a1 0901", CodecErrorKind.DuplicatePath)]
    [InlineData("/", "a2830300060184030006 0001", CodecErrorKind.Malformed)]
    [InlineData("/", "a18001", CodecErrorKind.Malformed)]
    [InlineData("/", "a1820300 01", CodecErrorKind.Path)]
    [InlineData("/", "a185030006000001", CodecErrorKind.Path)]
    [InlineData("/", "a18403000600a10001", CodecErrorKind.Path)]
    [InlineData("/", "a18319ffff000901", CodecErrorKind.Path)]
    [InlineData("/", "a12000", CodecErrorKind.Path)]
    [InlineData("/3/0", "a18301000101", CodecErrorKind.Path)]
    [InlineData("/", "a183030009f6", CodecErrorKind.Type)]
    [InlineData("/", "a1830300096161", CodecErrorKind.Type)]
    [InlineData("/", "a183030009820102", CodecErrorKind.Type)]
    [InlineData("/", "a163643031a0", CodecErrorKind.Unsupported)]
    [InlineData("/", "bbffffffffffffffff", CodecErrorKind.Truncated)]
    [InlineData("/2", "a2830219ffff000183020500 01", CodecErrorKind.Malformed)]
    public void Refused(string path, string hex, CodecErrorKind error) => Assert.Equal(error, Codec.ErrorOfHex(_format, Codec.Scope(path), hex));

    [Fact]
    public void Null_is_taken_only_for_a_resource_without_a_value() =>
        Assert.Equal("/3/0/9 Integer 100", Codec.Show(Codec.DecodeHex(_format, Codec.Scope("/3/0"), "a1820300a204f6091864")));

    [Theory]
    [InlineData("/3/0", "a0", "/3/0 Empty {}")]
    [InlineData("/2", "a0", "/2 Empty {}")]
    [InlineData("/", "a0", "")]
    [InlineData("/3/0", "a1820300a206a0091864", "/3/0/6 Empty {}; /3/0/9 Integer 100")]
    public void Containers_without_members(string path, string hex, string records) =>
        Assert.Equal(records, Codec.Show(Codec.DecodeHex(_format, Codec.Scope(path), hex)));

    [Fact]
    public void Every_grouping_of_the_same_records_is_the_same_and_none_is_shorter_than_ours()
    {
        for (var seed = 0; seed < 1500; seed++)
        {
            var (scope, records) = new RecordGenerator(seed).Next();
            if (scope.OmitInstance || !ContentCodecs.Find(_format)!.CanEncode(scope, records) || records is [{ Value.Kind: ValueKind.Empty }] or [])
            {
                continue;
            }
            var ours = Codec.Encode(_format, scope, records);
            var random = new Random(seed);
            for (var i = 0; i < 5; i++)
            {
                var output = new ArrayBufferWriter<byte>();
                var writer = new CborWriter(output);
                WriteAnyGrouping(ref writer, records, 0, random);
                writer.Flush();
                Assert.True(ours.Length <= output.WrittenCount, $"seed {seed}: {Convert.ToHexStringLower(output.WrittenSpan)} is shorter");
                Assert.Equal(records, Codec.Decode(_format, scope, output.WrittenSpan).OrderBy(r => r.Path));
            }
        }
    }

    // Groups by as many numbers as chance says, each group for itself.
    private static void WriteAnyGrouping(ref CborWriter writer, Lwm2mRecord[] records, int depth, Random random)
    {
        var groups = records.GroupBy(r => r.Path.Take(2)).SelectMany(g =>
        {
            var to = depth + random.Next(1, 5 - depth);
            return g.GroupBy(r => r.Path.Take(Math.Min(Math.Max(to, depth >= 2 ? depth + 1 : 2), r.Path.Depth)));
        }).ToArray();
        writer.WriteMap(groups.Length);
        foreach (var group in groups)
        {
            var length = group.Key.Depth - depth;
            if (length > 1 || random.Next(4) == 0)
            {
                writer.WriteArray(length);
            }
            for (var level = depth; level < group.Key.Depth; level++)
            {
                writer.WriteInteger(group.Key[level]);
            }
            if (group.First().Path == group.Key)
            {
                CborValue.Write(ref writer, group.First().Value);
            }
            else
            {
                WriteAnyGrouping(ref writer, [.. group], group.Key.Depth, random);
            }
        }
    }
}
