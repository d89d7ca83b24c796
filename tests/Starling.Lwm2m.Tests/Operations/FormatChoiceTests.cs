using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>Which format is used where the operation left it open: announced, implied by the version, not refused.</summary>
public class FormatChoiceTests
{
    private static readonly Lwm2mRecord[] _two = [new(new(3, 0, 13), Lwm2mValue.Time(1)), new(new(3, 0, 15), "UTC")];

    [Theory]
    [InlineData("1.0", "", 11542)]
    [InlineData("1.0", "110 112", 11542)]                 // 1.0 has TLV, whatever else
    [InlineData("1.1", "", 112)]
    [InlineData("1.1", "60 110", 110)]
    [InlineData("1.1", "11542", 11542)]
    [InlineData("1.1", "60", 112)]
    [InlineData("1.2", "", 112)]
    [InlineData("1.2", "60 110 112 11544", 11544)]
    [InlineData("1.2", "11544", 11544)]
    [InlineData("1.2", "110", 110)]
    [InlineData("1.1", "112 11544", 112)]
    public void Several_values_travel_in_what_the_peer_has(string version, string announced, int format)
    {
        var scope = Scope(version, announced);

        Assert.Equal(format, Accept(new Lwm2mRequest.Read(new(3, 0)), scope));
        Assert.Equal(format, Body(new Lwm2mRequest.Write(new(3, 0), _two), scope));
        Assert.Equal(format, Body(new Lwm2mRequest.Create(new(3303), 1, [new(new(3303, 1, 5750), "x")]), scope));
        Assert.Equal(0, Accept(new Lwm2mRequest.Read(new(3, 0, 9)), scope));
        Assert.Equal(42, Body(new Lwm2mRequest.Write(new(5, 0, 0), [new(new(5, 0, 0), new byte[] { 1 })]), scope));
    }

    [Theory]
    [InlineData("1.2", "60 110 112 11544", 112)]          // LwM2M CBOR has no times, and what is kept comes with times
    [InlineData("1.2", "11544", 11544)]
    [InlineData("1.1", "110", 110)]
    [InlineData("1.0", "", 11542)]
    public void Observations_ask_for_a_format_with_times(string version, string announced, int format)
    {
        var scope = Scope(version, announced);

        Assert.Equal(format, Accept(new Lwm2mRequest.Observe(new(3, 0)), scope));
        Assert.Equal(format, Accept(new Lwm2mRequest.CancelObserve(new(3, 0)), scope));
        Assert.Equal(0, Accept(new Lwm2mRequest.Observe(new(3, 0, 9)), scope));
        Assert.Equal(format, Accept(new Lwm2mRequest.Observe(new(3, 0, 9), Attributes: new NotificationAttributes { HistoricalQueue = 5 }), scope));
        Assert.Equal(0, Accept(new Lwm2mRequest.Observe(new(3, 0, 9), Attributes: new NotificationAttributes { HistoricalQueue = 0 }), scope));
    }

    [Theory]
    [InlineData("1.1", "", 112, 112, 112, 112)]
    [InlineData("1.1", "110", 110, 110, 110, 110)]
    [InlineData("1.1", "322 110 112", 112, 112, 322, 322)]
    [InlineData("1.2", "", 112, 112, 322, 322)]
    [InlineData("1.2", "110", 110, 110, 320, 320)]
    [InlineData("1.2", "110 320", 110, 110, 320, 320)]
    [InlineData("1.2", "112 320", 112, 112, 320, 320)]
    [InlineData("1.2", "60 110 112 11544", 11544, 112, 322, 11544)]
    [InlineData("1.2", "11544 320", 11544, 11544, 320, 11544)]
    public void Composites_travel_in_what_the_peer_has(string version, string announced, int answer, int observed, int paths, int patch)
    {
        var scope = Scope(version, announced);
        var read = OperationCodec.Encode(new Lwm2mRequest.ReadComposite([new(3)]), scope);
        Assert.Equal(answer, (int?)read.Options.Accept?.Value);
        Assert.Equal(paths, (int?)read.Options.ContentFormat?.Value);
        Assert.Equal(observed, Accept(new Lwm2mRequest.ObserveComposite([new(3)]), scope));
        Assert.Equal(patch, Body(new Lwm2mRequest.WriteComposite(_two), scope));
        Assert.Contains(Body(new Lwm2mRequest.WriteComposite([new(new(19, 0, 0, 1), Lwm2mValue.Null)]), scope), new int?[] { 320, 322 });
    }

    [Theory]
    [InlineData("1.1", false, 112)]
    [InlineData("1.2", false, 11544)]
    [InlineData("1.2", true, 112)]
    public void Send_is_what_every_server_of_the_version_reads(string version, bool hasTimes, int format)
    {
        Lwm2mRecord[] records = [.. _two.Select(r => r with { Time = hasTimes ? DateTimeOffset.UnixEpoch.AddYears(50) : null })];
        Assert.Equal(format, Body(new Lwm2mRequest.Send(records), Scope(version)));
        Assert.Equal(112, Body(new Lwm2mRequest.Send([_two[1], _two[1]]), Scope(version)));   // a path twice
    }

    [Theory]
    [InlineData("1.0", 11542, 11542)]
    [InlineData("1.1", 112, 112)]
    [InlineData("1.2", 11544, 112)]
    public void Client_answers_by_version_where_nothing_was_asked_for(string version, int read, int observed)
    {
        var response = new Lwm2mResponse(CoapCode.Content) { Records = [.. _two] };
        Assert.Equal(read, Answer(new Lwm2mRequest.Read(new(3, 0)), response, version));
        Assert.Equal(observed, Answer(new Lwm2mRequest.Observe(new(3, 0)), response, version));
        if (version != "1.0")
        {
            Assert.Equal(read, Answer(new Lwm2mRequest.ReadComposite([new(3, 0)]), response, version));
            Assert.Equal(observed, Answer(new Lwm2mRequest.ObserveComposite([new(3, 0)]), response, version));
        }
        var history = new Lwm2mResponse(CoapCode.Content) { Records = [_two[0] with { Time = DateTimeOffset.UnixEpoch.AddYears(50) }, _two[0]] };
        Assert.Equal(version == "1.0" ? null : 112, Answer(new Lwm2mRequest.Read(new(3, 0)), history, version));
    }

    [Fact]
    public void Refused_body_is_told_in_the_next_format_and_the_refusal_remembered()
    {
        var scope = Scope("1.2", "110 112 11544");
        var request = new Lwm2mRequest.Write(new(3, 0), _two);
        var told = new List<int>();
        var sent = OperationCodec.Encode(request, scope);
        for (var message = sent; message is not null && told.Count < 5;)
        {
            told.Add(message.Options.ContentFormat!.Value.Value);
            message = FormatRefusal.Retry(request, message, CoapCode.UnsupportedContentFormat, scope, out var learned);
            scope = scope with { Formats = learned };
        }
        Assert.Equal([11544, 112, 110, 11542, 11544], told);   // when all are refused, the first is as good as any
        Assert.Equal([110, 112, 11544], scope.Formats.Announced.Select(f => (int)f.Value));
    }

    [Fact]
    public void Refused_text_is_told_in_a_format_of_several_values_and_teaches_nothing()
    {
        var scope = Scope("1.1");
        var request = new Lwm2mRequest.Write(new(3, 0, 15), [new(new(3, 0, 15), "UTC")]);
        var again = FormatRefusal.Retry(request, OperationCodec.Encode(request, scope), CoapCode.UnsupportedContentFormat, scope, out var learned);

        Assert.Equal(112, (int?)again?.Options.ContentFormat?.Value);
        Assert.Same(scope.Formats, learned);
    }

    [Fact]
    public void Refused_list_of_paths_is_told_in_the_next_format()
    {
        var scope = Scope("1.2");
        var request = new Lwm2mRequest.ObserveComposite([new(3)]);
        var again = FormatRefusal.Retry(request, OperationCodec.Encode(request, scope), CoapCode.UnsupportedContentFormat, scope, out var learned);

        Assert.Equal(320, (int?)again?.Options.ContentFormat?.Value);
        Assert.Equal(0u, again!.Options.Observe);
        Assert.True(learned.Refuses(ContentFormat.SenmlEtchCbor));
    }

    [Fact]
    public void Format_that_the_caller_chose_is_not_changed()
    {
        var scope = Scope("1.1");
        Lwm2mRequest[] requests =
        [
            new Lwm2mRequest.Write(new(3, 0), _two, Format: ContentFormat.SenmlJson), new Lwm2mRequest.WriteComposite(_two, ContentFormat.SenmlJson),
            new Lwm2mRequest.ReadComposite([new(3)], Format: ContentFormat.SenmlJson), new Lwm2mRequest.Execute(new(3, 0, 4), "1"),
        ];
        foreach (var request in requests)
        {
            Assert.Null(FormatRefusal.Retry(request, OperationCodec.Encode(request, scope), CoapCode.UnsupportedContentFormat, scope, out _));
        }
        var write = new Lwm2mRequest.Write(new(3, 0), _two);
        Assert.Null(FormatRefusal.Retry(write, OperationCodec.Encode(write, scope), CoapCode.BadRequest, scope, out _));
        // What TLV would have to say has times, which it has not.
        var timed = new Lwm2mRequest.Write(new(3, 0), [.. _two.Select(r => r with { Time = DateTimeOffset.UnixEpoch.AddYears(50) })]);
        var refusing = scope with { Formats = PeerFormats.Unknown.Refusing(ContentFormat.SenmlJson).Refusing(ContentFormat.Lwm2mCbor) };
        Assert.Null(FormatRefusal.Retry(timed, OperationCodec.Encode(timed, refusing), CoapCode.UnsupportedContentFormat, refusing, out _));
    }

    [Fact]
    public void Refused_accept_leaves_the_choice_to_the_device_and_its_choice_is_asked_for_from_then_on()
    {
        var scope = Scope("1.2", "112 11544");
        var request = new Lwm2mRequest.Read(new(3, 0));
        var again = FormatRefusal.Retry(request, OperationCodec.Encode(request, scope), CoapCode.NotAcceptable, scope, out var unchanged);
        Assert.False(again!.Options.Has(OptionNumber.Accept));
        Assert.Same(scope.Formats, unchanged);

        var learned = FormatRefusal.Learn(TestRequest.Make(CoapCode.Content, "/", format: 11542), unchanged);
        Assert.Equal(11542, Accept(request, scope with { Formats = learned }));
        Assert.Equal(11544, Accept(new Lwm2mRequest.ReadComposite([new(3)]), scope with { Formats = learned }));   // TLV has no names of its own
        Assert.Equal(0, Accept(new Lwm2mRequest.Read(new(3, 0, 9)), scope with { Formats = learned }));

        Assert.Same(unchanged, FormatRefusal.Learn(TestRequest.Make(CoapCode.Content, "/", format: 0), unchanged));
        Assert.Same(unchanged, FormatRefusal.Learn(TestRequest.Make(CoapCode.NotFound, "/", format: 11542), unchanged));

        var discover = new Lwm2mRequest.Discover(new(3));
        Assert.Null(FormatRefusal.Retry(discover, OperationCodec.Encode(discover, scope), CoapCode.NotAcceptable, scope, out _));
    }

    private static OperationScope Scope(string version, string announced = "") => TestCatalog.Scope(version) with
    {
        Formats = new PeerFormats([.. announced.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => new ContentFormat(ushort.Parse(n, null)))]),
    };

    private static int? Accept(Lwm2mRequest request, in OperationScope scope) => OperationCodec.Encode(request, scope).Options.Accept?.Value;

    private static int? Body(Lwm2mRequest request, in OperationScope scope) => OperationCodec.Encode(request, scope).Options.ContentFormat?.Value;

    private static int? Answer(Lwm2mRequest request, Lwm2mResponse response, string version) =>
        OperationCodec.EncodeResponse(request, response, TestCatalog.Scope(version)) is { Code.IsSuccess: true } message ? message.Options.ContentFormat?.Value : null;
}
