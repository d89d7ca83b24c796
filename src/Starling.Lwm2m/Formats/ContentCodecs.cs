using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>The content formats that Starling speaks.</summary>
public static class ContentCodecs
{
    private static readonly ContentCodec[] _all =
    [
        new TextCodec(),
        new OpaqueCodec(),
        new CborCodec(),
        new SenmlJsonCodec(isEtch: false),
        new SenmlCborCodec(isEtch: false),
        new SenmlJsonCodec(isEtch: true),
        new SenmlCborCodec(isEtch: true),
        new TlvCodec(),
        new Lwm2mJsonCodec(),
        new Lwm2mCborCodec(),
    ];

    /// <summary>Every codec.</summary>
    public static IReadOnlyList<ContentCodec> All => _all;

    /// <summary>The codec of a format; null when there is none.</summary>
    public static ContentCodec? Find(ContentFormat format)
    {
        foreach (var codec in _all)
        {
            if (codec.Format == format)
            {
                return codec;
            }
        }
        return null;
    }
}
