using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>What to do when a device refuses a format that the operation had left open: once more in another, and remember (decision 0073).</summary>
public static class FormatRefusal
{
    /// <summary>
    /// The request that may be sent in the stead of one that was answered with 4.06 or 4.15: without Accept, or with its body in the next format.
    /// </summary>
    /// <param name="request">The operation.</param>
    /// <param name="sent">The request as it was sent.</param>
    /// <param name="code">The answer's code.</param>
    /// <param name="scope">The device as it was known when the request was encoded.</param>
    /// <param name="learned">The formats of the device as they are known now.</param>
    /// <returns>Null when the answer refuses no format, there is no other, or the caller had asked for this one alone.</returns>
    public static CoapMessage? Retry(Lwm2mRequest request, CoapMessage sent, CoapCode code, in OperationScope scope, out PeerFormats learned)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(sent);
        learned = scope.Formats;
        if (code == CoapCode.NotAcceptable)
        {
            // What the device prefers is decoded too, whatever it is. A GET without Accept is no Discover any more.
            return sent.Options.Has(OptionNumber.Accept) && request is not Lwm2mRequest.Discover
                ? sent.With(sent.Options.Without(OptionNumber.Accept), sent.Payload)
                : null;
        }
        if (code != CoapCode.UnsupportedContentFormat || sent.Options.ContentFormat is not { } refused)
        {
            return null;
        }
        learned = scope.Formats.Refusing(refused);
        var other = scope with { Formats = learned };
        if (Another(request, other) is not { } again)
        {
            return null;
        }
        var message = RequestEncoder.Encode(again, other);
        return message.Options.ContentFormat == refused ? null : new CoapMessage { Code = message.Code, Token = sent.Token, Options = message.Options, Payload = message.Payload };
    }

    /// <summary>The formats of a device that was left the choice after it had refused what it was asked for, and answered so.</summary>
    public static PeerFormats Learn(CoapMessage answer, PeerFormats formats)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(formats);
        return answer.Code.IsSuccess && answer.Options.ContentFormat is { } told && OperationFormat.Find(told) is { IsSingleValue: false } codec
            ? formats.Preferring(codec.Format)
            : formats;
    }

    /// <summary>The request as it is told in the next format; null where that cannot say it, or was asked for.</summary>
    private static Lwm2mRequest? Another(Lwm2mRequest request, in OperationScope scope)
    {
        switch (request)
        {
            case Lwm2mRequest.Write { Format: null } r:
                var many = FormatChoice.ForMany(scope);
                return CanSay(OperationFormat.Find(many), r.Path, r.Records, scope) ? r with { Format = many } : null;
            case Lwm2mRequest.WriteComposite { Format: null } r:
                var patch = FormatChoice.ForPatch(r.Records.Any(x => x.Value.Kind == ValueKind.Null), scope);
                return CanSay(OperationFormat.FindPatch(patch), Lwm2mPath.Root, r.Records, scope) ? r with { Format = patch } : null;
            case Lwm2mRequest.Create { Format: null } r:
                return r.Records.Any(x => x.Time is not null) ? null : r;   // TLV says everything but times
            case Lwm2mRequest.ReadComposite { Format: null } or Lwm2mRequest.ObserveComposite { Format: null } or Lwm2mRequest.CancelObserveComposite { Format: null }:
                return request;
            default:
                return null;
        }
    }

    private static bool CanSay(ContentCodec? codec, Lwm2mPath path, IReadOnlyList<Lwm2mRecord> records, in OperationScope scope) =>
        codec is not null && codec.CanEncode(new CodecScope(path, scope.Catalog, scope.Root, scope.Now), RequestEncoder.AsSpan(records));
}
