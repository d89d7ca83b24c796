using System.Buffers;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Send (LwM2M Core 1.2 §6.4.6): POST to <c>/dp</c>, which no alternate path precedes.</summary>
internal static class SendCodec
{
    public static CoapMessage Encode(Lwm2mRequest.Send request, in OperationScope scope)
    {
        var format = request.Format ?? FormatChoice.ForNews(request.Records, isObserved: false, scope);
        var codec = OperationFormat.FindNamed(format) ?? throw new ArgumentException($"Send cannot be told as {format}.", nameof(request));
        var output = new ArrayBufferWriter<byte>();
        codec.Encode(Scope(scope), RequestEncoder.AsSpan(request.Records), output);
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.UriPath, "dp");
        options.Add(OptionNumber.ContentFormat, format.Value);
        return new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = output.WrittenMemory };
    }

    public static RequestDecoder.Decoded Decode(CoapMessage message, in OperationScope scope)
    {
        if (RequestDecoder.UnknownOption(message) is { } refusal)
        {
            return refusal;
        }
        if (message.Code != CoapCode.Post)
        {
            return RequestDecoder.Refuse(CoapCode.MethodNotAllowed, "Send is a POST");
        }
        var failed = RequestPayload.ReadNamed(message, scope, out var records, out var format);
        return failed.Refusal is not null ? failed : new Lwm2mRequest.Send(records, format);
    }

    private static CodecScope Scope(in OperationScope scope) => new(Lwm2mPath.Root, scope.Catalog, scope.Root, scope.Now);
}
