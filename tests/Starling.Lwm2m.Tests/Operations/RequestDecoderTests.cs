using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

public class RequestDecoderTests
{
    private const byte Get = 1, Post = 2, Put = 3, Delete = 4;

    [Fact]
    public void GET_is_Read_Observe_CancelObserve_or_Discover()
    {
        Assert.Equal(new Lwm2mRequest.Read(new(3, 0, 9)), Decode(TestRequest.Make(CoapCode.Get, "/3/0/9")));
        Assert.Equal(new Lwm2mRequest.Read(new(3, 0), ContentFormat.Tlv), Decode(TestRequest.Make(CoapCode.Get, "/3/0", accept: 11542)));
        Assert.Equal(new Lwm2mRequest.Observe(new(3, 0, 9), ContentFormat.Text), Decode(TestRequest.Make(CoapCode.Get, "/3/0/9", accept: 0, observe: 0)));
        Assert.Equal(new Lwm2mRequest.CancelObserve(new(3, 0, 9)), Decode(TestRequest.Make(CoapCode.Get, "/3/0/9", observe: 1)));
        Assert.Equal(new Lwm2mRequest.Discover(new(3)), Decode(TestRequest.Make(CoapCode.Get, "/3", accept: 40)));
        Assert.Equal(new Lwm2mRequest.Discover(new(3, 0), 2), Decode(TestRequest.Make(CoapCode.Get, "/3/0", "depth=2", accept: 40)));
        Assert.Equal(
            new Lwm2mRequest.Observe(new(3, 0, 9), Attributes: new NotificationAttributes { MinimumPeriod = 1 }),
            Decode(TestRequest.Make(CoapCode.Get, "/3/0/9", "pmin=1", observe: 0)));
    }

    [Fact]
    public void Observe_of_another_number_is_as_if_it_were_not_there() =>
        Assert.Equal(new Lwm2mRequest.Read(new(3, 0, 9)), Decode(TestRequest.Make(CoapCode.Get, "/3/0/9", observe: 2)));

    [Fact]
    public void PUT_with_a_query_is_WriteAttributes() =>
        Assert.Equal(
            new Lwm2mRequest.WriteAttributes(new(3303, 0, 5700), new NotificationAttributes { MinimumPeriod = 1, Unset = AttributeNames.Step }),
            Decode(TestRequest.Make(CoapCode.Put, "/3303/0/5700", "pmin=1&st")));

    [Fact]
    public void PUT_with_a_payload_is_a_replacing_Write()
    {
        var write = Assert.IsType<Lwm2mRequest.Write>(Decode(TestRequest.Make(CoapCode.Put, "/3/0/13", format: 0, payload: "1700000000"u8.ToArray())));

        Assert.True(write.Replace);
        Assert.Equal([new(new(3, 0, 13), Lwm2mValue.Time(1700000000))], write.Records);
        Assert.Equal(ContentFormat.Text, write.Format);
    }

    [Fact]
    public void PUT_of_an_empty_text_writes_it()
    {
        var write = Assert.IsType<Lwm2mRequest.Write>(Decode(TestRequest.Make(CoapCode.Put, "/3/0/15", format: 0)));

        Assert.Equal([new(new(3, 0, 15), "")], write.Records);
    }

    [Theory]
    [InlineData(1541, "31373030303030303030")]     // the old number of plain text
    [InlineData(1542, "C40D6553F100")]             // the old number of TLV
    [InlineData(11542, "C40D6553F100")]
    public void Old_numbers_of_formats_are_known(int format, string hex)
    {
        var write = Assert.IsType<Lwm2mRequest.Write>(Decode(TestRequest.Make(CoapCode.Put, "/3/0/13", format: format, payload: Convert.FromHexString(hex))));

        Assert.Equal(1700000000, write.Records[0].Value.AsInteger());
    }

    [Fact]
    public void POST_on_an_instance_or_a_multiple_resource_is_a_partial_Write()
    {
        var instance = Assert.IsType<Lwm2mRequest.Write>(Decode(TestRequest.Make(CoapCode.Post, "/3/0", format: 11542, payload: Convert.FromHexString("C30F555443"))));
        Assert.False(instance.Replace);
        Assert.Equal([new(new(3, 0, 15), "UTC")], instance.Records);

        var resource = Assert.IsType<Lwm2mRequest.Write>(Decode(TestRequest.Make(CoapCode.Post, "/3/0/6", format: 11542, payload: Convert.FromHexString("8606410001410105"))));
        Assert.False(resource.Replace);
        Assert.Equal(2, resource.Records.Count);
    }

    [Theory]
    [InlineData("/3/0/4", null)]
    [InlineData("/3/0/4", "0='U',1")]
    [InlineData("/9999/0/1", null)]      // not known: without another format it is taken for Execute
    public void POST_on_a_resource_is_Execute(string path, string? arguments)
    {
        var payload = arguments is null ? null : Encoding.UTF8.GetBytes(arguments);
        var wanted = new Lwm2mRequest.Execute(Lwm2mPath.Parse(path), arguments);

        Assert.Equal(wanted, Decode(TestRequest.Make(CoapCode.Post, path, payload: payload)));
        Assert.Equal(wanted, Decode(TestRequest.Make(CoapCode.Post, path, format: 0, payload: payload)));
    }

    [Fact]
    public void POST_on_an_unknown_resource_in_a_format_of_several_values_is_a_partial_Write() =>
        Assert.IsType<Lwm2mRequest.Write>(Decode(TestRequest.Make(CoapCode.Post, "/9999/0/1", format: 11542, payload: Convert.FromHexString("8301410001"))));

    [Fact]
    public void POST_on_an_object_is_Create_with_or_without_an_instance()
    {
        var named = Assert.IsType<Lwm2mRequest.Create>(Decode(TestRequest.Make(CoapCode.Post, "/3303", format: 11542, payload: Convert.FromHexString("0407E1167678"))));
        Assert.Equal(7, named.Instance);
        Assert.Equal([new(new(3303, 7, 5750), "x")], named.Records);

        var open = Assert.IsType<Lwm2mRequest.Create>(Decode(TestRequest.Make(CoapCode.Post, "/3303", format: 11542, payload: Convert.FromHexString("E1167678"))));
        Assert.Null(open.Instance);
        Assert.Equal([new(new(3303, 0, 5750), "x")], open.Records);

        var bare = Assert.IsType<Lwm2mRequest.Create>(Decode(TestRequest.Make(CoapCode.Post, "/3303", format: 11542, payload: Convert.FromHexString("0007"))));
        Assert.Equal(7, bare.Instance);
        Assert.Empty(bare.Records);

        foreach (var nothing in new[] { TestRequest.Make(CoapCode.Post, "/3303"), TestRequest.Make(CoapCode.Post, "/3303", format: 11542) })
        {
            var empty = Assert.IsType<Lwm2mRequest.Create>(Decode(nothing));
            Assert.Null(empty.Instance);
            Assert.Empty(empty.Records);
        }
    }

    [Fact]
    public void DELETE_takes_an_instance_or_a_resource_instance()
    {
        Assert.Equal(new Lwm2mRequest.Delete(new(3303, 1)), Decode(TestRequest.Make(CoapCode.Delete, "/3303/1")));
        Assert.Equal(new Lwm2mRequest.Delete(new(3, 0, 6, 1)), Decode(TestRequest.Make(CoapCode.Delete, "/3/0/6/1")));
    }

    [Theory]
    [InlineData(Get, "/", "4.05")]
    [InlineData(Post, "/", "4.05")]
    [InlineData(Put, "/", "4.05")]
    [InlineData(Delete, "/", "4.05")]
    [InlineData(5, "/3", "4.05")]              // FETCH
    [InlineData(6, "/", "4.05")]               // PATCH
    [InlineData(7, "/3/0", "4.05")]            // iPATCH
    [InlineData(Get, "/rd", "4.04")]
    [InlineData(Get, "/.well-known/core", "4.04")]
    [InlineData(Get, "/3/00/1", "4.04")]
    [InlineData(Get, "/65535", "4.04")]
    [InlineData(Get, "/3/x", "4.04")]
    [InlineData(Get, "/3/0/6/0/1", "4.05")]
    [InlineData(Get, "/3/0/9/0", "4.05")]      // a single resource has no instances
    [InlineData(Put, "/3", "4.05")]
    [InlineData(Post, "/3/0/6/0", "4.05")]
    [InlineData(Post, "/3/0/9", "4.05")]
    [InlineData(Delete, "/3", "4.05")]
    [InlineData(Delete, "/3/0/6", "4.05")]
    public void Path_that_the_operation_cannot_have_is_refused(byte method, string path, string code) =>
        Assert.Equal(code, Refuse(TestRequest.Make(new CoapCode(method), path)).Code.ToString());

    [Theory]
    [InlineData("/3/0", 0)]          // one value, but an instance was asked
    [InlineData("/3/0/6", 42)]       // ... or a multiple resource
    [InlineData("/3/0/6", 60)]
    [InlineData("/3/0", 50)]         // JSON
    [InlineData("/3/0", 1543)]       // LwM2M's old JSON, which ended with 1.0
    [InlineData("/3/0", 11543)]
    public void Format_that_cannot_be_had_is_not_acceptable(string path, int accept) =>
        Assert.Equal(CoapCode.NotAcceptable, Refuse(TestRequest.Make(CoapCode.Get, path, accept: accept)).Code);

    [Theory]
    [InlineData(1543)]
    [InlineData(11543)]
    public void Old_JSON_is_for_1_0_only(int format)
    {
        var read = TestRequest.Make(CoapCode.Get, "/3/0", accept: format);
        var write = TestRequest.Make(CoapCode.Put, "/3/0", format: format, payload: """{"e":[{"n":"15","sv":"UTC"}]}"""u8.ToArray());

        Assert.True(OperationCodec.TryDecode(read, TestCatalog.Scope("1.0"), out _, out _));
        Assert.True(OperationCodec.TryDecode(write, TestCatalog.Scope("1.0"), out var request, out _));
        Assert.Equal([new(new(3, 0, 15), "UTC")], Assert.IsType<Lwm2mRequest.Write>(request).Records);
        Assert.Equal(CoapCode.UnsupportedContentFormat, Refuse(write).Code);
    }

    [Theory]
    [InlineData(Put, "/3/0/13", 50, "7B7D", "4.15")]
    [InlineData(Put, "/3/0", 0, "31", "4.15")]
    [InlineData(Put, "/3/0/6", 42, "31", "4.15")]
    [InlineData(Put, "/3/0/13", null, "31", "4.00")]         // no Content-Format
    [InlineData(Put, "/3/0/13", null, "", "4.00")]
    [InlineData(Put, "/3/0/13", 0, "6162", "4.00")]          // no number
    [InlineData(Put, "/3/0/13", 11542, "C40D65", "4.00")]    // cut off
    [InlineData(Put, "/3/0", 112, "81A2006731332F302F313302", "4.00")]
    [InlineData(Put, "/3/0", 112, "81A2006631392F302F30024101", "4.00")]   // /19/0/0 is not below /3/0
    [InlineData(Put, "/3/0", 11542, "C10F61C10F62", "4.00")]                // twice the same
    [InlineData(Post, "/3303", 11542, "0407E11676780007", "4.00")]          // an instance with and without a resource
    [InlineData(Post, "/3/0/4", 0, "78", "4.00")]            // no arguments
    [InlineData(Post, "/3/0/4", null, "FF", "4.00")]
    [InlineData(Post, "/3/0/4", 112, "80", "4.00")]
    [InlineData(Post, "/3303", 50, "7B7D", "4.15")]
    [InlineData(Post, "/3303", 0, "31", "4.15")]
    [InlineData(Post, "/3303", 11542, "0407E11676780408E1167678", "4.00")] // two instances
    public void Payload_that_does_not_fit_is_refused(byte method, string path, int? format, string hex, string code) =>
        Assert.Equal(code, Refuse(TestRequest.Make(new CoapCode(method), path, format: format, payload: Convert.FromHexString(hex))).Code.ToString());

    [Theory]
    [InlineData(Get, "/3/0/9", "x=1", "4.02")]
    [InlineData(Get, "/3/0/9", "pmin=1", "4.02")]
    [InlineData(Post, "/3/0/4", "0=U", "4.02")]
    [InlineData(Delete, "/3303/1", "x", "4.02")]
    [InlineData(Put, "/3/0/9", "x=1", "4.00")]
    [InlineData(Put, "/3/0/9", "pmin=-1", "4.00")]
    [InlineData(Put, "/", "pmin=1", "4.05")]
    [InlineData(5, "/", "pmin=1", "4.02")]
    [InlineData(7, "/", "pmin=1", "4.02")]
    public void Query_that_means_nothing_is_refused(byte method, string path, string query, string code) =>
        Assert.Equal(code, Refuse(TestRequest.Make(new CoapCode(method), path, query)).Code.ToString());

    [Fact]
    public void Query_and_payload_together_are_neither_Write_nor_WriteAttributes() =>
        Assert.Equal(CoapCode.BadRequest, Refuse(TestRequest.Make(CoapCode.Put, "/3/0/13", "pmin=1", 0, payload: "1"u8.ToArray())).Code);

    [Fact]
    public void Observe_and_Discover_with_odd_queries_are_refused()
    {
        Assert.Equal(CoapCode.BadRequest, Refuse(TestRequest.Make(CoapCode.Get, "/3/0/9", "pmin=x", observe: 0)).Code);
        Assert.Equal(CoapCode.BadRequest, Refuse(TestRequest.Make(CoapCode.Get, "/3/0/9", "pmin", observe: 0)).Code);      // nothing to unset
        Assert.Equal(CoapCode.BadRequest, Refuse(TestRequest.Make(CoapCode.Get, "/3/0/9", "lt=5&gt=5", observe: 0)).Code);
        Assert.Equal(CoapCode.BadRequest, Refuse(TestRequest.Make(CoapCode.Get, "/3/0/9", "x=1", observe: 0)).Code);
        Assert.Equal(CoapCode.BadRequest, Refuse(TestRequest.Make(CoapCode.Get, "/3", "depth=4", accept: 40)).Code);
        Assert.Equal(CoapCode.BadRequest, Refuse(TestRequest.Make(CoapCode.Get, "/3", "depth=", accept: 40)).Code);
        Assert.Equal(CoapCode.BadRequest, Refuse(TestRequest.Make(CoapCode.Get, "/3", "depth=1&depth=1", accept: 40)).Code);
        Assert.Equal(CoapCode.BadOption, Refuse(TestRequest.Make(CoapCode.Get, "/3", "x=1", accept: 40)).Code);
        Assert.Equal(CoapCode.MethodNotAllowed, Refuse(TestRequest.Make(CoapCode.Get, "/3/0/6/0", accept: 40)).Code);
    }

    [Fact]
    public void Trailing_slash_is_another_resource()
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.UriPath, "3");
        options.Add(OptionNumber.UriPath, "");

        Assert.Equal(CoapCode.NotFound, Refuse(new CoapMessage { Code = CoapCode.Get, Options = options.Build() }).Code);
    }

    [Theory]
    [InlineData(1)]       // If-Match
    [InlineData(5)]       // If-None-Match
    [InlineData(65001)]
    public void Critical_option_that_means_nothing_is_a_bad_option(int number)
    {
        var message = TestRequest.Make(CoapCode.Get, "/3/0/9");

        Assert.Equal(CoapCode.BadOption, Refuse(message.With(message.Options.With(new OptionNumber((ushort)number), [1]), default)).Code);
    }

    [Fact]
    public void Elective_option_that_means_nothing_is_left_aside()
    {
        var message = TestRequest.Make(CoapCode.Get, "/3/0/9");

        Assert.Equal(new Lwm2mRequest.Read(new(3, 0, 9)), Decode(message.With(message.Options.With(new OptionNumber(65000), [1]), default)));
    }

    [Fact]
    public void Alternate_path_must_be_in_front()
    {
        Assert.Equal(new Lwm2mRequest.Read(new(3, 0, 9)), Decode(TestRequest.Make(CoapCode.Get, "/lwm2m/3/0/9"), "/lwm2m"));
        Assert.Equal(CoapCode.NotFound, Refuse(TestRequest.Make(CoapCode.Get, "/3/0/9"), "/lwm2m").Code);
        Assert.Equal(CoapCode.NotFound, Refuse(TestRequest.Make(CoapCode.Get, "/lwm2m2/3/0/9"), "/lwm2m").Code);
        Assert.Equal(CoapCode.NotFound, Refuse(TestRequest.Make(CoapCode.Get, "/a"), "/a/b").Code);
    }

    private static Lwm2mRequest Decode(CoapMessage message, string root = "")
    {
        Assert.True(OperationCodec.TryDecode(message, TestCatalog.Scope(root: root), out var request, out var refusal), refusal is null ? "" : TestRequest.Diagnostic(refusal));
        return request;
    }

    private static CoapMessage Refuse(CoapMessage message, string root = "")
    {
        Assert.False(OperationCodec.TryDecode(message, TestCatalog.Scope(root: root), out var request, out var refusal), $"taken for {request}");
        return refusal!;
    }
}
