using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

public class RegistrationCodecTests
{
    [Fact]
    public void Register_with_all_parameters_is_decoded()
    {
        var request = Decode<Lwm2mRequest.Register>(TestRequest.Register("ep=urn:dev:1&lt=300&lwm2m=1.2&b=UT&Q&sms=491701234567", "</1/0>,</3/0>,</5>;ver=1.1"));

        Assert.Equal("urn:dev:1", request.Endpoint);
        Assert.Equal(300, request.Lifetime);
        Assert.Equal(Lwm2mVersion.V12, request.Version);
        Assert.Equal("UT", request.Binding);
        Assert.True(request.QueueMode);
        Assert.Equal("491701234567", request.SmsNumber);
        Assert.Equal([new(1, 0), new(3, 0), new(5)], request.Links.Paths);
        Assert.Equal(new ObjectVersion(1, 1), request.Links.Versions[5]);
    }

    [Fact]
    public void Register_with_the_endpoint_alone_leaves_the_rest_open()
    {
        var request = Decode<Lwm2mRequest.Register>(TestRequest.Make(CoapCode.Post, "/rd", "ep=a"));

        Assert.Null(request.Lifetime);
        Assert.Equal(Lwm2mVersion.V10, request.Version);
        Assert.Null(request.Binding);
        Assert.False(request.QueueMode);
        Assert.Null(request.SmsNumber);
        Assert.Empty(request.Links.Paths);
    }

    [Theory]
    [InlineData("U", "U", false)]
    [InlineData("UQ", "U", true)]
    [InlineData("SQ", "S", true)]
    [InlineData("UQS", "US", true)]
    [InlineData("US", "US", false)]
    public void Register_of_1_0_tells_queue_mode_in_its_binding(string told, string binding, bool queueMode)
    {
        var request = Decode<Lwm2mRequest.Register>(TestRequest.Register($"ep=a&lt=60&lwm2m=1.0&b={told}"));

        Assert.Equal(binding, request.Binding);
        Assert.Equal(queueMode, request.QueueMode);
    }

    [Theory]
    [InlineData("ep=a&lt=60&foo=bar&hb&d=example")]
    [InlineData("ep=a&lt=60&=&pids=6:27354b9a")]
    public void Unknown_parameters_are_left_aside(string query) =>
        Assert.Equal("a", Decode<Lwm2mRequest.Register>(TestRequest.Register(query)).Endpoint);

    [Theory]
    [InlineData("6:27354b9a", "6:27354b9a")]
    [InlineData("1:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "1:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    [InlineData("oma:Meter-1", "oma:Meter-1")]
    [InlineData("\"v:a\"", "v:a")]
    [InlineData("\"6:27354b9a,oma:X,v:y-1,v:y-1\"", "6:27354b9a oma:X v:y-1")]
    public void Profile_ids_are_one_or_a_quoted_list(string told, string ids)
    {
        var request = Decode<Lwm2mRequest.Register>(TestRequest.Make(CoapCode.Post, "/rd", $"ep=a&lt=60&lwm2m=1.2&pid={told}"));
        Assert.Equal(ids.Split(' '), request.ProfileIds);
        Assert.Empty(request.Links.Paths);

        var update = Decode<Lwm2mRequest.Update>(TestRequest.Make(CoapCode.Post, "/rd/x", $"pid={told}"));
        Assert.Equal(ids.Split(' '), update.ProfileIds);
        Assert.Null(Decode<Lwm2mRequest.Update>(TestRequest.Make(CoapCode.Post, "/rd/x", "lt=60")).ProfileIds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("6")]
    [InlineData("6:")]
    [InlineData("6:2735")]             // less than 32 bits
    [InlineData("6:27354B9A")]         // upper case
    [InlineData("7:27354b9a")]         // no suite
    [InlineData("16:27354b9a")]
    [InlineData("oma:")]
    [InlineData("x:a")]
    [InlineData("v:a.b")]
    [InlineData("v:a,v:b")]            // a list without quotes
    [InlineData("\"v:a,\"")]
    [InlineData("\"\"")]
    [InlineData("\"")]
    [InlineData("\"v:a,v:b,v:c,v:d,v:e,v:f,v:g,v:h,v:i,v:j,v:k,v:l,v:m,v:n,v:o,v:p,v:q\"")]   // 17
    [InlineData("v:\u00e4")]
    public void Profile_ids_of_another_grammar_are_refused(string told)
    {
        var refusal = Refuse(TestRequest.Make(CoapCode.Post, "/rd", $"ep=a&lt=60&lwm2m=1.2&pid={told}"));

        Assert.Equal(CoapCode.BadRequest, refusal.Code);
        Assert.Contains("'pid'", TestRequest.Diagnostic(refusal), StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_ids_that_cannot_be_told_are_an_argument_error()
    {
        Assert.Equal("pid=v:a", Told(["v:a"]));
        Assert.Equal("pid=\"v:a,6:27354b9a\"", Told(["v:a", "6:27354b9a"]));
        Assert.Equal("", Told([]));
        Assert.Throws<ArgumentException>(() => Told(["v:a,b"]));
        Assert.Throws<ArgumentException>(() => Told([.. Enumerable.Range(0, 17).Select(i => $"v:{i}")]));
        Assert.Throws<ArgumentException>(() => Told([.. Enumerable.Range(1, 6).Select(i => $"{i}:{new string('0', 64)}")]));   // too long for a query

        static string Told(string[] ids) => RegistrationCodec.Encode(new Lwm2mRequest.Update("rd/x", ProfileIds: ids)).Options.UriQuery;
    }

    [Theory]
    [InlineData("ep=&lt=60", "'ep'")]
    [InlineData("ep&lt=60", "'ep'")]
    [InlineData("ep=a&ep=b", "'ep' is told twice")]
    [InlineData("ep=a\u0000b", "'ep'")]
    [InlineData("ep=a\u0085b", "'ep'")]
    [InlineData("ep=a&lt=", "'lt'")]
    [InlineData("ep=a&lt=-1", "'lt'")]
    [InlineData("ep=a&lt=1e3", "'lt'")]
    [InlineData("ep=a&lt=6 0", "'lt'")]
    [InlineData("ep=a&lt=100000000000000000000000", "'lt'")]
    [InlineData("ep=a&lwm2m=one", "'lwm2m'")]
    [InlineData("ep=a&lwm2m=1", "'lwm2m'")]
    [InlineData("ep=a&lwm2m=1.2.3.4", "'lwm2m'")]
    [InlineData("ep=a&b=X", "'b'")]
    [InlineData("ep=a&b=UUUUUUUUUUUUUUUUUUUU", "'b'")]
    public void Bad_parameter_is_refused_by_name(string query, string named)
    {
        var refusal = Refuse(TestRequest.Register(query));

        Assert.Equal(CoapCode.BadRequest, refusal.Code);
        Assert.Contains(named, TestRequest.Diagnostic(refusal));
    }

    [Fact]
    public void Endpoint_of_255_bytes_is_taken_and_a_longer_one_is_not()
    {
        Assert.Equal(255, Decode<Lwm2mRequest.Register>(TestRequest.Register("ep=" + new string('x', 255))).Endpoint!.Length);
        Assert.Equal(CoapCode.BadRequest, Refuse(TestRequest.Register("ep=" + new string('x', 256))).Code);
        Assert.Equal(CoapCode.BadRequest, Refuse(TestRequest.Register("ep=" + new string('é', 128))).Code);
    }

    [Fact]
    public void Endpoint_that_is_no_utf8_is_refused()
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, "/rd");
        options.Add(OptionNumber.UriQuery, [(byte)'e', (byte)'p', (byte)'=', 0xff, 0xfe]);

        Assert.Equal(CoapCode.BadRequest, Refuse(new CoapMessage { Code = CoapCode.Post, Options = options.Build() }).Code);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("86400", 86400)]
    [InlineData("00060", 60)]
    [InlineData("4294967295", 4294967295)]
    [InlineData("4294967296", 4294967295)]
    [InlineData("99999999999999999999", 4294967295)]
    public void Lifetime_is_kept_within_32_bits(string told, long kept) =>
        Assert.Equal(kept, Decode<Lwm2mRequest.Register>(TestRequest.Register($"ep=a&lt={told}")).Lifetime);

    [Theory]
    [InlineData("1.1", 1, 1)]
    [InlineData("1.2.1", 1, 2)]
    [InlineData("2.0", 2, 0)]
    public void Version_is_decoded_even_when_it_is_not_supported(string told, byte major, byte minor) =>
        Assert.Equal(new Lwm2mVersion(major, minor), Decode<Lwm2mRequest.Register>(TestRequest.Register($"ep=a&lwm2m={told}")).Version);

    [Fact]
    public void List_without_content_format_is_taken()
    {
        var message = TestRequest.Make(CoapCode.Post, "/rd/abc", payload: "</3/0>"u8.ToArray());

        Assert.Equal([new(3, 0)], Decode<Lwm2mRequest.Update>(message).Links!.Paths);
    }

    [Theory]
    [InlineData("/rd", 112, "</3/0>")]
    [InlineData("/rd", 40, "</3/0")]
    [InlineData("/rd/abc", 0, "</3/0>")]
    [InlineData("/rd/abc", 40, "<<<<")]
    public void List_of_another_format_is_refused(string path, int format, string payload)
    {
        var refusal = Refuse(TestRequest.Make(CoapCode.Post, path, "ep=a", format, payload: Encoding.UTF8.GetBytes(payload)));

        Assert.Equal(CoapCode.BadRequest, refusal.Code);
        Assert.Contains("list of objects", TestRequest.Diagnostic(refusal));
    }

    [Fact]
    public void Update_without_parameters_changes_nothing() =>
        Assert.Equal(new Lwm2mRequest.Update("rd/abc"), Decode<Lwm2mRequest.Update>(TestRequest.Make(CoapCode.Post, "/rd/abc")));

    [Fact]
    public void Update_tells_what_changed() =>
        Assert.Equal(
            new Lwm2mRequest.Update("rd/abc", 120, "UT", true, "49170"),
            Decode<Lwm2mRequest.Update>(TestRequest.Make(CoapCode.Post, "/rd/abc", "lt=120&b=UT&Q&sms=49170")));

    [Fact]
    public void Update_with_an_empty_list_has_none() =>
        Assert.Null(Decode<Lwm2mRequest.Update>(TestRequest.Make(CoapCode.Post, "/rd/abc", format: 40)).Links);

    [Fact]
    public void Deregister_names_its_location() =>
        Assert.Equal(new Lwm2mRequest.Deregister("rd/abc"), Decode<Lwm2mRequest.Deregister>(TestRequest.Make(CoapCode.Delete, "/rd/abc")));

    [Theory]
    [InlineData("/", 0x02, "4.04")]
    [InlineData("/dp", 0x02, "4.04")]
    [InlineData("/rdx", 0x02, "4.04")]
    [InlineData("/rd/a/b", 0x02, "4.04")]
    [InlineData("/rd/a b", 0x02, "4.04")]
    [InlineData("/rd/ä", 0x02, "4.04")]
    [InlineData("/rd", 0x01, "4.05")]
    [InlineData("/rd", 0x04, "4.05")]
    [InlineData("/rd/abc", 0x01, "4.05")]
    [InlineData("/rd/abc", 0x03, "4.05")]
    [InlineData("/rd/abc", 0x05, "4.05")]
    public void What_is_no_registration_is_refused(string path, byte code, string refused) =>
        Assert.Equal(refused, Refuse(TestRequest.Make(new CoapCode(code), path)).Code.ToString());

    [Fact]
    public void Location_with_an_empty_or_endless_segment_is_nowhere()
    {
        var slash = new CoapOptionsBuilder();
        slash.Add(OptionNumber.UriPath, "rd");
        slash.Add(OptionNumber.UriPath, "");

        Assert.Equal(CoapCode.NotFound, Refuse(new CoapMessage { Code = CoapCode.Post, Options = slash.Build() }).Code);
        Assert.Equal(CoapCode.NotFound, Refuse(TestRequest.Make(CoapCode.Post, "/rd/" + new string('x', 65))).Code);
    }

    [Fact]
    public void Register_reads_its_links_from_the_cache()
    {
        var cache = new LinkListCache();
        RegistrationCodec.TryDecode(TestRequest.Register("ep=a"), cache, out var first, out _);
        RegistrationCodec.TryDecode(TestRequest.Register("ep=b"), cache, out var second, out _);

        Assert.Same(((Lwm2mRequest.Register)first!).Links, ((Lwm2mRequest.Register)second!).Links);
    }

    [Fact]
    public void Location_goes_as_two_segments_and_comes_back()
    {
        var message = RegistrationCodec.EncodeResponse(new Lwm2mResponse(CoapCode.Created) { Location = "rd/5a3f" });

        Assert.Equal(["rd", "5a3f"], message.Options.GetStrings(OptionNumber.LocationPath));
        Assert.Equal("rd/5a3f", RegistrationCodec.DecodeResponse(message).Location);
    }

    [Fact]
    public void Refusal_goes_with_its_reason_and_comes_back_without_control_characters()
    {
        var message = RegistrationCodec.EncodeResponse(new Lwm2mResponse(CoapCode.PreconditionFailed) { Diagnostic = "no\u0007 2.0" });
        var response = RegistrationCodec.DecodeResponse(message);

        Assert.Equal(CoapCode.PreconditionFailed, response.Code);
        Assert.Equal("no  2.0", response.Diagnostic);
        Assert.Null(response.Location);
    }

    [Fact]
    public void Register_of_1_0_puts_Q_behind_the_first_letter()
    {
        var request = new Lwm2mRequest.Register("a", 60, Lwm2mVersion.V10, "US", true, null, LinkList.None);

        Assert.Equal("ep=a&lt=60&lwm2m=1.0&b=UQS", RegistrationCodec.Encode(request).Options.UriQuery);
    }

    [Fact]
    public void Operation_that_is_no_registration_cannot_be_encoded() =>
        Assert.Throws<ArgumentException>(() => RegistrationCodec.Encode(new Lwm2mRequest.Read(new(3))));

    [Fact]
    public void Any_options_and_payload_are_decoded_or_refused()
    {
        var random = new Random(20261121);
        for (var i = 0; i < 20_000; i++)
        {
            var message = Random(random);
            RegistrationCodec.TryDecode(message, null, out var request, out var refusal);
            Assert.True(request is null != refusal is null);
        }
    }

    private static CoapMessage Random(Random random)
    {
        string[] parts = ["ep=", "lt=", "lwm2m=", "b=", "Q", "sms=", "pid=", "e", "=", ""];
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, random.Next(2) == 0 ? "/rd" : "/rd/x");
        for (var n = random.Next(5); n > 0; n--)
        {
            var tail = new byte[random.Next(12)];
            random.NextBytes(tail);
            options.Add(OptionNumber.UriQuery, [.. Encoding.ASCII.GetBytes(parts[random.Next(parts.Length)]), .. tail]);
        }
        var payload = new byte[random.Next(20)];
        random.NextBytes(payload);
        return new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = payload };
    }

    private static T Decode<T>(CoapMessage message) where T : Lwm2mRequest
    {
        Assert.True(RegistrationCodec.TryDecode(message, null, out var request, out var refusal), refusal is null ? "" : TestRequest.Diagnostic(refusal));
        return Assert.IsType<T>(request);
    }

    private static CoapMessage Refuse(CoapMessage message)
    {
        Assert.False(RegistrationCodec.TryDecode(message, null, out _, out var refusal));
        return refusal!;
    }
}
