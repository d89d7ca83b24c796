using Starling.Coap;

namespace Starling.Lwm2m.Tests;

public sealed class SenmlCborCodecTests
{
    private static readonly ContentFormat _cbor = ContentFormat.SenmlCbor;

    // The read of /3/0 that the specification prints.
    private const string Device =
        "90a321652f332f302f00613003744f70656e204d6f62696c6520416c6c69616e6365a200613103764c69676874776569676874204d324d20436c69656e74"
        + "a20061320369333435303030313233a20061330363312e30a20063362f300201a20063362f310205a20063372f3002190ed8a20063372f3102191388a200"
        + "63382f3002187da20063382f3102190384a2006139021864a200623130020fa2006431312f300200a200623133021a5182428fa20062313403662b30323a"
        + "3030a200623136036155";

    private static readonly Lwm2mRecord[] _device =
    [
        Codec.Record("/3/0/0", "Open Mobile Alliance"),
        Codec.Record("/3/0/1", "Lightweight M2M Client"),
        Codec.Record("/3/0/2", "345000123"),
        Codec.Record("/3/0/3", "1.0"),
        Codec.Record("/3/0/6/0", 1),
        Codec.Record("/3/0/6/1", 5),
        Codec.Record("/3/0/7/0", 3800),
        Codec.Record("/3/0/7/1", 5000),
        Codec.Record("/3/0/8/0", 125),
        Codec.Record("/3/0/8/1", 900),
        Codec.Record("/3/0/9", 100),
        Codec.Record("/3/0/10", 15),
        Codec.Record("/3/0/11/0", 0),
        Codec.Record("/3/0/13", Lwm2mValue.Time(1367491215)),
        Codec.Record("/3/0/14", "+02:00"),
        Codec.Record("/3/0/16", "U"),
    ];

    [Fact]
    public void Device_instance_of_the_example()
    {
        Assert.Equal(_device, Codec.DecodeHex(_cbor, Codec.Scope("/3/0"), Device));
        Assert.Equal(Device, Codec.EncodeHex(_cbor, Codec.Scope("/3/0"), _device));
        Assert.Equal(196, Device.Length / 2);
    }

    [Fact]
    public void Object_link_of_the_example()
    {
        const string hex = "81a321682f332f302f32322f00613063766c6f6431363a30";
        var record = Codec.Record("/3/0/22/0", Lwm2mValue.ObjectLink(new ObjectLink(16, 0)));
        Assert.Equal([record], Codec.DecodeHex(_cbor, Codec.Scope("/3/0/22"), hex));
        Assert.Equal(hex, Codec.EncodeHex(_cbor, Codec.Scope("/3/0/22"), record));
    }

    [Fact]
    public void Names_across_objects_of_the_example()
    {
        const string hex = "83a321612f0065312f302f32021865a20065312f302f3604f5a20066332f302f31330200";
        Lwm2mRecord[] records = [Codec.Record("/1/0/2", 101), Codec.Record("/1/0/6", true), Codec.Record("/3/0/13", Lwm2mValue.Time(0))];
        Assert.Equal(records, Codec.DecodeHex(_cbor, Codec.Scope("/"), hex));
        Assert.Equal(hex, Codec.EncodeHex(_cbor, Codec.Scope("/"), records));
    }

    [Fact]
    public void Single_resource_is_its_base_name()
    {
        var record = Codec.Record("/3303/0/5700", 21.5);
        const string hex = "81a2216c2f333330332f302f3537303002f94d60";
        Assert.Equal(hex, Codec.EncodeHex(_cbor, Codec.Scope("/3303/0/5700"), record));
        Assert.Equal([record], Codec.DecodeHex(_cbor, Codec.Scope("/3303/0/5700"), hex));
    }

    [Fact]
    public void Fields_in_any_order_and_of_any_length_are_taken()
    {
        // indefinite array and map, value before name before base name, numbers longer than needed
        var read = Codec.DecodeHex(_cbor, Codec.Scope("/3/0"), "9f bf 1802 1a00000064 00 6139 3801 652f332f302f ff ff");
        Assert.Equal([Codec.Record("/3/0/9", 100)], read);
    }

    [Fact]
    public void Names_and_values_in_chunks_are_taken()
    {
        var read = Codec.DecodeHex(_cbor, Codec.Scope("/3/0"), "81 a3 21 7f632f332f62302fff 00 7f606130ff 03 7f614f616bff");
        Assert.Equal([Codec.Record("/3/0/0", "Ok")], read);
    }

    [Theory]
    [InlineData("/3", true)]
    [InlineData("/3/0", false)]
    [InlineData("/3/0/6", false)]
    public void Pack_without_records_is_a_path_without_members(string path, bool isOmitted)
    {
        foreach (var hex in new[] { "80", "9fff" })
        {
            var read = Codec.DecodeHex(_cbor, Codec.Scope(path), hex);
            Assert.Equal([Codec.Record(path, Lwm2mValue.Empty)], read);
            Assert.Equal(isOmitted, read.InstanceOmitted);
            Assert.Equal("80", Codec.EncodeHex(_cbor, Codec.Scope(path), [.. read]));
        }
        Assert.Empty(Codec.DecodeHex(_cbor, Codec.Scope("/"), "80"));
        Assert.Equal("80", Codec.EncodeHex(_cbor, Codec.Scope(path)));
    }

    [Theory]
    [InlineData("80 00", CodecErrorKind.TrailingBytes)]
    [InlineData("", CodecErrorKind.Truncated)]
    [InlineData("81", CodecErrorKind.Truncated)]
    [InlineData("9f", CodecErrorKind.Truncated)]
    [InlineData("a0", CodecErrorKind.Malformed)]
    [InlineData("8100", CodecErrorKind.Malformed)]
    [InlineData("81a2 0065332f302f39 02f7", CodecErrorKind.Type)]                        // undefined
    [InlineData("81a2 0065332f302f39 02f6", CodecErrorKind.Type)]                        // null is for patch packs
    [InlineData("81a1 00672f332f302f39", CodecErrorKind.Truncated)]
    [InlineData("81a1 00662f332f302f39", CodecErrorKind.Malformed)]                      // a name without a value
    [InlineData("81a3 00662f332f302f39 0201 0202", CodecErrorKind.Malformed)]            // two values
    [InlineData("81a3 00662f332f302f39 0201 036161", CodecErrorKind.Malformed)]
    [InlineData("81a3 00662f332f302f39 00662f332f302f39 0201", CodecErrorKind.Malformed)]
    [InlineData("81a2 00662f332f302f39 036161", CodecErrorKind.Type)]                    // text for an integer
    [InlineData("81a2 00662f332f302f39 026161", CodecErrorKind.Type)]                    // text in v
    [InlineData("81a2 00662f332f302f39 04f5", CodecErrorKind.Type)]
    [InlineData("81a2 00662f332f302f39 02f93e00", CodecErrorKind.Type)]                  // 1.5 for an integer
    [InlineData("81a2 00662f332f302f39 021bffffffffffffffff", CodecErrorKind.Type)]
    [InlineData("81a2 00662f332f302f39 023bffffffffffffffff", CodecErrorKind.Type)]
    [InlineData("81a2 00662f332f302f39 02c249010000000000000000", CodecErrorKind.Unsupported)]
    [InlineData("81a2 00662f332f312f39 0201", CodecErrorKind.Path)]                      // outside /3/0
    [InlineData("81a2 00642f332f30 0201", CodecErrorKind.Path)]                          // an instance has no value
    [InlineData("81a2 00682f332f302f2f39 0201", CodecErrorKind.Truncated)]
    [InlineData("81a2 00672f332f302f2f39 0201", CodecErrorKind.Path)]
    [InlineData("81a2 006a2f332f302f3635353335 0201", CodecErrorKind.Path)]
    [InlineData("81a3 200b 00662f332f302f39 0201", CodecErrorKind.Unsupported)]          // bver 11
    [InlineData("81a3 2401 00662f332f302f39 0201", CodecErrorKind.Unsupported)]          // bv would be added
    [InlineData("81a3 00662f332f302f39 0201 62785f00", CodecErrorKind.Unsupported)]      // x_ must be understood
    [InlineData("81a3 00662f332f302f39 0201 06f97e00", CodecErrorKind.Malformed)]        // NaN is no time
    [InlineData("81a3 00662f332f302f39 0201 061b7fffffffffffffff", CodecErrorKind.Malformed)]
    [InlineData("81a3 00662f332f302f39 0201 0a8181818181818181818181818181818181818100", CodecErrorKind.Limit)]
    public void Pack_that_is_wrong_is_refused(string hex, CodecErrorKind error) =>
        Assert.Equal(error, Codec.ErrorOfHex(_cbor, Codec.Scope("/3/0"), hex));

    [Fact]
    public void Fields_that_are_not_known_are_read_over()
    {
        var read = Codec.DecodeHex(_cbor, Codec.Scope("/3/0"), "81 a7 200a 016156 1863820102 6178a10100 00662f332f302f39 021864 0705");
        Assert.Equal([Codec.Record("/3/0/9", 100)], read);
    }

    [Fact]
    public void Times_in_tags_are_taken()
    {
        var time = Lwm2mValue.Time(1363896240);
        foreach (var value in new[] { "c11a514b67b0", "c1fb41d452d9ec200000", "c074323031332d30332d32315432303a30343a30305a", "1a514b67b0" })
        {
            Assert.Equal([Codec.Record("/3/0/13", time)], Codec.DecodeHex(_cbor, Codec.Scope("/3/0"), "81a2 00672f332f302f3133 02" + value));
        }
        Assert.Equal(CodecErrorKind.Type, Codec.ErrorOfHex(_cbor, Codec.Scope("/3/0"), "81a2 00672f332f302f3133 02 c0 6161"));
        Assert.Equal(CodecErrorKind.Malformed, Codec.ErrorOfHex(_cbor, Codec.Scope("/3/0"), "81a2 00672f332f302f3133 02 c1c100"));
    }

    [Fact]
    public void Alternate_path_is_put_in_front_and_taken_off()
    {
        var scope = Codec.Scope("/3/0", "/lwm2m");
        var record = Codec.Record("/3/0/9", 100);
        var bytes = Codec.Encode(_cbor, scope, record);
        Assert.Contains("/lwm2m/3/0/", System.Text.Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal([record], Codec.Decode(_cbor, scope, bytes));
        Assert.Equal([record], Codec.Decode(_cbor, scope, Codec.Encode(_cbor, Codec.Scope("/3/0"), record)));
        Assert.Equal(CodecErrorKind.Path, Codec.TryDecode(_cbor, Codec.Scope("/3/0"), bytes, out _).Kind);
        Assert.Equal(CodecErrorKind.Path, Codec.TryDecode(_cbor, Codec.Scope("/3/0", "/lwm"), bytes, out _).Kind);
    }

    [Fact]
    public void Instance_65535_leaves_the_number_to_the_device()
    {
        var read = Codec.DecodeHex(_cbor, Codec.Scope("/2"), "82 a3 21692f322f36353533352f 006130 0205 a2 0065322f313237 0207");
        Assert.Equal("/2/0/0 Integer 5; /2/0/2/127 Integer 7", Codec.Show(read));
        Assert.True(read.InstanceOmitted);
        Assert.Equal(CodecErrorKind.Path, Codec.ErrorOfHex(_cbor, Codec.Scope("/"), "81a2 006a 2f322f36353533352f30 0205"));
        Assert.Equal(CodecErrorKind.Path, Codec.ErrorOfHex(_cbor, Codec.Scope("/3"), "81a2 006a 2f322f36353533352f30 0205"));
        Assert.Equal(CodecErrorKind.Malformed, Codec.ErrorOfHex(_cbor, Codec.Scope("/2"), "82a2 006a 2f322f36353533352f30 0205 a2 0066 2f322f312f30 0205"));
    }

    [Fact]
    public void Limit_of_records_holds()
    {
        var pack = new byte[5 + (12 * (ContentCodec.MaxRecords + 1))];
        Convert.FromHexString("9a00010001").CopyTo(pack, 0);
        for (var i = 5; i < pack.Length; i += 12)
        {
            Convert.FromHexString("a200662f332f302f39021864").CopyTo(pack, i);
        }
        Assert.Equal(CodecErrorKind.Limit, Codec.TryDecode(_cbor, Codec.Scope("/3/0"), pack, out _).Kind);
    }

    [Fact]
    public void Records_that_a_pack_cannot_say_are_told_beforehand()
    {
        var codec = ContentCodecs.Find(_cbor)!;
        Assert.False(codec.CanEncode(Codec.Scope("/2", omitInstance: true), [Codec.Record("/2/0/0", 5)]));
        Assert.False(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/0/9", 1), Codec.Record("/3/0/6", Lwm2mValue.Empty)]));
        Assert.False(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/0/6", Lwm2mValue.Empty)]));
        Assert.False(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/1/9", 1)]));
        Assert.False(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/0/9", Lwm2mValue.Null)]));
        Assert.False(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/0/9", 1, DateTimeOffset.UnixEpoch.AddSeconds((1 << 28) - 1))]));
        Assert.True(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/0/9", 1, DateTimeOffset.UnixEpoch.AddSeconds(1 << 28))]));
    }

    [Fact]
    public void Value_at_the_base_path_and_below_it_both_come_back()
    {
        Lwm2mRecord[] records = [Codec.Record("/3/0/6", 1), Codec.Record("/3/0/6/2", 5)];
        Assert.Equal(records, Codec.Decode(_cbor, Codec.Scope("/3/0/6"), Codec.Encode(_cbor, Codec.Scope("/3/0/6"), records)));
    }
}
