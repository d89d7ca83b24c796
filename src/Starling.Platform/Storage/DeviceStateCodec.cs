using System.Buffers;
using System.Text;
using Starling.Cbor;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// What of a device's state changes rarely, as the CBOR of one row: a map whose keys are never used for anything else. A key that is missing is the
/// default, one that is not known is left aside, so that a new field needs no new tables. What changes with every Update is in columns.
/// </summary>
internal static class DeviceStateCodec
{
    private const int Id = 0;
    private const int Version = 1;
    private const int Lifetime = 2;
    private const int RegisteredAt = 3;
    private const int Binding = 4;
    private const int QueueMode = 5;
    private const int SmsNumber = 6;
    private const int Links = 7;
    private const int Observations = 8;
    private const int EndedAt = 9;
    private const int AwakeWindow = 10;
    private const int ProfileIds = 11;
    private const int Identity = 12;
    private const int PreferredFormat = 13;
    private const int RefusedFormats = 14;

    private const int Always = 8;   // keys that every state has

    /// <summary>The bytes of a state, without its key, its version, the time of its last Update and its address.</summary>
    public static byte[] Encode(DeviceState state)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        var writer = new CborWriter(bytes);
        var registration = state.Registration;
        var (hasNumber, hasEnded, hasWindow) = (registration.SmsNumber is not null, state.EndedAt is not null, state.AwakeWindow is not null);
        var (hasProfiles, isSecured) = (registration.ProfileIds.Count > 0, registration.Identity is not PeerIdentity.Anonymous);
        var (prefers, hasRefused) = (state.PreferredFormat is not null, state.RefusedFormats.Count > 0);
        writer.WriteMap(
            Always + (hasNumber ? 1 : 0) + (hasEnded ? 1 : 0) + (hasWindow ? 1 : 0) + (hasProfiles ? 1 : 0) + (isSecured ? 1 : 0) + (prefers ? 1 : 0) + (hasRefused ? 1 : 0));
        Write(ref writer, Id, registration.Id);
        Write(ref writer, Version, (registration.Version.Major << 8) | registration.Version.Minor);
        Write(ref writer, Lifetime, registration.Lifetime);
        Write(ref writer, RegisteredAt, registration.RegisteredAt.UtcTicks);
        Write(ref writer, Binding, registration.Binding);
        writer.WriteInteger(QueueMode);
        writer.WriteBoolean(registration.QueueMode);
        Write(ref writer, Links, registration.Links.Text);
        writer.WriteInteger(Observations);
        ObservationCodec.Write(ref writer, state.Observations);
        if (hasNumber)
        {
            Write(ref writer, SmsNumber, registration.SmsNumber!);
        }
        if (hasEnded)
        {
            Write(ref writer, EndedAt, state.EndedAt!.Value.UtcTicks);
        }
        if (hasWindow)
        {
            Write(ref writer, AwakeWindow, state.AwakeWindow!.Value.Ticks);
        }
        if (hasProfiles)
        {
            writer.WriteInteger(ProfileIds);
            WriteTexts(ref writer, registration.ProfileIds);
        }
        if (isSecured)
        {
            writer.WriteInteger(Identity);
            IdentityCodec.Write(ref writer, registration.Identity);
        }
        if (prefers)
        {
            Write(ref writer, PreferredFormat, state.PreferredFormat!.Value.Value);
        }
        if (hasRefused)
        {
            writer.WriteInteger(RefusedFormats);
            WriteFormats(ref writer, state.RefusedFormats);
        }
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The state of these bytes, with the parts that are in columns. False when they are damaged.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, DeviceKey key, in Contact contact, LinkListCache links, out DeviceState state)
    {
        var reader = new CborReader(bytes);
        var registration = new Registration("", key.Endpoint, default, 0, LinkList.None) { UpdatedAt = contact.UpdatedAt, Address = contact.Address };
        state = new DeviceState(key, registration, [], contact.Version);
        var isWhole = reader.TryReadMap(out var left);
        while (isWhole && reader.HasNext(ref left))
        {
            isWhole = reader.TryReadInt64(out var field) && (field is Observations or EndedAt or AwakeWindow or PreferredFormat or RefusedFormats
                ? TryReadState(ref reader, field, ref state)
                : TryReadRegistration(ref reader, field, links, ref registration));
        }
        var expires = registration.Lifetime == 0 ? default(DateTimeOffset?) : contact.UpdatedAt.AddSeconds(registration.Lifetime);
        state = state with { Registration = registration with { ExpiresAt = expires } };
        return isWhole && reader.Error == CborError.None && reader.IsAtEnd && registration.Id.Length > 0;
    }

    /// <summary>Writes an array of texts.</summary>
    public static void WriteTexts(ref CborWriter writer, IReadOnlyCollection<string> texts)
    {
        writer.WriteArray(texts.Count);
        foreach (var text in texts)
        {
            writer.WriteText(text);
        }
    }

    /// <summary>Reads an array of texts.</summary>
    public static bool TryReadTexts(ref CborReader reader, out List<string> texts)
    {
        texts = [];
        var isWhole = reader.TryReadArray(out var left);
        while (isWhole && reader.HasNext(ref left))
        {
            isWhole = TryReadText(ref reader, out var text);
            texts.Add(text);
        }
        return isWhole && reader.Error == CborError.None;
    }

    private static void Write(ref CborWriter writer, int field, string text)
    {
        writer.WriteInteger(field);
        writer.WriteText(text);
    }

    private static void Write(ref CborWriter writer, int field, long number)
    {
        writer.WriteInteger(field);
        writer.WriteInteger(number);
    }

    private static bool TryReadState(ref CborReader reader, long field, ref DeviceState state)
    {
        switch (field)
        {
            case Observations when ObservationCodec.TryRead(ref reader, out var observations):
                state = state with { Observations = observations };
                return true;
            case EndedAt or AwakeWindow when TryReadTicks(ref reader, out var ticks):
                state = field == EndedAt ? state with { EndedAt = new DateTimeOffset(ticks, TimeSpan.Zero) } : state with { AwakeWindow = TimeSpan.FromTicks(ticks) };
                return true;
            case PreferredFormat when TryReadFormat(ref reader, out var preferred):
                state = state with { PreferredFormat = preferred };
                return true;
            case RefusedFormats when TryReadFormats(ref reader, out var refused):
                state = state with { RefusedFormats = refused };
                return true;
            default:
                return false;
        }
    }

    private static void WriteFormats(ref CborWriter writer, IReadOnlyList<ContentFormat> formats)
    {
        writer.WriteArray(formats.Count);
        foreach (var format in formats)
        {
            writer.WriteInteger(format.Value);
        }
    }

    private static bool TryReadFormats(ref CborReader reader, out List<ContentFormat> formats)
    {
        formats = [];
        var isWhole = reader.TryReadArray(out var left);
        while (isWhole && reader.HasNext(ref left))
        {
            isWhole = TryReadFormat(ref reader, out var format);
            formats.Add(format);
        }
        return isWhole && reader.Error == CborError.None;
    }

    private static bool TryReadFormat(ref CborReader reader, out ContentFormat format)
    {
        var isRead = reader.TryReadInt64(out var number) && number is >= 0 and <= ushort.MaxValue;
        format = isRead ? new ContentFormat((ushort)number) : default;
        return isRead;
    }

    private static bool TryReadRegistration(ref CborReader reader, long field, LinkListCache links, ref Registration registration)
    {
        switch (field)
        {
            case Id or Binding or SmsNumber when TryReadText(ref reader, out var text):
                registration = field switch
                {
                    Id => registration with { Id = text },
                    Binding => registration with { Binding = text },
                    _ => registration with { SmsNumber = text },
                };
                return true;
            case Version when reader.TryReadInt64(out var version):
                registration = registration with { Version = new Lwm2mVersion((byte)(version >> 8), (byte)version) };
                return true;
            case Lifetime when reader.TryReadInt64(out var lifetime) && lifetime is >= 0 and <= uint.MaxValue:
                registration = registration with { Lifetime = lifetime };
                return true;
            case RegisteredAt when TryReadTicks(ref reader, out var ticks):
                registration = registration with { RegisteredAt = new DateTimeOffset(ticks, TimeSpan.Zero) };
                return true;
            case QueueMode when reader.TryReadBoolean(out var sleeps):
                registration = registration with { QueueMode = sleeps };
                return true;
            case Links when TryReadLinks(ref reader, links, out var list):
                registration = registration with { Links = list };
                return true;
            case ProfileIds when TryReadTexts(ref reader, out var ids):
                registration = registration with { ProfileIds = ids };
                return true;
            case Identity when IdentityCodec.TryRead(ref reader, out var identity):
                registration = registration with { Identity = identity };
                return true;
            case < Id or > RefusedFormats:
                return reader.TrySkip();
            default:
                return false;
        }
    }

    private static bool TryReadLinks(ref CborReader reader, LinkListCache links, out LinkList list)
    {
        list = LinkList.None;
        if (!reader.TryReadText(out var text) || (!text.IsEmpty && !links.TryParse(text, out list!)))
        {
            return false;
        }
        return true;
    }

    private static bool TryReadText(ref CborReader reader, out string text)
    {
        var isText = reader.TryReadText(out var utf8);
        text = Encoding.UTF8.GetString(utf8);
        return isText;
    }

    private static bool TryReadTicks(ref CborReader reader, out long ticks) =>
        reader.TryReadInt64(out ticks) && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks;
}
