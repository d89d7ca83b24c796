using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Fuzz.Targets;

/// <summary>
/// Register and Update: a first byte for the kind, query parameters between ampersands, a line feed, the list. What is accepted must be the same
/// after it was encoded and decoded again.
/// </summary>
public sealed class RegistrationTarget : FuzzTarget
{
    public override string Name => "registration";

    public override IEnumerable<byte[]> Seeds =>
    [
        "\u0000ep=urn:dev:1&lt=300&lwm2m=1.2&b=UT&Q&sms=491701234567\n</>;rt=\"oma.lwm2m\";ct=\"60 112\",</1/0>,</3/0>,</5>;ver=1.1"u8.ToArray(),
        "\u0000ep=node&lt=86400&b=UQ\n</lwm2m>;rt=\"oma.lwm2m\",</lwm2m/1/0>"u8.ToArray(),
        "\u0000ep=p&lt=60&lwm2m=1.2&pid=\"6:27354b9a,oma:Base-1\"\n"u8.ToArray(),
        "\u0001lt=60&b=U\n"u8.ToArray(),
        "\u0001\n</3/0>,</3303/0>;ver=\"1.1\""u8.ToArray(),
    ];

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        "ep="u8.ToArray(), "&lt="u8.ToArray(), "&lwm2m=1.0"u8.ToArray(), "&b="u8.ToArray(), "&Q"u8.ToArray(), "&sms="u8.ToArray(), "&pid="u8.ToArray(), "\"v:a,6:00112233\""u8.ToArray(), "\n"u8.ToArray(),
        "4294967296"u8.ToArray(), "UQS"u8.ToArray(), [0xc3, 0xa4], [0xff], [0], "</65534/65534>"u8.ToArray(), ";ver="u8.ToArray(), ",</"u8.ToArray(),
    ];

    public override int Run(ReadOnlySpan<byte> input)
    {
        if (!RegistrationCodec.TryDecode(Message(input), null, out var request, out var refusal))
        {
            OracleException.Require(refusal.Code.Class == 4, $"Refused with {refusal.Code}.");
            return refusal.Payload.Length;
        }
        OracleException.Require(RegistrationCodec.TryDecode(RegistrationCodec.Encode(request), null, out var again, out _), $"{request} is refused when it is sent.");
        switch (request, again)
        {
            case (Lwm2mRequest.Register first, Lwm2mRequest.Register second):
                Same(first.Links, second.Links);
                // 1.0 has no Q alone: it is told with the binding that is meant where there is none.
                var meant = first is { Binding: null, QueueMode: true } && first.Version < Lwm2mVersion.V11 ? "U" : first.Binding;
                OracleException.Require(first with { Links = second.Links, Binding = meant, ProfileIds = second.ProfileIds } == second, $"{first} became {second}.");
                Same(first.ProfileIds, second.ProfileIds);
                return 1000 + Math.Min(first.Links.Paths.Count, 20) + (first.QueueMode ? 100 : 0);
            case (Lwm2mRequest.Update first, Lwm2mRequest.Update second):
                Same(first.Links ?? LinkList.None, second.Links ?? LinkList.None);
                OracleException.Require(first with { Links = second.Links, ProfileIds = second.ProfileIds } == second, $"{first} became {second}.");
                Same(first.ProfileIds, second.ProfileIds);
                return 2000 + (first.Links is null ? 0 : 1) + (first.Binding is null ? 0 : 2) + (first.Lifetime is null ? 0 : 4);
            default:
                throw new OracleException($"{request} became {again}.");
        }
    }

    private static void Same(LinkList first, LinkList second) =>
        OracleException.Require(first.Paths.SequenceEqual(second.Paths) && first.Root == second.Root, $"{first} became {second}.");

    private static void Same(IReadOnlyList<string>? first, IReadOnlyList<string>? second) =>
        OracleException.Require((first ?? []).SequenceEqual(second ?? []), $"{string.Join(' ', first ?? [])} became {string.Join(' ', second ?? [])}.");

    private static CoapMessage Message(ReadOnlySpan<byte> input)
    {
        var kind = input.IsEmpty ? 0 : input[0] & 1;
        input = input.IsEmpty ? input : input[1..];
        var end = input.IndexOf((byte)'\n');
        var query = end < 0 ? input : input[..end];
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, kind == 0 ? "rd" : "rd/5a3f");
        options.Add(OptionNumber.ContentFormat, ContentFormat.LinkFormat.Value);
        foreach (var part in query.Split((byte)'&'))
        {
            options.Add(OptionNumber.UriQuery, query[part]);
        }
        return new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = end < 0 ? default : input[(end + 1)..].ToArray() };
    }
}
