namespace Starling.Dtls;

/// <summary>
/// The extensions of a hello (RFC 5246 §7.4.1.4): a block that is absent or fills the rest of the message, in which none that we know comes twice.
/// </summary>
internal readonly ref struct HelloExtensions
{
    private readonly ReadOnlySpan<byte> _block;

    private HelloExtensions(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>Reads what follows a hello's fixed part.</summary>
    public static bool TryRead(ReadOnlySpan<byte> rest, out HelloExtensions extensions)
    {
        extensions = default;
        if (rest.IsEmpty)
        {
            return true;
        }
        var reader = new TlsReader(rest);
        if (!reader.TryReadVector16(out var block) || !reader.IsAtEnd)
        {
            return false;
        }
        extensions = new HelloExtensions(block);
        var seen = 0UL;
        for (var each = new TlsReader(block); !each.IsAtEnd;)
        {
            if (!each.TryReadUInt16(out var type) || !each.TryReadVector16(out _))
            {
                return false;
            }
            var bit = BitOf(type);
            if ((seen & bit) != 0)
            {
                return false;
            }
            seen |= bit;
        }
        return true;
    }

    /// <summary>The body of one extension.</summary>
    public bool TryFind(ExtensionType wanted, out ReadOnlySpan<byte> body)
    {
        for (var each = new TlsReader(_block); each.TryReadUInt16(out var type) && each.TryReadVector16(out body);)
        {
            if (type == (ushort)wanted)
            {
                return true;
            }
        }
        body = default;
        return false;
    }

    /// <summary>Whether an extension is there.</summary>
    public bool Has(ExtensionType wanted) => TryFind(wanted, out _);

    /// <summary>Whether an extension that has no content is there as it should be.</summary>
    public bool HasEmpty(ExtensionType wanted) => TryFind(wanted, out var body) && body.IsEmpty;

    /// <summary>Whether all that are here are in a set: a server answers only what was asked (RFC 5246 §7.4.1.4).</summary>
    public bool AreWithin(ReadOnlySpan<ExtensionType> offered)
    {
        for (var each = new TlsReader(_block); each.TryReadUInt16(out var type) && each.TryReadVector16(out _);)
        {
            if (!offered.Contains((ExtensionType)type))
            {
                return false;
            }
        }
        return true;
    }

    // Those that we do not know share no bit: what they mean twice is not ours to say.
    private static ulong BitOf(ushort type) => type < 63 ? 1UL << type : type == (ushort)ExtensionType.RenegotiationInfo ? 1UL << 63 : 0;
}
