using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Fuzz.Targets;

/// <summary>
/// Composites to a client and Send to a server: a byte each for the operation, Content-Format and Accept, then the query, a line feed and the body.
/// What is accepted must be the same operation after it was encoded and decoded again, and a cancel's bytes those of what it cancels.
/// </summary>
public sealed class CompositeRequestTarget : FuzzTarget
{
    private static readonly int[] _formats = [-1, 320, 322, 110, 112, 11544, 11542, 0];
    private readonly OperationScope _scope = new(
        ObjectCatalog.Standard.ViewFor(LinkList.None, Lwm2mVersion.V12), Lwm2mVersion.V12, Now: DateTimeOffset.UnixEpoch.AddYears(55), MaxPaths: 20);

    public override string Name => "composite-request";

    public override IEnumerable<byte[]> Seeds =>
    [
        [0, 1, 0, .. "\n[{\"n\":\"/3/0/0\"},{\"n\":\"/1/0/1\"}]"u8], [0, 2, 5, .. "\n"u8, .. Convert.FromHexString("82a221652f332f302f006130a1006139")],
        [1, 3, 3, .. "pmin=5&epmax=9&con=1\n[{\"bn\":\"/\",\"n\":\"3\"},{\"n\":\"1\"}]"u8], [2, 4, 4, .. "\n"u8, .. Convert.FromHexString("82a100662f332f302f30a100662f312f302f31")],
        [3, 1, 0, .. "\n[{\"n\":\"/1/0/1\",\"v\":60},{\"n\":\"/16/0/0/2\",\"v\":null}]"u8],
        [3, 2, 0, .. "\n"u8, .. Convert.FromHexString("82a200662f312f302f3102183ca200692f31362f302f302f3202f6")],
        [3, 5, 0, .. "\n"u8, .. Convert.FromHexString("a283010001183c8303000d1a6553f100")],
        [4, 3, 0, .. "\n[{\"bn\":\"/3303/0/5700\",\"bt\":1700000000,\"v\":21.5},{\"v\":22,\"t\":5}]"u8],
        [4, 4, 0, .. "\n"u8, .. Convert.FromHexString("81a321612f0066332f302f31330200")],
    ];

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        "{\"n\":\""u8.ToArray(), "\"v\":null"u8.ToArray(), "\"bn\":\"/\""u8.ToArray(), "\"t\":"u8.ToArray(), "/3/0/6/1"u8.ToArray(), "pmin=1&"u8.ToArray(), "hqmax=1"u8.ToArray(),
        [0x81], [0xa1, 0x00], [0xa2], [0x21], [0x02, 0xf6], [0x63, .. "vlo"u8], [0x9f], [0xbf], [0xff],
    ];

    public override int Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 3)
        {
            return 0;
        }
        var kind = input[0] % 5;
        if (!TryDecode(kind, Message(kind, input), out var request, out var refusal))
        {
            OracleException.Require(refusal!.Code.Class == 4, $"Refused with {refusal.Code}.");
            return refusal.Code.Value + ((refusal.Payload.Length & 63) << 8);
        }
        OracleException.Require(request is not Lwm2mRequest.ReadComposite { Paths.Count: > 20 }, "More paths than the limit.");
        if (request is Lwm2mRequest.Send { Records: var sent, Format: { } told } && !ContentCodecs.Find(told)!.CanEncode(new CodecScope(default, _scope.Catalog), [.. sent]))
        {
            return 100_001;   // times before 1978, and an empty map's container
        }
        if (request is Lwm2mRequest.WriteComposite { Records: var written, Format: { } format }
            && (written.Count == 0 || !ContentCodecs.Find(format)!.CanEncode(new CodecScope(default, _scope.Catalog), [.. written])))
        {
            return 100_002;
        }
        var message = OperationCodec.Encode(request!, _scope);
        OracleException.Require(TryDecode(kind, message, out var again, out var why), $"{request} is refused when it is sent: {why?.Code}");
        OperationOracle.Compare(request!, again!);
        if (request is Lwm2mRequest.ObserveComposite o)
        {
            var cancel = OperationCodec.Encode(new Lwm2mRequest.CancelObserveComposite(o.Paths, o.Accept, o.Format, o.Attributes), _scope);
            OracleException.RequireSame(message.Payload.Span, cancel.Payload.Span, "The body of a cancel");
            OracleException.Require(cancel.Options.With(OptionNumber.Observe, 0) == message.Options, "A cancel has other options.");
        }
        return 100_003 + (kind * 100) + (input[1] % _formats.Length);
    }

    private bool TryDecode(int kind, CoapMessage message, out Lwm2mRequest? request, out CoapMessage? refusal)
    {
        if (kind == 4)
        {
            var isSend = OperationCodec.TryDecodeSend(message, _scope, out var send, out refusal);
            request = send;
            return isSend;
        }
        return OperationCodec.TryDecode(message, _scope, out request, out refusal);
    }

    private static CoapMessage Message(int kind, ReadOnlySpan<byte> input)
    {
        var (format, accept) = (_formats[input[1] % _formats.Length], _formats[input[2] % _formats.Length]);
        input = input[3..];
        var end = input.IndexOf((byte)'\n');
        var options = new CoapOptionsBuilder();
        if (kind is 1 or 2)
        {
            options.Add(OptionNumber.Observe, (uint)kind - 1);
        }
        if (kind == 4)
        {
            options.Add(OptionNumber.UriPath, "dp");
        }
        if (format >= 0)
        {
            options.Add(OptionNumber.ContentFormat, (uint)format);
        }
        var query = end < 0 ? input : input[..end];
        foreach (var part in query.Split((byte)'&'))
        {
            if (!query.IsEmpty)
            {
                options.Add(OptionNumber.UriQuery, query[part]);
            }
        }
        if (accept >= 0)
        {
            options.Add(OptionNumber.Accept, (uint)accept);
        }
        var code = kind switch { 3 => CoapCode.IPatch, 4 => CoapCode.Post, _ => CoapCode.Fetch };
        return new CoapMessage { Code = code, Options = options.Build(), Payload = end < 0 ? default : input[(end + 1)..].ToArray() };
    }
}
