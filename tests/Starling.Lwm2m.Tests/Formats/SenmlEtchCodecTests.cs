using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>Fetch and patch packs (RFC 8790), in JSON and CBOR.</summary>
public sealed class SenmlEtchCodecTests
{
    private static readonly ContentFormat _json = ContentFormat.SenmlEtchJson;
    private static readonly ContentFormat _cbor = ContentFormat.SenmlEtchCbor;

    [Fact]
    public void Fetch_pack_of_the_examples()
    {
        Lwm2mRecord[] paths = [Path("/3/0/0"), Path("/1/0/1")];
        Assert.Equal("82a100662f332f302f30a100662f312f302f31", Codec.EncodeHex(_cbor, Codec.Scope("/"), paths));
        Assert.Equal("""[{"n":"/3/0/0"},{"n":"/1/0/1"}]""", Codec.EncodeText(_json, Codec.Scope("/"), paths));
        Assert.Equal(paths, Codec.DecodeHex(_cbor, Codec.Scope("/"), "82a100662f332f302f30a100662f312f302f31"));
        Assert.Equal([Path("/3/0/0"), Path("/3/0/9")], Codec.DecodeHex(_cbor, Codec.Scope("/"), "82a221652f332f302f006130a1006139"));   // with a base name
    }

    [Fact]
    public void Patch_pack_of_the_examples()
    {
        Lwm2mRecord[] records = [Codec.Record("/1/0/1", 60), Codec.Record("/16/0/0/2", Lwm2mValue.Null)];
        Assert.Equal("82a200662f312f302f3102183ca200692f31362f302f302f3202f6", Codec.EncodeHex(_cbor, Codec.Scope("/"), records));
        Assert.Equal("""[{"n":"/1/0/1","v":60},{"n":"/16/0/0/2","v":null}]""", Codec.EncodeText(_json, Codec.Scope("/"), records));
        Assert.Equal(records, Codec.DecodeHex(_cbor, Codec.Scope("/"), "82a200662f312f302f3102183ca200692f31362f302f302f3202f6"));
        Assert.Equal(records, Codec.DecodeText(_json, Codec.Scope("/"), """[{"bn":"/","n":"1/0/1","v":60},{"n":"16/0/0/2","v":null}]"""));
    }

    [Fact]
    public void Packs_of_several_objects_in_SenML_are_read_by_their_SenML_ETCH_codec_too()
    {
        const string hex = "83a321612f0065312f302f32021865a20065312f302f3604f5a20066332f302f31330200";
        Lwm2mRecord[] records = [Codec.Record("/1/0/2", 101), Codec.Record("/1/0/6", true), Codec.Record("/3/0/13", Lwm2mValue.Time(0))];
        Assert.Equal(records, Codec.DecodeHex(_cbor, Codec.Scope("/"), hex));
        Assert.Equal(hex, Codec.EncodeHex(ContentFormat.SenmlCbor, Codec.Scope("/"), records));
    }

    [Fact]
    public void Root_is_a_path_that_can_be_fetched()
    {
        foreach (var root in new[] { "", "/lwm2m" })
        {
            foreach (var format in new[] { _json, _cbor })
            {
                var scope = Codec.Scope("/", root);
                Assert.Equal([Path("/"), Path("/3")], Codec.Decode(format, scope, Codec.Encode(format, scope, Path("/"), Path("/3"))));
            }
        }
        Assert.Equal("""[{"n":"/lwm2m"},{"n":"/lwm2m/3"}]""", Codec.EncodeText(_json, Codec.Scope("/", "/lwm2m"), Path("/"), Path("/3")));
        Assert.Equal([Path("/")], Codec.DecodeText(_json, Codec.Scope("/", "/lwm2m"), """[{"n":"/lwm2m/"}]"""));
        Assert.Equal([Path("/3/0")], Codec.DecodeText(_json, Codec.Scope("/", "/lwm2m"), """[{"n":"/3/0"}]"""));   // before 1.2.1
        Assert.Equal(CodecErrorKind.Path, Codec.ErrorOfText(_json, Codec.Scope("/", "/lwm2m"), """[{"n":"/lwm2m2/3"}]"""));
    }

    [Theory]
    [InlineData("[]", "80", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3"},{"n":"/3/0/9","v":1}]""", "82a100622f33a200662f332f302f390201", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":1},{"n":"/3"}]""", "82a200662f332f302f390201a100622f33", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3","s":1}]""", "81a200622f330501", CodecErrorKind.Malformed)]      // a sum
    [InlineData("""[{"n":"/3","ut":1}]""", "81a200622f330701", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3","vx":1}]""", "81a200622f336276 7801", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3","x_":1}]""", "81a200622f33 62785f01", CodecErrorKind.Unsupported)]
    [InlineData("""[{"n":"/3/0","v":null}]""", "81a200642f332f3002f6", CodecErrorKind.Path)]
    [InlineData("""[{"n":"/3/0/9","vs":null}]""", "81a200662f332f302f3903f6", CodecErrorKind.Type)]
    [InlineData("""[{"n":"/3/0/9","v":null,"vs":"x"}]""", "81a300662f332f302f3902f6036178", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":nul}]""", "81a200662f332f302f3902", CodecErrorKind.Malformed)]
    public void Pack_that_is_none_is_refused(string json, string hex, CodecErrorKind error)
    {
        Assert.Equal(error, Codec.ErrorOfText(_json, Codec.Scope("/"), json));
        Assert.Equal(hex.EndsWith("02", StringComparison.Ordinal) ? CodecErrorKind.Truncated : error, Codec.ErrorOfHex(_cbor, Codec.Scope("/"), hex));
    }

    [Fact]
    public void Null_is_for_patch_packs_only()
    {
        Assert.Equal(CodecErrorKind.Type, Codec.ErrorOfText(ContentFormat.SenmlJson, Codec.Scope("/"), """[{"n":"/16/0/0/2","v":null}]"""));
        Assert.Equal(CodecErrorKind.Type, Codec.ErrorOfHex(ContentFormat.SenmlCbor, Codec.Scope("/"), "81a200692f31362f302f302f3202f6"));
        foreach (var codec in ContentCodecs.All)
        {
            var isEtch = codec.Format == _json || codec.Format == _cbor;
            Assert.Equal(isEtch, codec.CanEncode(Codec.Scope("/16/0/0/2"), [Codec.Record("/16/0/0/2", Lwm2mValue.Null)]));
            Assert.Equal(isEtch, codec.CanEncode(Codec.Scope("/16/0/0/2"), [Path("/16/0/0/2")]));
        }
    }

    [Fact]
    public void What_no_pack_can_be_is_not_written()
    {
        foreach (var format in new[] { _json, _cbor })
        {
            var codec = ContentCodecs.Find(format)!;
            Assert.False(codec.CanEncode(Codec.Scope("/"), []));
            Assert.False(codec.CanEncode(Codec.Scope("/"), [Path("/3"), Codec.Record("/3/0/9", 1)]));
            Assert.False(codec.CanEncode(Codec.Scope("/"), [Codec.Record("/3/0/9", 1), Path("/3")]));
            Assert.False(codec.CanEncode(Codec.Scope("/"), [Codec.Record("/3/0", Lwm2mValue.Null)]));
            Assert.False(codec.CanEncode(Codec.Scope("/3/0"), [Codec.Record("/3/0", Lwm2mValue.Empty)]));
            Assert.False(codec.CanEncode(Codec.Scope("/3"), [Codec.Record("/1/0/1", 1)]));
        }
    }

    [Fact]
    public void Packs_with_nulls_and_paths_come_back_the_same()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var (scope, records) = new RecordGenerator(seed).Next();
            var random = new Random(seed);
            var isFetch = seed % 2 == 0;
            records = [.. records.Where(r => isFetch || r.Value.Kind != ValueKind.Empty).Select(r => isFetch ? new Lwm2mRecord(r.Path, Lwm2mValue.None) : random.Next(3) == 0 ? r with { Value = Lwm2mValue.Null } : r)];
            foreach (var format in new[] { _json, _cbor })
            {
                if (ContentCodecs.Find(format)!.CanEncode(scope, records))
                {
                    Assert.Equal(records, Codec.Decode(format, scope, Codec.Encode(format, scope, records)));
                }
                else
                {
                    Assert.True(records.Length == 0 || scope.OmitInstance || records.Any(r => r.Value.Kind == ValueKind.Float && !double.IsFinite(r.Value.AsFloat())), $"seed {seed}");
                }
            }
        }
    }

    private static Lwm2mRecord Path(string path) => Codec.Record(path, Lwm2mValue.None);
}
