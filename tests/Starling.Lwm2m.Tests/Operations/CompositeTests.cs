using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>Composites on the wire: FETCH and iPATCH of <c>/</c> (LwM2M Core 1.2 §6.3.8, §6.3.9, §6.4.4, §6.4.5).</summary>
public class CompositeTests
{
    private static readonly Lwm2mPath[] _paths = [new(3, 0, 0), new(1, 0, 1)];

    [Theory]
    [InlineData("1.1", 112, "82a100662f332f302f30a100662f312f302f31")]
    [InlineData("1.2", 322, "82a100662f332f302f30a100662f312f302f31")]
    public void Read_is_FETCH_with_a_list_of_names(string version, int format, string hex)
    {
        var message = OperationCodec.Encode(new Lwm2mRequest.ReadComposite(_paths), TestCatalog.Scope(version));

        Assert.Equal(CoapCode.Fetch, message.Code);
        Assert.Equal("/", message.Options.UriPath);
        Assert.Equal(format, (int?)message.Options.ContentFormat?.Value);
        Assert.Equal(ContentFormat.SenmlCbor, message.Options.Accept);
        Assert.Null(message.Options.Observe);
        Assert.Equal(hex, Convert.ToHexStringLower(message.Payload.Span));
    }

    [Fact]
    public void Alternate_path_stands_in_the_address_and_in_the_names_but_not_in_LwM2M_CBOR()
    {
        var scope = TestCatalog.Scope(root: "/lwm2m");

        var read = OperationCodec.Encode(new Lwm2mRequest.ReadComposite([new(3, 0, 9), Lwm2mPath.Root], Format: ContentFormat.SenmlEtchJson), scope);
        Assert.Equal("/lwm2m", read.Options.UriPath);
        Assert.Equal("""[{"n":"/lwm2m/3/0/9"},{"n":"/lwm2m"}]""", Encoding.UTF8.GetString(read.Payload.Span));

        Lwm2mRecord[] records = [new(new(3, 0, 15), "UTC")];
        var json = OperationCodec.Encode(new Lwm2mRequest.WriteComposite(records, ContentFormat.SenmlJson), scope);
        Assert.Equal("""[{"bn":"/lwm2m/","n":"3/0/15","vs":"UTC"}]""", Encoding.UTF8.GetString(json.Payload.Span));
        var cbor = OperationCodec.Encode(new Lwm2mRequest.WriteComposite(records, ContentFormat.Lwm2mCbor), scope);
        Assert.Equal("/lwm2m", cbor.Options.UriPath);
        Assert.Equal("a18303000f63555443", Convert.ToHexStringLower(cbor.Payload.Span));

        var send = OperationCodec.Encode(new Lwm2mRequest.Send(records, ContentFormat.SenmlJson), scope);
        Assert.Equal("/dp", send.Options.UriPath);
        Assert.Equal("""[{"bn":"/lwm2m/","n":"3/0/15","vs":"UTC"}]""", Encoding.UTF8.GetString(send.Payload.Span));
    }

    [Fact]
    public void Cancel_has_the_options_and_the_body_of_what_it_cancels()
    {
        var attributes = new NotificationAttributes { MinimumPeriod = 5, MaximumPeriod = 60 };
        var observe = OperationCodec.Encode(new Lwm2mRequest.ObserveComposite(_paths, Attributes: attributes), TestCatalog.Scope("1.2"));
        var cancel = OperationCodec.Encode(new Lwm2mRequest.CancelObserveComposite(_paths, Attributes: attributes), TestCatalog.Scope("1.2"));

        Assert.Equal(0u, observe.Options.Observe);
        Assert.Equal("pmin=5&pmax=60", observe.Options.UriQuery);
        Assert.Equal(1u, cancel.Options.Observe);
        Assert.Equal(observe.Options, cancel.Options.With(OptionNumber.Observe, 0));
        Assert.Equal(observe.Payload.ToArray(), cancel.Payload.ToArray());
    }

    [Fact]
    public void Path_that_is_told_twice_counts_once()
    {
        Assert.Equal("81a100622f33", Hex(new Lwm2mRequest.ReadComposite([new(3), new(3)], Format: ContentFormat.SenmlCbor)));

        var read = Assert.IsType<Lwm2mRequest.ReadComposite>(Decode(Fetch(110, """[{"n":"/3/0"},{"n":"/3/0/9"},{"n":"/3/0"}]""")));
        Assert.Equal([new(3, 0), new(3, 0, 9)], read.Paths);
    }

    [Theory]
    [InlineData("""[{"n":"/3/0/0"},{"n":"/1/0/1"}]""")]
    [InlineData("""[{"n":"3/0/0"},{"n":"1/0/1"}]""")]
    [InlineData("""[{"bn":"/","n":"3/0/0"},{"n":"1/0/1"}]""")]
    [InlineData("""[{"bn":"/3/0/0"},{"bn":"/1/0/1"}]""")]
    [InlineData("""[{"bn":"/3/0/","n":"0","bt":1,"t":2,"u":"m","bu":"s"},{"bn":"/1/0/","n":"1"}]""")]
    public void Paths_come_in_any_names(string json)
    {
        foreach (var format in new[] { 110, 320 })
        {
            Assert.Equal(_paths, Assert.IsType<Lwm2mRequest.ReadComposite>(Decode(Fetch(format, json))).Paths);
        }
    }

    [Theory]
    [InlineData(320, "[]", "4.00")]                                  // nothing to fetch
    [InlineData(320, """[{}]""", "4.00")]
    [InlineData(320, """[{"n":""}]""", "4.00")]
    [InlineData(320, """[{"t":1}]""", "4.00")]
    [InlineData(320, """[{"n":"/3/0/9","v":1}]""", "4.00")]          // a patch
    [InlineData(320, """[{"n":"/3/0/9","v":null}]""", "4.00")]
    [InlineData(320, """[{"n":"/3/0/9"},{"n":"/3/0/6/0","v":1}]""", "4.00")]
    [InlineData(320, """[{"n":"/3/0/9","x":1}]""", "4.00")]          // any other field (RFC 8790 §3.1)
    [InlineData(320, """[{"bver":10,"n":"/3/0/9"}]""", "4.00")]
    [InlineData(110, """[{"n":"/3/0/9","v":1}]""", "4.00")]
    [InlineData(320, """[{"n":"/3/0/9/1/2"}]""", "4.00")]
    [InlineData(320, """[{"n":"/65535"}]""", "4.00")]
    [InlineData(320, """[{"n":"/3/0/9"}""", "4.00")]
    [InlineData(null, """[{"n":"/3/0/9"}]""", "4.00")]               // no Content-Format
    [InlineData(11544, """[{"n":"/3/0/9"}]""", "4.15")]
    [InlineData(11542, """[{"n":"/3/0/9"}]""", "4.15")]
    [InlineData(0, """[{"n":"/3/0/9"}]""", "4.15")]
    public void Body_that_is_no_list_of_paths_is_refused(int? format, string json, string code)
    {
        foreach (uint? observe in new uint?[] { null, 0, 1 })
        {
            Assert.Equal(code, Refuse(Fetch(format, json, observe: observe)).Code.ToString());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(320)]
    [InlineData(11542)]
    public void Answer_in_a_format_without_names_is_not_acceptable(int accept) =>
        Assert.Equal(CoapCode.NotAcceptable, Refuse(Fetch(320, """[{"n":"/3"}]""", accept: accept)).Code);

    [Theory]
    [InlineData("pmin=1&pmax=9", null)]
    [InlineData("pmin=1&pmax=9&epmin=1&epmax=2&con=1", null)]
    [InlineData("gt=1", "4.00")]
    [InlineData("edge=1", "4.00")]
    [InlineData("hqmax=1", "4.00")]
    [InlineData("epmin=2&epmax=1", "4.00")]
    [InlineData("st=1", "4.00")]
    [InlineData("pmin", "4.00")]
    [InlineData("pmin=x", "4.00")]
    [InlineData("y=1", "4.00")]
    public void Observation_of_several_paths_has_attributes_of_objects_only(string query, string? code)
    {
        var message = Fetch(320, """[{"n":"/3"}]""", observe: 0, query: query);
        if (code is null)
        {
            var attributes = Assert.IsType<Lwm2mRequest.ObserveComposite>(Decode(message)).Attributes;
            Assert.True(attributes is { MinimumPeriod: 1, MaximumPeriod: 9 });
            Assert.Equal(query, OperationCodec.Encode(new Lwm2mRequest.ObserveComposite(_paths, Attributes: attributes), TestCatalog.Scope()).Options.UriQuery);
            return;
        }
        Assert.Equal(code, Refuse(message).Code.ToString());
    }

    [Fact]
    public void More_paths_than_the_limit_are_refused()
    {
        var scope = TestCatalog.Scope() with { MaxPaths = 2 };

        Assert.True(OperationCodec.TryDecode(Fetch(320, """[{"n":"/3"},{"n":"/1"},{"n":"/3"}]"""), scope, out _, out _));
        Assert.False(OperationCodec.TryDecode(Fetch(320, """[{"n":"/3"},{"n":"/1"},{"n":"/5"}]"""), scope, out _, out var refusal));
        Assert.Equal(CoapCode.BadRequest, refusal.Code);
    }

    [Theory]
    [InlineData("1.1", 112, "81a321612f0066332f302f31350363555443")]
    [InlineData("1.2", 322, "81a200672f332f302f31350363555443")]
    public void Write_is_iPATCH_with_values(string version, int format, string hex)
    {
        var message = OperationCodec.Encode(new Lwm2mRequest.WriteComposite([new(new(3, 0, 15), "UTC")]), TestCatalog.Scope(version));

        Assert.Equal(CoapCode.IPatch, message.Code);
        Assert.Equal("/", message.Options.UriPath);
        Assert.Equal(format, (int?)message.Options.ContentFormat?.Value);
        Assert.Null(message.Options.Accept);
        Assert.Equal(hex, Convert.ToHexStringLower(message.Payload.Span));
    }

    [Fact]
    public void Write_that_deletes_is_SenML_ETCH_to_every_version() =>
        Assert.Equal(322, (int?)OperationCodec.Encode(
            new Lwm2mRequest.WriteComposite([new(new(19, 0, 0, 2), Lwm2mValue.Null)]), TestCatalog.Scope("1.1")).Options.ContentFormat?.Value);

    [Theory]
    [InlineData(320, """[{"n":"/3/0/15"}]""", "4.00")]                                   // a path to fetch
    [InlineData(320, """[{"bn":"/3/0/"},{"n":"15","vs":"x"}]""", "4.00")]               // each record has a value (RFC 8790 §3.2)
    [InlineData(320, "[]", "4.00")]
    [InlineData(320, """[{"n":"/3/0","v":null}]""", "4.00")]                             // no resource
    [InlineData(320, """[{"n":"/3/0/15","vs":"x"},{"n":"/3/0/15","vs":"y"}]""", "4.00")]
    [InlineData(320, """[{"n":"/3/0/6","v":null},{"n":"/3/0/6/0","v":1}]""", "4.00")]
    [InlineData(110, """[{"n":"/3/0/6/0","v":null}]""", "4.00")]                         // only SenML-ETCH deletes
    [InlineData(320, """[{"n":"/3/0/15","v":1}]""", "4.00")]                             // of another type
    [InlineData(11542, "x", "4.15")]
    [InlineData(0, "x", "4.15")]
    [InlineData(null, "[]", "4.00")]
    public void Body_that_is_no_list_of_values_is_refused(int? format, string json, string code) =>
        Assert.Equal(code, Refuse(TestRequest.Make(CoapCode.IPatch, "/", format: format, payload: Encoding.UTF8.GetBytes(json))).Code.ToString());

    [Theory]
    [InlineData(3, "/3/0")]
    [InlineData(2, "/3303")]
    public void Fetch_and_patch_formats_are_for_composites_only(byte method, string path)
    {
        var message = TestRequest.Make(new CoapCode(method), path, format: 320, payload: """[{"n":"/3/0/15","vs":"x"}]"""u8.ToArray());

        Assert.Equal(CoapCode.UnsupportedContentFormat, Refuse(message).Code);
        Assert.Equal(CoapCode.NotAcceptable, Refuse(TestRequest.Make(CoapCode.Get, path, accept: 320)).Code);
    }

    [Theory]
    [InlineData(110)]
    [InlineData(112)]
    [InlineData(11544)]
    public void Answer_carries_the_values_of_all_paths(int format)
    {
        var request = new Lwm2mRequest.ReadComposite(_paths, new ContentFormat((ushort)format));
        foreach (var scope in new[] { TestCatalog.Scope(), TestCatalog.Scope(root: "/lwm2m") })
        {
            foreach (var records in new RecordSet[] { [new(new(3, 0, 9), 80), new(new(3303, 1, 5700), 21.5)], [] })
            {
                var message = OperationCodec.EncodeResponse(request, new Lwm2mResponse(CoapCode.Content) { Records = records }, scope);
                Assert.Equal(format, (int?)message.Options.ContentFormat?.Value);

                var response = OperationCodec.DecodeResponse(request, message, scope);
                Assert.Equal("", response.Diagnostic);
                Assert.Equal(records, response.Records);
            }
        }
    }

    [Fact]
    public void Answer_leaves_out_containers_without_members()
    {
        RecordSet records = [new(new(3303), Lwm2mValue.Empty), new(new(3, 0, 9), 80)];
        var message = OperationCodec.EncodeResponse(
            new Lwm2mRequest.ReadComposite(_paths, ContentFormat.SenmlJson), new Lwm2mResponse(CoapCode.Content) { Records = records }, TestCatalog.Scope());

        Assert.Equal("""[{"bn":"/","n":"3/0/9","v":80}]""", Encoding.UTF8.GetString(message.Payload.Span));

        var empty = OperationCodec.EncodeResponse(
            new Lwm2mRequest.ReadComposite(_paths), new Lwm2mResponse(CoapCode.Content) { Records = [new(new(3303), Lwm2mValue.Empty)] }, TestCatalog.Scope());
        Assert.Equal("80", Convert.ToHexString(empty.Payload.Span));
    }

    [Fact]
    public void Answer_in_a_format_without_names_is_not_decoded()
    {
        var message = new CoapMessage
        {
            Code = CoapCode.Content,
            Options = TestRequest.Make(CoapCode.Get, "/", format: 11542).Options,
            Payload = Convert.FromHexString("C10964"),
        };

        var response = OperationCodec.DecodeResponse(new Lwm2mRequest.ReadComposite(_paths), message, TestCatalog.Scope());
        Assert.Empty(response.Records);
        Assert.Contains("not supported", response.Diagnostic, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dp", 2, 110, """[{"n":"/3/0/9","v":80,"t":1700000000},{"n":"/3/0/9","v":79,"t":1700000060}]""", null)]
    [InlineData("/dp", 2, 110, """[{"n":"/9999/1/2","v":80}]""", null)]            // an object that is not known
    [InlineData("/dp", 1, 110, """[{"n":"/3/0/9","v":80}]""", "4.05")]
    [InlineData("/dp", 2, null, """[{"n":"/3/0/9","v":80}]""", "4.00")]
    [InlineData("/dp", 2, 320, """[{"n":"/3/0/9","v":80}]""", "4.15")]
    [InlineData("/dp", 2, 11542, "x", "4.15")]
    [InlineData("/dp", 2, 110, """[{"n":"/3/0/9"}]""", "4.00")]
    [InlineData("/dp", 2, 110, """[{"n":"/3/0","v":1}]""", "4.00")]
    [InlineData("/dp", 2, 110, """[{"n":"/3/0/9","vs":"x"}]""", "4.00")]
    public void Send_is_a_POST_of_named_values(string path, byte method, int? format, string json, string? code)
    {
        var message = TestRequest.Make(new CoapCode(method), path, format: format, payload: Encoding.UTF8.GetBytes(json));
        var isSend = OperationCodec.TryDecodeSend(message, TestCatalog.Scope(), out var send, out var refusal);

        Assert.Equal(code, refusal?.Code.ToString());
        Assert.Equal(code is null, isSend);
        if (isSend && json.Contains("t\":", StringComparison.Ordinal))
        {
            Assert.Equal([1700000000, 1700000060], send!.Records.Select(r => r.Time!.Value.ToUnixTimeSeconds()));
        }
    }

    private static CoapMessage Fetch(int? format, string json, int? accept = null, uint? observe = null, string? query = null) =>
        TestRequest.Make(CoapCode.Fetch, "/", query, format, accept, observe, Encoding.UTF8.GetBytes(json));

    private static string Hex(Lwm2mRequest request) => Convert.ToHexStringLower(OperationCodec.Encode(request, TestCatalog.Scope()).Payload.Span);

    private static Lwm2mRequest Decode(CoapMessage message)
    {
        Assert.True(OperationCodec.TryDecode(message, TestCatalog.Scope(), out var request, out var refusal), refusal is null ? "" : TestRequest.Diagnostic(refusal));
        return request;
    }

    private static CoapMessage Refuse(CoapMessage message)
    {
        Assert.False(OperationCodec.TryDecode(message, TestCatalog.Scope(), out var request, out var refusal), $"taken for {request}");
        return refusal!;
    }
}
