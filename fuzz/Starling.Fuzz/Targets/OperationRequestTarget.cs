using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Fuzz.Targets;

/// <summary>
/// Requests to a client: a byte each for method, Content-Format, Accept and Observe (from 128 on a 1.0 server asks), then path, question mark, query, line feed and payload. What is
/// accepted must be the same operation after it was encoded and decoded again.
/// </summary>
public sealed class OperationRequestTarget : FuzzTarget
{
    private static readonly int[] _formats = [-1, 0, 42, 60, 110, 112, 11542, 40, 1541, 1542, 11543, 50, 11544, 320, 322, 1543];
    private readonly OperationScope _scope =
        new(ObjectCatalog.Standard.ViewFor(LinkList.None, Lwm2mVersion.V12), Lwm2mVersion.V11, Now: DateTimeOffset.UnixEpoch.AddYears(55));

    public override string Name => "operation-request";

    public override IEnumerable<byte[]> Seeds =>
    [
        [1, 0, 5, 0, .. "3/0?\n"u8], [1, 0, 1, 1, .. "3/0/9?\n"u8], [1, 0, 7, 0, .. "3?depth=1\n"u8], [1, 0, 1, 2, .. "3303/0/5700?\n"u8],
        [2, 0, 0, 0, .. "3/0/4?\n0='U',1"u8], [3, 0, 0, 0, .. "3303/0/5700?pmin=1&gt=4.5&st\n"u8], [4, 0, 0, 0, .. "3303/1?\n"u8],
        [3, 1, 0, 0, .. "3/0/15?\nEurope/Rome"u8], [3, 2, 0, 0, .. "5/0/0?\nimage"u8],
        [3, 6, 0, 0, .. "3/0?\n"u8, .. Convert.FromHexString("C30F555443C40D6553F100")],
        [2, 6, 0, 0, .. "1/0?\n"u8, .. Convert.FromHexString("C10265C20303F2C10601C10755")],
        [2, 6, 0, 0, .. "3303?\n"u8, .. Convert.FromHexString("0407E1167678")],
        [2, 5, 0, 0, .. "3/0?\n"u8, .. Convert.FromHexString("81A200672F332F302F31350363555443")],
        [3, 4, 0, 0, .. "3/0?\n[{\"bn\":\"/3/0/\",\"n\":\"15\",\"vs\":\"UTC\"}]"u8],
        [3, 3, 0, 0, .. "3/0/13?\n"u8, .. Convert.FromHexString("1A6553F100")],
        [3, 10, 0, 128, .. "3/0?\n{\"bn\":\"/3/0/\",\"e\":[{\"n\":\"15\",\"sv\":\"UTC\"}]}"u8], [1, 0, 1, 1, .. "3303/0/5700?pmin=5&gt=21.5\n"u8],
    ];

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        "/65534"u8.ToArray(), "/65535"u8.ToArray(), "/0"u8.ToArray(), "?pmin"u8.ToArray(), "&pmax=1"u8.ToArray(), "?\n"u8.ToArray(), [0x86, 0x06], [0x80, 0x06], [0x00, 0x07],
        [0x80], [0x9f], [0xa2, 0x21], "[{"u8.ToArray(), "\"n\":"u8.ToArray(), "3/0/6"u8.ToArray(), "22/0/0"u8.ToArray(), "3336/0/5514"u8.ToArray(),
    ];

    public override int Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 4)
        {
            return 0;
        }
        var scope = input[3] < 128 ? _scope : _scope with { Version = Lwm2mVersion.V10 };
        if (!OperationCodec.TryDecode(Message(input), scope, out var request, out var refusal))
        {
            OracleException.Require(refusal.Code.Class == 4, $"Refused with {refusal.Code}.");
            return refusal.Code.Value + ((refusal.Payload.Length & 63) << 8);
        }
        if (request is Lwm2mRequest.Create { Instance: null, Format.Value: 110 or 112 or 1543 or 11543 or 11544 })
        {
            return 100_001;   // an empty list: nothing was said, so nothing can be said again
        }
        var message = OperationCodec.Encode(request, scope);
        OracleException.Require(OperationCodec.TryDecode(message, scope, out var again, out var why), $"{request} is refused when it is sent: {why?.Code}");
        OperationOracle.Compare(request, again);
        return 100_002 + (int)(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(request.GetType()) % 1000L);
    }

    private static CoapMessage Message(ReadOnlySpan<byte> input)
    {
        var (method, format, accept, observe) = (input[0] % 8, _formats[input[1] % _formats.Length], _formats[input[2] % _formats.Length], input[3] % 4);
        input = input[4..];
        var end = input.IndexOf((byte)'\n');
        var head = end < 0 ? input : input[..end];
        var mark = head.IndexOf((byte)'?');
        var options = new CoapOptionsBuilder();
        if (observe > 0)
        {
            options.Add(OptionNumber.Observe, (uint)observe - 1);
        }
        Add(ref options, OptionNumber.UriPath, mark < 0 ? head : head[..mark], (byte)'/');
        if (format >= 0)
        {
            options.Add(OptionNumber.ContentFormat, (uint)format);
        }
        Add(ref options, OptionNumber.UriQuery, mark < 0 ? default : head[(mark + 1)..], (byte)'&');
        if (accept >= 0)
        {
            options.Add(OptionNumber.Accept, (uint)accept);
        }
        return new CoapMessage { Code = new CoapCode((byte)method), Options = options.Build(), Payload = end < 0 ? default : input[(end + 1)..].ToArray() };
    }

    private static void Add(ref CoapOptionsBuilder options, OptionNumber number, ReadOnlySpan<byte> parts, byte separator)
    {
        foreach (var part in parts.Split(separator))
        {
            if (!parts.IsEmpty)
            {
                options.Add(number, parts[part]);
            }
        }
    }
}
