using System.Text;
using Starling.Cbor;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Observations as CBOR: an array of maps, under the same rules as <see cref="DeviceStateCodec"/>.</summary>
internal static class ObservationCodec
{
    private const int Token = 0;
    private const int Paths = 1;
    private const int Accept = 2;
    private const int IsComposite = 3;
    private const int Format = 4;
    private const int Attributes = 5;
    private const int Written = 6;

    public static void Write(ref CborWriter writer, IReadOnlyList<StoredObservation> observations)
    {
        writer.WriteArray(observations.Count);
        foreach (var observation in observations)
        {
            Write(ref writer, observation);
        }
    }

    public static bool TryRead(ref CborReader reader, out IReadOnlyList<StoredObservation> observations)
    {
        var read = new List<StoredObservation>();
        observations = read;
        var isWhole = reader.TryReadArray(out var left);
        while (isWhole && reader.HasNext(ref left))
        {
            isWhole = TryRead(ref reader, out StoredObservation observation);
            read.Add(observation);
        }
        return isWhole && reader.Error == CborError.None;
    }

    private static void Write(ref CborWriter writer, StoredObservation observation)
    {
        var (accept, format) = (observation.Accept, observation.Format);
        var (attributes, written) = (observation.Attributes, observation.Written);
        writer.WriteMap(3 + (accept is null ? 0 : 1) + (format is null ? 0 : 1) + (attributes is null ? 0 : 1) + (written is null ? 0 : 1));
        writer.WriteInteger(Token);
        writer.WriteUnsigned(observation.Token.Bits);
        writer.WriteInteger(Paths);
        DeviceStateCodec.WriteTexts(ref writer, [.. observation.Paths.Select(p => p.ToString())]);
        writer.WriteInteger(IsComposite);
        writer.WriteBoolean(observation.IsComposite);
        Write(ref writer, Accept, accept);
        Write(ref writer, Format, format);
        Write(ref writer, Attributes, attributes);
        Write(ref writer, Written, written);
    }

    private static void Write(ref CborWriter writer, int field, ContentFormat? format)
    {
        if (format is { } known)
        {
            writer.WriteInteger(field);
            writer.WriteInteger(known.Value);
        }
    }

    private static void Write(ref CborWriter writer, int field, NotificationAttributes? attributes)
    {
        if (attributes is not null)
        {
            var options = new CoapOptionsBuilder();
            AttributeQuery.Add(ref options, attributes);
            writer.WriteInteger(field);
            writer.WriteText(string.Join('&', options.Build().GetStrings(OptionNumber.UriQuery)));
        }
    }

    private static bool TryRead(ref CborReader reader, out StoredObservation observation)
    {
        observation = new StoredObservation(default, [], null);
        var isWhole = reader.TryReadMap(out var left);
        while (isWhole && reader.HasNext(ref left))
        {
            isWhole = reader.TryReadInt64(out var field) && TryRead(ref reader, field, ref observation);
        }
        return isWhole && observation.Paths.Count > 0 && observation.Token.Length > 0;
    }

    private static bool TryRead(ref CborReader reader, long field, ref StoredObservation observation)
    {
        switch (field)
        {
            case Token when reader.TryReadUInt64(out var bits):
                observation = observation with { Token = new CoapToken(bits, CoapToken.MaxLength) };
                return true;
            case Paths when TryReadPaths(ref reader, out var paths):
                observation = observation with { Paths = paths };
                return true;
            case IsComposite when reader.TryReadBoolean(out var isComposite):
                observation = observation with { IsComposite = isComposite };
                return true;
            case Accept or Format when reader.TryReadInt64(out var number) && number is >= 0 and <= ushort.MaxValue:
                var format = new ContentFormat((ushort)number);
                observation = field == Accept ? observation with { Accept = format } : observation with { Format = format };
                return true;
            case Attributes or Written when TryReadAttributes(ref reader, out var attributes):
                observation = field == Attributes ? observation with { Attributes = attributes } : observation with { Written = attributes };
                return true;
            case < Token or > Written:
                return reader.TrySkip();
            default:
                return false;
        }
    }

    private static bool TryReadPaths(ref CborReader reader, out List<Lwm2mPath> paths)
    {
        paths = [];
        if (!DeviceStateCodec.TryReadTexts(ref reader, out var texts))
        {
            return false;
        }
        foreach (var text in texts)
        {
            if (!Lwm2mPath.TryParse(text, null, out var path))
            {
                return false;
            }
            paths.Add(path);
        }
        return true;
    }

    private static bool TryReadAttributes(ref CborReader reader, out NotificationAttributes? attributes)
    {
        attributes = NotificationAttributes.None;
        return reader.TryReadText(out var text) && (text.IsEmpty || AttributeQuery.TryParse(Encoding.UTF8.GetString(text), out attributes, out _));
    }
}
