using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

public class ResponseTests
{
    private static readonly Lwm2mRequest.Read _readBattery = new(new(3, 0, 9));
    private static readonly Lwm2mRequest.Read _readDevice = new(new(3, 0));

    [Theory]
    [InlineData(0, "313030")]
    [InlineData(1541, "313030")]
    [InlineData(60, "1864")]
    [InlineData(11542, "C10964")]
    [InlineData(1542, "C10964")]
    [InlineData(112, "81A200662F332F302F39021864")]
    [InlineData(110, "5B7B226E223A222F332F302F39222C2276223A3130307D5D")]
    [InlineData(null, "313030")]     // without a format it is the one that was asked for
    public void Answer_is_decoded_in_whatever_format_it_came(int? format, string hex)
    {
        var response = OperationCodec.DecodeResponse(_readBattery, Answer(CoapCode.Content, format, Convert.FromHexString(hex)), TestCatalog.Scope());

        Assert.Equal("", response.Diagnostic);
        Assert.Equal([new(new(3, 0, 9), 100)], response.Records);
        Assert.Equal(format, (int?)response.Format?.Value);
    }

    [Theory]
    [InlineData(null, "C10964", "1.0")]
    [InlineData(null, "81A200662F332F302F39021864", "1.1")]
    public void Answer_of_several_values_without_a_format_is_the_one_that_was_asked_for(int? format, string hex, string version) =>
        Assert.Equal(
            [new(new(3, 0, 9), 100)],
            OperationCodec.DecodeResponse(_readDevice, Answer(CoapCode.Content, format, Convert.FromHexString(hex)), TestCatalog.Scope(version)).Records);

    [Theory]
    [InlineData(11543, "7B7D", "Malformed")]
    [InlineData(1543, "7B22", "Truncated")]
    [InlineData(50, "7B7D", "not supported")]
    [InlineData(0, "61", "text/plain")]
    [InlineData(112, "81", "senml+cbor")]
    [InlineData(11542, "C1", "tlv")]
    public void Answer_that_cannot_be_decoded_keeps_its_bytes_and_says_why(int format, string hex, string said)
    {
        var response = OperationCodec.DecodeResponse(_readBattery, Answer(CoapCode.Content, format, Convert.FromHexString(hex)), TestCatalog.Scope());

        Assert.True(response.Code.IsSuccess);
        Assert.Empty(response.Records);
        Assert.Equal(hex, Convert.ToHexString(response.Raw.Span));
        Assert.Contains(said, response.Diagnostic);
    }

    [Fact]
    public void Error_keeps_its_diagnostic_in_bounds()
    {
        var response = OperationCodec.DecodeResponse(_readBattery, CoapMessage.Error(CoapCode.Unauthorized, new string('x', 5000) + "\n"), TestCatalog.Scope());

        Assert.Equal(CoapCode.Unauthorized, response.Code);
        Assert.Equal(ResponseDecoder.MaxDiagnostic, response.Diagnostic.Length);
    }

    [Fact]
    public void Created_is_read_from_the_location_else_from_the_request()
    {
        var request = new Lwm2mRequest.Create(new(3303), 7, []);
        Assert.Equal(new Lwm2mPath(3303, 8), Created("/3303/8"));
        Assert.Equal(new Lwm2mPath(3303, 8), Created("/3303/8", "/lwm2m"));
        Assert.Equal(new Lwm2mPath(3303, 8), Created("/lwm2m/3303/8", "/lwm2m"));
        Assert.Equal(new Lwm2mPath(3303, 7), Created("/"));
        Assert.Equal(new Lwm2mPath(3303, 7), Created("/x/y"));
        Assert.Equal(new Lwm2mPath(3303, 7), Created("/3304/1"));
        Assert.Null(OperationCodec.DecodeResponse(request with { Instance = null }, CoapMessage.Response(CoapCode.Created), TestCatalog.Scope()).Created);

        Lwm2mPath? Created(string location, string root = "")
        {
            var options = new CoapOptionsBuilder();
            options.AddPath(OptionNumber.LocationPath, location);
            return OperationCodec.DecodeResponse(request, new CoapMessage { Code = CoapCode.Created, Options = options.Build() }, TestCatalog.Scope(root: root)).Created;
        }
    }

    [Fact]
    public void Created_goes_as_location()
    {
        var message = OperationCodec.EncodeResponse(
            new Lwm2mRequest.Create(new(3303), null, []), new Lwm2mResponse(CoapCode.Created) { Created = new(3303, 7) }, TestCatalog.Scope());

        Assert.Equal(["3303", "7"], message.Options.GetStrings(OptionNumber.LocationPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/lwm2m")]
    public void Discover_comes_back_as_it_went(string root)
    {
        var request = new Lwm2mRequest.Discover(new(3));
        CoreLink[] links = [new("/3", [new("ver", "1.1")]), new("/3/0", [new("pmin", "10")])];
        var message = OperationCodec.EncodeResponse(request, new Lwm2mResponse(CoapCode.Content) { Links = links }, TestCatalog.Scope(root: root));

        Assert.Equal(40, (int?)message.Options.ContentFormat?.Value);
        Assert.StartsWith($"<{root}/3>;ver=1.1,<{root}/3/0>", Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Equal(["/3", "/3/0"], OperationCodec.DecodeResponse(request, message, TestCatalog.Scope(root: root)).Links.Select(l => l.Target));
    }

    [Fact]
    public void Discover_of_another_format_or_of_nonsense_says_so()
    {
        var request = new Lwm2mRequest.Discover(new(3));

        Assert.Contains("not as", OperationCodec.DecodeResponse(request, Answer(CoapCode.Content, 0, "</3>"u8.ToArray()), TestCatalog.Scope()).Diagnostic);
        Assert.Contains("is no", OperationCodec.DecodeResponse(request, Answer(CoapCode.Content, 40, "</3"u8.ToArray()), TestCatalog.Scope()).Diagnostic);
    }

    [Theory]
    [InlineData("/3/0/9", null, "1.1", 0)]
    [InlineData("/3/0/9", 60, "1.1", 60)]
    [InlineData("/3/0/9", 112, "1.1", 112)]
    [InlineData("/3/0/9", 1542, "1.0", 1542)]
    [InlineData("/3/0", null, "1.1", 112)]
    [InlineData("/3/0", null, "1.0", 11542)]
    [InlineData("/3", null, "1.2", 11544)]
    public void Values_go_in_the_format_that_was_asked_for_or_fits(string path, int? accept, string version, int format)
    {
        var request = new Lwm2mRequest.Read(Lwm2mPath.Parse(path), accept is { } a ? new ContentFormat((ushort)a) : null);
        var response = new Lwm2mResponse(CoapCode.Content) { Records = new([new(new(3, 0, 9), 100)]) };
        var message = OperationCodec.EncodeResponse(request, response, TestCatalog.Scope(version));

        Assert.Equal(CoapCode.Content, message.Code);
        Assert.Equal(format, (int?)message.Options.ContentFormat?.Value);
        Assert.Equal(response.Records, OperationCodec.DecodeResponse(request, message, TestCatalog.Scope(version)).Records);
    }

    [Fact]
    public void Values_that_the_format_cannot_say_are_not_acceptable()
    {
        var response = new Lwm2mResponse(CoapCode.Content) { Records = new([new(new(9999, 0, 1, 0), 1), new(new(9999, 0, 1, 1), 2)]) };
        var message = OperationCodec.EncodeResponse(new Lwm2mRequest.Read(new(9999, 0, 1), ContentFormat.Text), response, TestCatalog.Scope());

        Assert.Equal(CoapCode.NotAcceptable, message.Code);
    }

    [Fact]
    public void Answer_without_values_is_an_empty_list()
    {
        var message = OperationCodec.EncodeResponse(new Lwm2mRequest.Read(new(3303)), new Lwm2mResponse(CoapCode.Content), TestCatalog.Scope());

        Assert.Equal("80", Convert.ToHexString(message.Payload.Span));
        Assert.Equal([new(new(3303), Lwm2mValue.Empty)], OperationCodec.DecodeResponse(new Lwm2mRequest.Read(new(3303)), message, TestCatalog.Scope()).Records);
    }

    [Fact]
    public void Error_goes_with_its_reason_and_without_a_format()
    {
        var message = OperationCodec.EncodeResponse(_readBattery, new Lwm2mResponse(CoapCode.NotFound) { Diagnostic = "no such" }, TestCatalog.Scope());

        Assert.Equal(CoapCode.NotFound, message.Code);
        Assert.Equal("no such", Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Null(message.Options.ContentFormat);
    }

    private static CoapMessage Answer(CoapCode code, int? format, byte[] payload)
    {
        var options = new CoapOptionsBuilder();
        if (format is { } number)
        {
            options.Add(OptionNumber.ContentFormat, (uint)number);
        }
        return new CoapMessage { Code = code, Options = options.Build(), Payload = payload };
    }
}
