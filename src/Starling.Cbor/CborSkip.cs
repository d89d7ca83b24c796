namespace Starling.Cbor;

/// <summary>Reads over whole items, however they nest, with a list of open arrays and maps instead of recursion.</summary>
internal static class CborSkip
{
    public static bool TrySkip(ref CborReader reader)
    {
        Span<int> remaining = stackalloc int[CborReader.MaxDepth + 2];   // one for what is about to be refused as too deep
        var (level, maps, owed) = (0, 0UL, 0UL);   // a bit a level: it is a map; its key was read, so a value must come
        do
        {
            if (!TrySkipTags(ref reader) || !TrySkipOrEnter(ref reader, remaining, ref level, ref maps))
            {
                return false;
            }
            while (level > 0)
            {
                var bit = 1UL << (level - 1);
                if ((owed & bit) == 0 && !reader.HasNext(ref remaining[level]))
                {
                    level--;
                    maps &= ~bit;
                    continue;
                }
                owed ^= maps & bit;
                break;
            }
        }
        while (level > 0 && reader.Error == CborError.None);
        return reader.Error == CborError.None;
    }

    private static bool TrySkipTags(ref CborReader reader)
    {
        while (reader.Peek() == CborKind.Tag)
        {
            if (!reader.TryReadTag(out _))
            {
                return false;
            }
        }
        return true;
    }

    private static bool TrySkipOrEnter(ref CborReader reader, scoped Span<int> remaining, ref int level, ref ulong maps)
    {
        switch (reader.Peek())
        {
            case CborKind.Array:
                return reader.TryReadArray(out remaining[++level]);
            case CborKind.Map:
                maps |= 1UL << level;
                return reader.TryReadMap(out remaining[++level]);
            case CborKind.Unsigned or CborKind.Negative:
                return reader.TryReadInteger(out _);
            case CborKind.Float:
                return reader.TryReadDouble(out _);
            case CborKind.Text:
                return reader.TryReadText(out _);
            case CborKind.Bytes:
                return reader.TryReadBytes(out _);
            default:
                return reader.TryReadSimple(out _);
        }
    }
}
