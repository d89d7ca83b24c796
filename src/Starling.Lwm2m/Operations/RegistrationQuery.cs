using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>
/// The query parameters of Register and Update (LwM2M Core 1.2 §6.2.1 table), read straight from the option's bytes.
/// Parameters that are not known are left aside; one that stands twice, or has a value that it cannot have, is an error that names it.
/// </summary>
internal ref struct RegistrationQuery
{
    /// <summary>The longest endpoint client name, in bytes of UTF-8: what one option can hold (RFC 7252 §5.10).</summary>
    public const int MaxEndpoint = 255;

    private const int MaxBinding = 16;

    private static readonly SearchValues<byte> _bindingLetters = SearchValues.Create("UTSNMHQ"u8);
    private Parameters _seen;

    /// <summary>The endpoint client name; null when it was not told.</summary>
    public string? Endpoint { get; private set; }

    /// <summary>The lifetime in seconds; null when it was not told. What is beyond 32 bits (136 years) counts as 4 294 967 295.</summary>
    public long? Lifetime { get; private set; }

    /// <summary>The enabler's version; null when it was not told.</summary>
    public Lwm2mVersion? Version { get; private set; }

    /// <summary>The letters of the binding without the Q that 1.0 wrote among them; null when none was told.</summary>
    public string? Binding { get; private set; }

    /// <summary>True when Q was told, alone or in the binding; null when not.</summary>
    public bool? QueueMode { get; private set; }

    /// <summary>The MSISDN or external identifier; null when none was told.</summary>
    public string? SmsNumber { get; private set; }

    /// <summary>Profile ids, each once; null when none was told.</summary>
    public IReadOnlyList<string>? ProfileIds { get; private set; }

    /// <summary>Reads every Uri-Query option. On failure <paramref name="error"/> names the parameter.</summary>
    public bool TryRead(CoapOptions options, out string error)
    {
        foreach (var option in options)
        {
            if (option.Number != OptionNumber.UriQuery)
            {
                continue;
            }
            var equals = option.Value.IndexOf((byte)'=');
            var name = equals < 0 ? option.Value : option.Value[..equals];
            var parameter = Name(name);
            if (parameter == Parameters.None)
            {
                continue;
            }
            if ((_seen & parameter) != 0 || !TrySet(parameter, equals < 0 ? default : option.Value[(equals + 1)..]))
            {
                error = $"'{Encoding.ASCII.GetString(name)}' is {((_seen & parameter) != 0 ? "told twice" : "not valid")}";
                return false;
            }
            _seen |= parameter;
        }
        error = "";
        return true;
    }

    private static Parameters Name(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 when name[0] == 'b' => Parameters.Binding,
        1 when name[0] == 'Q' => Parameters.QueueMode,
        2 when name.SequenceEqual("ep"u8) => Parameters.Endpoint,
        2 when name.SequenceEqual("lt"u8) => Parameters.Lifetime,
        3 when name.SequenceEqual("sms"u8) => Parameters.SmsNumber,
        3 when name.SequenceEqual("pid"u8) => Parameters.ProfileIds,
        5 when name.SequenceEqual("lwm2m"u8) => Parameters.Version,
        _ => Parameters.None,
    };

    private bool TrySet(Parameters parameter, ReadOnlySpan<byte> value)
    {
        switch (parameter)
        {
            case Parameters.Endpoint:
                Endpoint = TryReadText(value, out var endpoint) ? endpoint : null;
                return Endpoint is not null;
            case Parameters.Lifetime:
                return TrySetLifetime(value);
            case Parameters.Version:
                return TrySetVersion(value);
            case Parameters.Binding:
                return TrySetBinding(value);
            case Parameters.SmsNumber when value.IsEmpty:
                return true;
            case Parameters.SmsNumber:
                SmsNumber = TryReadText(value, out var number) ? number : null;
                return SmsNumber is not null;
            case Parameters.ProfileIds:
                var isList = Starling.Lwm2m.ProfileIds.TryParse(value, out var ids);
                ProfileIds = ids;
                return isList;
            default:
                QueueMode = true;
                return true;
        }
    }

    /// <summary>1 to 255 bytes of UTF-8 without control characters. It ends in logs, stores and pages.</summary>
    private static bool TryReadText(ReadOnlySpan<byte> value, out string text)
    {
        text = "";
        if (value.Length is 0 or > MaxEndpoint || !Utf8.IsValid(value))
        {
            return false;
        }
        text = Encoding.UTF8.GetString(value);
        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }
        return true;
    }

    private bool TrySetLifetime(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > 20 || value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return false;
        }
        Lifetime = Utf8Parser.TryParse(value, out uint seconds, out _) ? seconds : uint.MaxValue;
        return true;
    }

    private bool TrySetVersion(ReadOnlySpan<byte> value)
    {
        Span<char> text = stackalloc char[16];
        if (value.Length > text.Length || !Lwm2mVersion.TryParse(text[..Encoding.ASCII.GetChars(value, text)], out var version))
        {
            return false;
        }
        Version = version;
        return true;
    }

    private bool TrySetBinding(ReadOnlySpan<byte> value)
    {
        if (value.Length > MaxBinding || value.ContainsAnyExcept(_bindingLetters))
        {
            return false;
        }
        Span<char> letters = stackalloc char[MaxBinding];
        var count = 0;
        foreach (var letter in value)
        {
            if (letter == 'Q')
            {
                QueueMode = true;   // 1.0: UQ, SQ, UQS
            }
            else
            {
                letters[count++] = (char)letter;
            }
        }
        Binding = count switch
        {
            0 => null,
            1 when letters[0] == 'U' => "U",
            _ => letters[..count].ToString(),
        };
        return true;
    }

    [Flags]
    private enum Parameters : byte
    {
        None = 0,
        Endpoint = 1,
        Lifetime = 2,
        Version = 4,
        Binding = 8,
        QueueMode = 16,
        SmsNumber = 32,
        ProfileIds = 64,
    }
}
