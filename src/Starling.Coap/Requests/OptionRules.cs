namespace Starling.Coap;

/// <summary>Which options are understood here and how long they may be (RFC 7252 §5.4, §5.10).</summary>
internal static class OptionRules
{
    /// <summary>What a request asks of the endpoint, found in one pass over its options.</summary>
    internal struct Found
    {
        public bool Block1;
        public bool Block2;
        public bool Echo;
        public bool NoResponse;
        public bool Proxy;
        public OptionNumber? Bad;

        /// <summary>More than the handler has to look at it.</summary>
        public readonly bool NeedsCare => Block1 || Block2 || NoResponse;
    }

    /// <summary>The first option of a response that makes it unusable: one that is critical and not understood, repeated or of a wrong length (RFC 7252 §5.4.1).</summary>
    public static OptionNumber? CheckResponse(CoapOptions options)
    {
        var found = Check(options);
        return found.Bad ?? (found.Proxy ? OptionNumber.ProxyUri : null);
    }

    /// <summary>Looks through the options of a request. An option that is critical and unknown, not repeatable and repeated, or of a wrong length is bad (RFC 7252 §5.4.1–§5.4.5).</summary>
    public static Found Check(CoapOptions options)
    {
        var found = new Found();
        var last = -1;
        foreach (var option in options)
        {
            var repeated = option.Number.Value == last;
            last = option.Number.Value;
            switch (option.Number.Value)
            {
                case 11 or 15:      // Uri-Path, Uri-Query: repeatable
                    Demand(ref found, option, option.Value.Length <= 255);
                    break;
                case 252:
                    found.Echo = true;
                    break;
                case 258:
                    found.NoResponse = true;
                    break;
                case 17:            // Accept
                    Demand(ref found, option, !repeated && option.Value.Length <= 2);
                    break;
                case 23:
                    found.Block2 = true;
                    Demand(ref found, option, !repeated && IsBlock(option));
                    break;
                case 27:
                    found.Block1 = true;
                    Demand(ref found, option, !repeated && IsBlock(option));
                    break;
                case 3:             // Uri-Host
                    Demand(ref found, option, !repeated && option.Value.Length is >= 1 and <= 255);
                    break;
                case 7:             // Uri-Port
                    Demand(ref found, option, !repeated && option.Value.Length <= 2);
                    break;
                case 35 or 39:      // Proxy-Uri, Proxy-Scheme
                    found.Proxy = true;
                    break;
                default:
                    Demand(ref found, option, !option.Number.IsCritical);
                    break;
            }
        }
        return found;
    }

    private static bool IsBlock(in CoapOption option) => option.Value.Length <= 3 && (option.UInt & 7) != BlockOption.ReservedExponent;

    private static void Demand(ref Found found, in CoapOption option, bool holds)
    {
        if (!holds)
        {
            found.Bad ??= option.Number;
        }
    }
}
