using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

public class RequestEncoderTests
{
    [Theory]
    [InlineData("/3/0/0", "1.1", 0)]          // one value of a known type
    [InlineData("/3/0/0", "1.0", 0)]
    [InlineData("/5/0/0", "1.1", 42)]         // opaque
    [InlineData("/3/0/6/1", "1.1", 0)]        // one instance of a multiple resource
    [InlineData("/19/0/0/1", "1.2", 42)]
    [InlineData("/3/0/6", "1.1", 112)]        // multiple
    [InlineData("/3/0/6", "1.0", 11542)]
    [InlineData("/3/0", "1.2", 112)]
    [InlineData("/3", "1.0", 11542)]
    [InlineData("/3/0/77", "1.1", 112)]       // not known: may be multiple
    [InlineData("/9999/0/1", "1.0", 11542)]
    [InlineData("/9999/0/1/0", "1.1", 112)]
    public void Read_asks_for_the_format_that_fits(string path, string version, int accept)
    {
        var message = OperationCodec.Encode(new Lwm2mRequest.Read(Lwm2mPath.Parse(path)), TestCatalog.Scope(version));

        Assert.Equal(CoapCode.Get, message.Code);
        Assert.Equal(path, message.Options.UriPath);
        Assert.Equal(accept, (int?)message.Options.Accept?.Value);
        Assert.Null(message.Options.Observe);
        Assert.True(message.Payload.IsEmpty);
    }

    [Fact]
    public void Accept_that_is_told_is_sent()
    {
        Assert.Equal(110, Accept(new Lwm2mRequest.Read(new(3, 0, 0), ContentFormat.SenmlJson)));
        Assert.Equal(60, Accept(new Lwm2mRequest.Observe(new(3, 0, 0), ContentFormat.Cbor)));
        Assert.Equal(40, Accept(new Lwm2mRequest.Discover(new(3))));

        static int? Accept(Lwm2mRequest request) => OperationCodec.Encode(request, TestCatalog.Scope()).Options.Accept?.Value;
    }

    [Fact]
    public void Observe_and_cancel_differ_by_their_option()
    {
        Assert.Equal(0u, OperationCodec.Encode(new Lwm2mRequest.Observe(new(3, 0, 9)), TestCatalog.Scope()).Options.Observe);
        Assert.Equal(1u, OperationCodec.Encode(new Lwm2mRequest.CancelObserve(new(3, 0, 9)), TestCatalog.Scope()).Options.Observe);
    }

    [Theory]
    [InlineData("", "/3/0/9")]
    [InlineData("/lwm2m", "/lwm2m/3/0/9")]
    [InlineData("/a/b/", "/a/b/3/0/9")]
    public void Alternate_path_stands_in_front(string root, string wanted) =>
        Assert.Equal(wanted, OperationCodec.Encode(new Lwm2mRequest.Read(new(3, 0, 9)), TestCatalog.Scope(root: root)).Options.UriPath);

    [Theory]
    [InlineData(true, "PUT")]
    [InlineData(false, "POST")]
    public void Write_replaces_with_PUT_and_updates_with_POST(bool replace, string method)
    {
        var message = OperationCodec.Encode(new Lwm2mRequest.Write(new(3, 0), [new(new(3, 0, 15), "UTC")], replace), TestCatalog.Scope());

        Assert.Equal(method == "PUT" ? CoapCode.Put : CoapCode.Post, message.Code);
        Assert.Equal(112, (int?)message.Options.ContentFormat?.Value);
        Assert.False(message.Payload.IsEmpty);
    }

    [Fact]
    public void Write_of_one_known_value_is_text_or_bytes()
    {
        var text = OperationCodec.Encode(new Lwm2mRequest.Write(new(3, 0, 15), [new(new(3, 0, 15), "Europe/Rome")]), TestCatalog.Scope());
        Assert.Equal(0, (int?)text.Options.ContentFormat?.Value);
        Assert.Equal("Europe/Rome", Encoding.UTF8.GetString(text.Payload.Span));

        byte[] image = [1, 2, 3];
        var opaque = OperationCodec.Encode(new Lwm2mRequest.Write(new(5, 0, 0), [new(new(5, 0, 0), image)]), TestCatalog.Scope("1.0"));
        Assert.Equal(42, (int?)opaque.Options.ContentFormat?.Value);
        Assert.Equal(image, opaque.Payload.ToArray());
    }

    [Fact]
    public void Write_of_several_values_to_1_0_is_TLV()
    {
        var message = OperationCodec.Encode(
            new Lwm2mRequest.Write(new(3, 0, 6), [new(new(3, 0, 6, 0), 1), new(new(3, 0, 6, 1), 5)]), TestCatalog.Scope("1.0"));

        Assert.Equal(11542, (int?)message.Options.ContentFormat?.Value);
        Assert.Equal("8606410001410105", Convert.ToHexString(message.Payload.Span));
    }

    [Fact]
    public void Write_that_empties_a_multiple_resource_is_an_empty_list()
    {
        var request = new Lwm2mRequest.Write(new(3, 0, 6), [new(new(3, 0, 6), Lwm2mValue.Empty)]);

        Assert.Equal("80", Convert.ToHexString(OperationCodec.Encode(request, TestCatalog.Scope("1.1")).Payload.Span));
        Assert.Equal("8006", Convert.ToHexString(OperationCodec.Encode(request, TestCatalog.Scope("1.0")).Payload.Span));
    }

    [Fact]
    public void Execute_has_a_payload_only_with_arguments()
    {
        var bare = OperationCodec.Encode(new Lwm2mRequest.Execute(new(3, 0, 4)), TestCatalog.Scope());
        Assert.Equal(CoapCode.Post, bare.Code);
        Assert.True(bare.Payload.IsEmpty);
        Assert.Null(bare.Options.ContentFormat);

        var told = OperationCodec.Encode(new Lwm2mRequest.Execute(new(3, 0, 4), "0='U',1"), TestCatalog.Scope());
        Assert.Equal("0='U',1", Encoding.UTF8.GetString(told.Payload.Span));
        Assert.Equal(0, (int?)told.Options.ContentFormat?.Value);
    }

    [Fact]
    public void Create_names_its_instance_in_the_payload()
    {
        Lwm2mRecord[] records = [new(new(3303, 7, 5750), "x")];

        var named = OperationCodec.Encode(new Lwm2mRequest.Create(new(3303), 7, records), TestCatalog.Scope("1.0"));
        Assert.Equal(CoapCode.Post, named.Code);
        Assert.Equal("/3303", named.Options.UriPath);
        Assert.Equal("0407E1167678", Convert.ToHexString(named.Payload.Span));   // instance 7 { 5750 = "x" }

        var senml = OperationCodec.Encode(new Lwm2mRequest.Create(new(3303), 7, records), TestCatalog.Scope("1.1"));
        Assert.Equal(112, (int?)senml.Options.ContentFormat?.Value);
    }

    [Fact]
    public void Create_that_leaves_the_instance_open_goes_as_TLV_because_SenML_cannot_say_it()
    {
        Lwm2mRecord[] records = [new(new(3303, 0, 5750), "x")];
        var message = OperationCodec.Encode(new Lwm2mRequest.Create(new(3303), null, records), TestCatalog.Scope("1.2"));

        Assert.Equal(11542, (int?)message.Options.ContentFormat?.Value);
        Assert.Equal("E1167678", Convert.ToHexString(message.Payload.Span));
    }

    [Fact]
    public void WriteAttributes_is_PUT_with_queries_and_no_payload()
    {
        var attributes = new NotificationAttributes { MinimumPeriod = 10, GreaterThan = 42.5, Unset = AttributeNames.Step };
        var message = OperationCodec.Encode(new Lwm2mRequest.WriteAttributes(new(3303, 0, 5700), attributes), TestCatalog.Scope());

        Assert.Equal(CoapCode.Put, message.Code);
        Assert.Equal("pmin=10&gt=42.5&st", message.Options.UriQuery);
        Assert.Null(message.Options.ContentFormat);
        Assert.True(message.Payload.IsEmpty);
    }

    public static TheoryData<Lwm2mRequest> Impossible =>
    [
        new Lwm2mRequest.Read(Lwm2mPath.Root),
        new Lwm2mRequest.Discover(new(3, 0, 6, 0)),
        new Lwm2mRequest.Write(new(3), []),
        new Lwm2mRequest.Write(new(3, 0, 6, 0), [new(new(3, 0, 6, 0), 1)], Replace: false),
        new Lwm2mRequest.Write(new(3, 0, 6), [new(new(3, 0, 6, 0), 1)], Format: new ContentFormat(50)),
        new Lwm2mRequest.Write(new(3, 0, 6), [new(new(3, 0, 6, 0), 1), new(new(3, 0, 6, 1), 1)], Format: ContentFormat.Text),
        new Lwm2mRequest.Execute(new(3, 0)),
        new Lwm2mRequest.Execute(new(3, 0, 4), "not a list"),
        new Lwm2mRequest.Create(new(3, 0), null, []),
        new Lwm2mRequest.Create(new(3303), null, [new(new(3303, 0, 5750), "x")], ContentFormat.SenmlCbor),
        new Lwm2mRequest.Delete(new(3)),
        new Lwm2mRequest.Delete(new(3, 0, 6)),
        new Lwm2mRequest.WriteAttributes(new(3), NotificationAttributes.None),
        new Lwm2mRequest.Deregister("rd/a"),
        new Lwm2mRequest.ReadComposite([]),
        new Lwm2mRequest.ReadComposite([new(3)], Accept: ContentFormat.Tlv),
        new Lwm2mRequest.ReadComposite([new(3)], Format: ContentFormat.Lwm2mCbor),
        new Lwm2mRequest.WriteComposite([]),
        new Lwm2mRequest.WriteComposite([new(new(3, 0, 15), "UTC")], ContentFormat.Tlv),
        new Lwm2mRequest.WriteComposite([new(new(3, 0, 6, 0), Lwm2mValue.Null)], ContentFormat.SenmlCbor),
        new Lwm2mRequest.WriteComposite([new(new(3, 0), Lwm2mValue.Empty)]),
        new Lwm2mRequest.Observe(new(3, 0, 9), Attributes: new NotificationAttributes { Unset = AttributeNames.MinimumPeriod }),
        new Lwm2mRequest.Observe(new(3, 0, 9), Attributes: new NotificationAttributes { Step = 0 }),
        new Lwm2mRequest.ObserveComposite([new(3, 0, 9)], Attributes: new NotificationAttributes { Step = 1 }),
        new Lwm2mRequest.Send([new(new(3, 0, 9), 80)], ContentFormat.Tlv),
        new Lwm2mRequest.Send([new(new(3, 0, 9), 80, DateTimeOffset.UnixEpoch.AddYears(50))], ContentFormat.Lwm2mCbor),
    ];

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void Discover_has_a_depth_of_0_to_3(int depth) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OperationCodec.Encode(new Lwm2mRequest.Discover(new(3), depth), TestCatalog.Scope()));

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Operation_that_cannot_be_is_an_argument_error(Lwm2mRequest request) =>
        Assert.Throws<ArgumentException>(() => OperationCodec.Encode(request, TestCatalog.Scope()));
}
