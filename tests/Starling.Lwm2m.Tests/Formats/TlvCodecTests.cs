using Starling.Coap;

namespace Starling.Lwm2m.Tests;

public sealed class TlvCodecTests
{
    private static readonly ContentFormat _tlv = ContentFormat.Tlv;

    [Theory]
    [InlineData("c10964", "/3/0/9", "100")]
    [InlineData("c80014 4f70656e204d6f62696c6520416c6c69616e6365", "/3/0/0", "Open Mobile Alliance")]
    [InlineData("e41644 41ac0000", "/3303/0/5700", "21.5")]
    [InlineData("c40d 5182428f", "/3/0/13", "2013-05-02T10:40:15Z")]
    public void Single_resources_of_the_examples(string hex, string path, string shown)
    {
        var read = Codec.DecodeHex(_tlv, Codec.Scope(path), hex);
        Assert.Equal((Lwm2mPath.Parse(path), shown), (Assert.Single(read).Path, read[0].Value.ToString()));
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Codec.EncodeHex(_tlv, Codec.Scope(path), read[0]));
        Assert.Equal(read, Codec.DecodeHex(_tlv, Codec.Scope(Lwm2mPath.Parse(path).Parent.ToString()), hex));
    }

    [Theory]
    [InlineData("8606 410001 410105", "/3/0/6", "/3/0/6/0 Integer 1; /3/0/6/1 Integer 5")]
    [InlineData("8616 4400 00100000", "/3/0/22", "/3/0/22/0 ObjectLink 16:0")]
    [InlineData("08000ec10001c101008302417f07c1037f 080212c10003c101008702417f0761013601c1037f", "/2",
        "/2/0/0 Integer 1; /2/0/1 Integer 0; /2/0/2/127 Integer 7; /2/0/3 Integer 127; "
        + "/2/2/0 Integer 3; /2/2/1 Integer 0; /2/2/2/127 Integer 7; /2/2/2/310 Integer 1; /2/2/3 Integer 127")]
    [InlineData("88000c 4400 00420000 4401 00420001 c8010d 38363133383030373535353030 c402 12345678", "/65/0",
        "/65/0/0/0 ObjectLink 66:0; /65/0/0/1 ObjectLink 66:1; /65/0/1 String 8613800755500; /65/0/2 Integer 305419896")]
    [InlineData("c10265 c20303f2 c20507d0 c10601 c10755", "/1/0",
        "/1/0/2 Integer 101; /1/0/3 Integer 1010; /1/0/5 Integer 2000; /1/0/6 Boolean true; /1/0/7 String U")]
    [InlineData("c40d5182428f c60e2b30323a3030 c80f0c4575726f70652f5061726973", "/3/0",
        "/3/0/13 Time 2013-05-02T10:40:15Z; /3/0/14 String +02:00; /3/0/15 String Europe/Paris")]
    public void Structures_of_the_examples(string hex, string path, string shown)
    {
        var read = Codec.DecodeHex(_tlv, Codec.Scope(path), hex);
        Assert.Equal(shown, Codec.Show(read));
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Codec.EncodeHex(_tlv, Codec.Scope(path), [.. read]));
    }

    [Fact]
    public void Create_with_a_chosen_instance_wraps_the_resources()
    {
        Lwm2mRecord[] records = [Codec.Record("/2/2/0", 5), Codec.Record("/2/2/1", 0)];
        Assert.Equal("0602c10005c10100", Codec.EncodeHex(_tlv, Codec.Scope("/2"), records));
        var read = Codec.DecodeHex(_tlv, Codec.Scope("/2"), "0602c10005c10100");
        Assert.Equal(records, read);
        Assert.False(read.InstanceOmitted);
    }

    [Fact]
    public void Create_without_an_instance_has_no_wrapper()
    {
        Lwm2mRecord[] records = [Codec.Record("/2/0/0", 5), Codec.Record("/2/0/1", 0)];
        Assert.Equal("c10005c10100", Codec.EncodeHex(_tlv, Codec.Scope("/2", omitInstance: true), records));
        var read = Codec.DecodeHex(_tlv, Codec.Scope("/2"), "c10005c10100");
        Assert.Equal(records, read);
        Assert.True(read.InstanceOmitted);
    }

    [Fact]
    public void Create_without_instance_and_resources_is_empty()
    {
        Assert.Equal("", Codec.EncodeHex(_tlv, Codec.Scope("/2", omitInstance: true)));
        var read = Codec.DecodeHex(_tlv, Codec.Scope("/2"), "");
        Assert.True(read.InstanceOmitted);
        Assert.Equal("/2 Empty {}", Codec.Show(read));
    }

    [Fact]
    public void Create_without_an_instance_takes_records_of_the_stand_in_only()
    {
        var codec = ContentCodecs.Find(_tlv)!;
        Assert.False(codec.CanEncode(Codec.Scope("/2", omitInstance: true), [Codec.Record("/2/1/0", 5)]));
        Assert.False(codec.CanEncode(Codec.Scope("/2/0", omitInstance: true), [Codec.Record("/2/0/0", 5)]));
    }

    [Theory]
    [InlineData("/3", "", "/3 Empty {}")]
    [InlineData("/3/0", "", "/3/0 Empty {}")]
    [InlineData("/3", "0000", "/3/0 Empty {}")]
    [InlineData("/3", "0001 0002", null)]
    [InlineData("/3/0", "8006", "/3/0/6 Empty {}")]
    [InlineData("/3/0/6", "8006", "/3/0/6 Empty {}")]
    public void Empty_containers_survive(string path, string hex, string? shown)
    {
        var read = Codec.DecodeHex(_tlv, Codec.Scope(path), hex);
        Assert.Equal(shown ?? "/3/1 Empty {}; /3/2 Empty {}", Codec.Show(read));
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Codec.EncodeHex(_tlv, Codec.Scope(path), [.. read]));
    }

    [Theory]
    [InlineData("/3/0", "0300c10964", "/3/0/9 Integer 100")]             // the wrapper is optional for an instance
    [InlineData("/3/0/9", "0300c10964", "/3/0/9 Integer 100")]
    [InlineData("/3/0/6", "410001410105", "/3/0/6/0 Integer 1; /3/0/6/1 Integer 5")]   // instances without the resource around
    [InlineData("/3/0/6/1", "410105", "/3/0/6/1 Integer 5")]
    [InlineData("/3/0/6/1", "8306410105", "/3/0/6/1 Integer 5")]
    [InlineData("/3/0", "e1000964", "/3/0/9 Integer 100")]               // an id in two bytes, a length in three
    [InlineData("/3/0", "d80900000164", "/3/0/9 Integer 100")]
    [InlineData("/3/0", "cf090164", "/3/0/9 Integer 100")]               // the low bits beside a length field mean nothing
    public void Other_ways_to_say_it_are_taken(string path, string hex, string shown) =>
        Assert.Equal(shown, Codec.Show(Codec.DecodeHex(_tlv, Codec.Scope(path), hex)));

    [Fact]
    public void Resource_instance_is_written_alone() =>
        Assert.Equal("410105", Codec.EncodeHex(_tlv, Codec.Scope("/3/0/6/1"), Codec.Record("/3/0/6/1", 5)));

    [Theory]
    [InlineData("/3/0", "c109", CodecErrorKind.Truncated)]
    [InlineData("/3/0", "c1", CodecErrorKind.Truncated)]
    [InlineData("/3/0", "c809", CodecErrorKind.Truncated)]
    [InlineData("/3/0", "d809ffffff64", CodecErrorKind.Truncated)]
    [InlineData("/3/0/9", "", CodecErrorKind.Truncated)]
    [InlineData("/3/0", "410001", CodecErrorKind.Malformed)]             // an instance of no resource
    [InlineData("/3", "410001", CodecErrorKind.Malformed)]
    [InlineData("/3", "0300c10964c10964", CodecErrorKind.Malformed)]     // with and without wrapper
    [InlineData("/3", "c109640300c10964", CodecErrorKind.Malformed)]
    [InlineData("/3/0", "00008006", CodecErrorKind.Malformed)]
    [InlineData("/3", "0500c10964", CodecErrorKind.Truncated)]
    [InlineData("/3", "05000300c10964", CodecErrorKind.Malformed)]       // a wrapper in a wrapper
    [InlineData("/3/0", "8306c10964", CodecErrorKind.Malformed)]         // a resource in a resource
    [InlineData("/3/0", "0301c10964", CodecErrorKind.Path)]              // another instance
    [InlineData("/3/0/9", "c10a64", CodecErrorKind.Path)]                // another resource
    [InlineData("/3/0/6/1", "410205", CodecErrorKind.Path)]
    [InlineData("/3/0", "e1ffff64", CodecErrorKind.Path)]                // 65535 is no id
    [InlineData("/", "0300c10964", CodecErrorKind.Path)]
    [InlineData("/3/0", "c009", CodecErrorKind.Type)]                    // numbers of no bytes, and of three
    [InlineData("/3/0", "c309000064", CodecErrorKind.Type)]
    [InlineData("/3/0", "c100ff", CodecErrorKind.Type)]                  // no UTF-8
    [InlineData("/1/0", "c10602", CodecErrorKind.Type)]                  // a Boolean of 2
    [InlineData("/3303/0", "e2164441ac", CodecErrorKind.Type)]
    [InlineData("/3/0", "8605430000100000", CodecErrorKind.Truncated)]
    [InlineData("/3/0", "85164300001000", CodecErrorKind.Type)]          // a link of three bytes
    public void Payload_that_is_wrong_is_refused(string path, string hex, CodecErrorKind error) =>
        Assert.Equal(error, Codec.ErrorOfHex(_tlv, Codec.Scope(path), hex));

    [Fact]
    public void Value_of_an_unknown_resource_is_opaque()
    {
        var read = Codec.DecodeHex(_tlv, Codec.Untyped("/9/0"), "c10964 8306410105");
        Assert.Equal("/9/0/9 Opaque 64; /9/0/6/1 Opaque 05", Codec.Show(read));
    }

    [Fact]
    public void Value_goes_out_in_the_type_of_its_resource()
    {
        Assert.Equal("e4164441a80000", Codec.EncodeHex(_tlv, Codec.Scope("/3303/0"), Codec.Record("/3303/0/5700", 21)));
        Assert.Equal("c20900c8", Codec.EncodeHex(_tlv, Codec.Scope("/3/0"), Codec.Record("/3/0/9", Lwm2mValue.Unsigned(200))));
        Assert.Equal("8616440000100000", Codec.EncodeHex(_tlv, Codec.Scope("/3/0"), Codec.Record("/3/0/22/0", "16:0")));
        Assert.Equal("c109c8", Codec.EncodeHex(_tlv, Codec.Untyped("/3/0"), Codec.Record("/3/0/9", Lwm2mValue.Unsigned(200))));
    }

    [Fact]
    public void Records_out_of_order_are_put_together()
    {
        var hex = Codec.EncodeHex(_tlv, Codec.Scope("/3/0"), Codec.Record("/3/0/6/1", 5), Codec.Record("/3/0/9", 100), Codec.Record("/3/0/6/0", 1));
        Assert.Equal("8606410001410105c10964", hex);
    }

    [Theory]
    [InlineData(7, "c700")]
    [InlineData(8, "c80008")]
    [InlineData(255, "c800ff")]
    [InlineData(256, "d0000100")]
    [InlineData(65535, "d000ffff")]
    [InlineData(65536, "d800010000")]
    public void Length_takes_the_least_bytes(int length, string header)
    {
        var hex = Codec.EncodeHex(_tlv, Codec.Scope("/3/0/0"), Codec.Record("/3/0/0", new string('a', length)));
        Assert.Equal(header, hex[..header.Length]);
        Assert.Equal(header.Length + (2 * length), hex.Length);
        Assert.Equal(length, Codec.DecodeHex(_tlv, Codec.Scope("/3/0/0"), hex)[0].Value.AsString().Length);
    }

    [Fact]
    public void Value_beyond_24_bits_of_length_is_the_callers_error()
    {
        var records = new[] { Codec.Record("/42769/0/8", new byte[TlvHeader.MaxLength + 1]) };
        Assert.Throws<ArgumentException>(() => Codec.Encode(_tlv, Codec.Scope("/42769/0/8"), records));
    }

    [Fact]
    public void More_records_than_the_limit_are_refused()
    {
        var many = new byte[(ContentCodec.MaxRecords + 1) * 3];
        for (var i = 0; i < many.Length; i += 3)
        {
            (many[i], many[i + 1], many[i + 2]) = (0xc1, 9, 100);
        }
        Assert.Equal(CodecErrorKind.Limit, Codec.TryDecode(_tlv, Codec.Scope("/3/0"), many, out _).Kind);
        Assert.True(Codec.TryDecode(_tlv, Codec.Scope("/3/0"), many.AsSpan(3), out var read).IsNone);
        Assert.Equal(ContentCodec.MaxRecords, read.Count);
    }

    [Fact]
    public void Records_that_tlv_cannot_say_are_told_beforehand()
    {
        var codec = ContentCodecs.Find(_tlv)!;
        Assert.False(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/0/9", 1, Codec.Now)]));
        Assert.False(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/1/9", 1)]));
        Assert.False(codec.CanEncode(Codec.Scope("/"), [Codec.Record("/3/1/9", 1)]));
        Assert.False(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/0/9", Lwm2mValue.Null)]));
        Assert.False(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/0/9", Lwm2mValue.None)]));
        Assert.False(codec.CanEncode(Codec.Scope("/3"), [Codec.Record("/3/0", 5)]));
        Assert.False(codec.CanEncode(Codec.Scope("/3/0/6"), []));
    }
}
