using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Fuzz.Targets;

/// <summary>Answers of a device: a byte each for code, path and Content-Format, then the payload. It is decoded, or its bytes are kept and a reason given.</summary>
public sealed class OperationResponseTarget : FuzzTarget
{
    private static readonly Lwm2mRequest[] _requests =
    [
        new Lwm2mRequest.Read(new(3, 0)), new Lwm2mRequest.Read(new(3, 0, 9)), new Lwm2mRequest.Read(new(3)), new Lwm2mRequest.Read(new(3, 0, 6)),
        new Lwm2mRequest.Observe(new(3303, 0, 5700)), new Lwm2mRequest.CancelObserve(new(3336, 0)), new Lwm2mRequest.Discover(new(3)),
        new Lwm2mRequest.Read(new(9999, 0, 1)), new Lwm2mRequest.Write(new(3, 0, 15), []), new Lwm2mRequest.Create(new(3303), null, []),
        new Lwm2mRequest.ReadComposite([new(3), new(1)]), new Lwm2mRequest.ObserveComposite([Lwm2mPath.Root], ContentFormat.Lwm2mCbor), new Lwm2mRequest.WriteComposite([]),
    ];
    private static readonly ushort[] _formats = [0, 42, 60, 110, 112, 11542, 40, 1541, 1542, 11543, 50, 11544, 320];
    private readonly OperationScope _scope =
        new(ObjectCatalog.Standard.ViewFor(LinkList.None, Lwm2mVersion.V12), Lwm2mVersion.V12, Now: DateTimeOffset.UnixEpoch.AddYears(55));

    public override string Name => "operation-response";

    public override IEnumerable<byte[]> Seeds =>
    [
        [0x45, 1, 0, .. "100"u8], [0x45, 1, 5, 0xc1, 0x09, 0x64], [0x45, 0, 4, .. Convert.FromHexString("82A321652F332F302F00613003636162636100613902186420")[..18]],
        [0x45, 0, 3, .. "[{\"bn\":\"/3/0/\",\"n\":\"9\",\"v\":100}]"u8], [0x45, 6, 6, .. "</3>;ver=1.1,</3/0>;pmin=1"u8], [0x84, 0, 13, .. "no such"u8],
        [0x45, 0, 9, .. "{\"bn\":\"/3/0/\",\"e\":[{\"n\":\"9\",\"v\":100}]}"u8], [0x45, 10, 3, .. "[{\"bn\":\"/\",\"n\":\"3/0/9\",\"v\":100}]"u8], [0x45, 11, 11, 0xa1, 0x83, 3, 0, 9, 0x18, 100],
        [0x45, 3, 5, .. Convert.FromHexString("8606410001410105")],
    ];

    public override int Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 3)
        {
            return 0;
        }
        var options = new CoapOptionsBuilder();
        if (input[2] % (_formats.Length + 1) is var format && format < _formats.Length)
        {
            options.Add(OptionNumber.ContentFormat, _formats[format]);
        }
        var request = _requests[input[1] % _requests.Length];
        var message = new CoapMessage { Code = new CoapCode(input[0]), Options = options.Build(), Payload = input[3..].ToArray() };
        var response = OperationCodec.DecodeResponse(request, message, _scope);
        OracleException.Require(response.Code == message.Code, "Another code.");
        OracleException.RequireSame(message.Payload.Span, response.Raw.Span, "Raw");
        OracleException.Require(response.Diagnostic.Length == 0 || response.Records.Count == 0, "Records and a reason why there are none.");
        var again = OperationCodec.EncodeResponse(request, response, _scope);
        OracleException.Require(again.Code == response.Code || again.Code == CoapCode.NotAcceptable || again.Code == CoapCode.Created, $"{response.Code} became {again.Code}.");
        return (input[1] % _requests.Length) + (response.Code.Class << 4) + (Math.Min(response.Records.Count, 9) << 8) + ((response.Diagnostic.Length & 15) << 12);
    }
}
